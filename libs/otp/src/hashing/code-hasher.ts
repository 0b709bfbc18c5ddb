export const SALT_BYTES = 16;
export const DIGEST_BYTES = 32;

/**
 * Turns a code's keyed input (see `code-input.ts`) into what the store keeps. The key is already in the input, so a
 * hasher needs none of its own.
 */
export interface CodeHasher {
  /** Shown in logs and health, with what matters for strength, e.g. `argon2id (argon2, m=19456 t=2 p=1)`. */
  readonly name: string;
  /** Whether a hash occupies a thread of libuv's pool for long; such hashers wait for a seat. */
  readonly occupiesThread: boolean;
  /** Loads what the hasher needs. Called once, at boot; throws with a mend when it cannot work. */
  prepare(): Promise<void>;
  /** A fresh 128-bit salt followed by the 256-bit digest. */
  hash(input: Buffer): Promise<Buffer>;
  /** Compares in constant time (OWASP ASVS 5.0 11.2.4). */
  verify(input: Buffer, stored: Buffer): Promise<boolean>;
}
