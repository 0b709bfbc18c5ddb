import { randomBytes } from 'node:crypto';
import { argon2id as argon2idType, hash } from 'argon2';
import { argon2id, type Argon2EngineName, type CodeHasher } from 'nestjs-sms-otp';
import { hashRaw } from '@node-rs/argon2';

export type Engine = Extract<Argon2EngineName, 'argon2' | '@node-rs/argon2'>;
export const ENGINES: readonly Engine[] = ['argon2', '@node-rs/argon2'];

const [MEMORY_KIB, PASSES, LANES, DIGEST_BYTES] = [19_456, 2, 1, 32];

/** One hash as an engine alone makes it: the library's default parameters, a fresh salt, 32 raw bytes. */
export const RAW_HASH: Readonly<Record<Engine, () => Promise<unknown>>> = {
  argon2: () =>
    hash(randomBytes(32), {
      type: argon2idType,
      raw: true,
      salt: randomBytes(16),
      memoryCost: MEMORY_KIB,
      timeCost: PASSES,
      parallelism: LANES,
      hashLength: DIGEST_BYTES,
    }),
  '@node-rs/argon2': () =>
    hashRaw(randomBytes(32), {
      // argon2id, by its number: const enums cannot be read from isolated modules.
      algorithm: 2,
      salt: randomBytes(16),
      memoryCost: MEMORY_KIB,
      timeCost: PASSES,
      parallelism: LANES,
      outputLen: DIGEST_BYTES,
    }),
};

/** Compares as the default hasher does, but makes challenges for nothing: for what is measured after issuing. */
export function cheaplyIssued(): CodeHasher {
  return { ...argon2id(), hash: () => Promise.resolve(randomBytes(48)) };
}
