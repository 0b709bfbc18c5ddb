import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Compares in constant time, whatever the lengths (ASVS 5.0 11.2.4). */
export function equalSecrets(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text, 'utf8').digest();
  return timingSafeEqual(digest(left), digest(right));
}

export interface HmacOptions {
  readonly algorithm: 'md5' | 'sha1' | 'sha256' | 'sha512';
  readonly encoding: 'hex' | 'base64';
}

export function hmacOf(secret: string, signed: string | Buffer, { algorithm, encoding }: HmacOptions): string {
  return createHmac(algorithm, secret).update(signed).digest(encoding);
}

/** Whether a signature is that of one of the secrets; all are tried, for they are rotated. */
export function isSignedByOne(
  secrets: readonly string[],
  signature: string,
  sign: (secret: string) => string,
): boolean {
  return secrets.map((secret) => equalSecrets(sign(secret), signature)).includes(true);
}

/** Seconds by which the clocks of provider and application may differ, and a call may be late. */
export const RECEIPT_TOLERANCE_SECONDS = 300;

/** Whether a time in Unix seconds is neither long ago nor in the future. */
export function isFresh(seconds: number, nowMs: number, toleranceSeconds = RECEIPT_TOLERANCE_SECONDS): boolean {
  return Math.abs(nowMs / 1000 - seconds) <= toleranceSeconds;
}
