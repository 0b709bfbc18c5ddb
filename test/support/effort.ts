/**
 * How much a suite tries. The same tests run in `npm test`, where all of them together have minutes, and in the commands
 * that have one suite for themselves, which set `OTP_EFFORT=long`.
 */
export function effort<T>(short: T, long: T): T {
  return process.env['OTP_EFFORT'] === 'long' ? long : short;
}
