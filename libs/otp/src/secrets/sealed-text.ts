import { randomBytes } from './random-bytes.js';
import { NONCE_BYTES, open, seal } from './sealing.js';
import type { SecretRing } from './secret-ring.js';

/** A text that a store keeps for this application, sealed by the first secret to the key under which it is kept. */
export function sealText(ring: SecretRing, text: string, key: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const sealed = seal(ring.first.key('answer'), Buffer.from(text), { nonce, context: Buffer.from(key) });
  return Buffer.concat([nonce, sealed]).toString('base64');
}

/** `undefined` when no secret of the ring sealed it to this key. */
export function openText(ring: SecretRing, sealed: string, key: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64');
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const context = Buffer.from(key);
  for (const secret of ring.all) {
    const plaintext = open(secret.key('answer'), bytes.subarray(NONCE_BYTES), { nonce, context });
    if (plaintext !== undefined) {
      return plaintext.toString();
    }
  }
  return undefined;
}
