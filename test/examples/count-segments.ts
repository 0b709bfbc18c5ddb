import { countSegments } from 'nestjs-sms-otp';

// #region example
/** For a text of your own: how many segments an SMS of it takes, and why. */
export function describeLength(text: string): string {
  const { encoding, units, segments } = countSegments(text);
  return `${segments} × SMS (${units} of ${encoding})`;
}
// #endregion example
