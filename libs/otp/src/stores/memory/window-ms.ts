/** Windows and waits are told in seconds and reckoned in whole milliseconds. */
export function windowMs(seconds: number): number {
  return Math.round(seconds * 1000);
}
