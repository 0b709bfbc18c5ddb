import { createPrivateKey, type KeyObject } from 'node:crypto';

const MIN_BITS = 2048;

/** An RSA key of at least 2048 bits, in PEM; `undefined` for anything else. */
export function readRsaKey(pem: string): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem);
    const bits = key.asymmetricKeyType === 'rsa' ? (key.asymmetricKeyDetails?.modulusLength ?? 0) : 0;
    return bits >= MIN_BITS ? key : undefined;
  } catch {
    return undefined;
  }
}
