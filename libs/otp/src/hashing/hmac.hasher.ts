import { createHmac, timingSafeEqual } from 'node:crypto';
import { randomBytes } from '../secrets/random-bytes.js';
import { type CodeHasher, DIGEST_BYTES, SALT_BYTES } from './code-hasher.js';

/**
 * Keyed HMAC-SHA-256, for services that send thousands of codes a second. Strength rests on the secrets alone: with them
 * *and* the store in hand, a code of six digits is found in about a second, where argon2id takes hours of a core. Without
 * the secrets neither can be attacked.
 */
export function hmacSha256(): CodeHasher {
  const digest = (input: Buffer, salt: Buffer) => createHmac('sha256', salt).update(input).digest();
  return {
    name: 'hmac-sha256',
    occupiesThread: false,
    prepare: () => Promise.resolve(),
    hash(input) {
      const salt = randomBytes(SALT_BYTES);
      return Promise.resolve(Buffer.concat([salt, digest(input, salt)]));
    },
    verify(input, stored) {
      const expected = stored.subarray(SALT_BYTES);
      const actual = digest(input, stored.subarray(0, SALT_BYTES));
      return Promise.resolve(expected.length === DIGEST_BYTES && timingSafeEqual(actual, expected));
    },
  };
}
