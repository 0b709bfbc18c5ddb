import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;

export interface SealContext {
  /** 12 bytes that are never used twice with the same key. */
  readonly nonce: Buffer;
  /** What the sealed bytes belong to; opening with another context fails. */
  readonly context: Buffer;
}

/** AES-256-GCM (NIST SP 800-38D): ciphertext followed by the 128-bit tag. */
export function seal(key: KeyObject, plaintext: Buffer, { nonce, context }: SealContext): Buffer {
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(context);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** The plaintext, or `undefined` when key, nonce, context or a single bit is not what it was. */
export function open(key: KeyObject, sealed: Buffer, { nonce, context }: SealContext): Buffer | undefined {
  if (sealed.length < TAG_BYTES) {
    return undefined;
  }
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(context);
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const plaintext = decipher.update(sealed.subarray(0, -TAG_BYTES));
  try {
    return Buffer.concat([plaintext, decipher.final()]);
  } catch {
    return undefined;
  }
}
