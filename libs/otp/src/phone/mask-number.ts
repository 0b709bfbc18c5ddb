const SHOWN_DIGITS = 2;

/**
 * Country code and last two digits, one `*` for each hidden digit: enough to recognise one's own number, and no more.
 *
 * @example maskNumber('+31612345678', '31') // '+31*******78'
 */
export function maskNumber(e164: string, callingCode: string): string {
  const prefix = `+${callingCode}`;
  const hidden = Math.max(0, e164.length - prefix.length - SHOWN_DIGITS);
  return prefix + '*'.repeat(hidden) + e164.slice(-SHOWN_DIGITS);
}
