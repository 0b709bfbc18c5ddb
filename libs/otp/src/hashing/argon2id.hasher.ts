import { timingSafeEqual } from 'node:crypto';
import { randomBytes } from '../secrets/random-bytes.js';
import { type Argon2Costs, type Argon2Digest, type Argon2EngineName, loadArgon2Engine } from './argon2-engines.js';
import { type CodeHasher, DIGEST_BYTES, SALT_BYTES } from './code-hasher.js';

export interface Argon2idOptions {
  /** @default 'argon2' */
  readonly engine?: Argon2EngineName;
  /** Memory in KiB. @default 19456, the least that OWASP's Password Storage Cheat Sheet allows with two passes */
  readonly memoryKiB?: number;
  /** @default 2 */
  readonly passes?: number;
  /** Lanes. @default 1 */
  readonly parallelism?: number;
}

const LEAST: Argon2Costs = { memoryKiB: 19_456, passes: 2, parallelism: 1 };

/**
 * Keyed argon2id (RFC 9106): the default hasher. The key is in the input, so every engine gives the same digest.
 *
 * @throws RangeError when the engine is none, or a cost is below the default, naming it.
 */
export function argon2id(options: Argon2idOptions = {}): CodeHasher {
  if (typeof options !== 'object' || options === null) {
    throw new RangeError('hashing: argon2id() takes one object of options, or none');
  }
  const engine = options.engine ?? 'argon2';
  if (!Object.hasOwn(loadArgon2Engine, engine)) {
    throw new RangeError(`hashing.engine: choose one of ${Object.keys(loadArgon2Engine).join(', ')}`);
  }
  const costs = readCosts(options);
  let digest: Argon2Digest = () => Promise.reject(new Error('argon2id was used before it was prepared'));

  return {
    name: `argon2id (${engine}, m=${costs.memoryKiB} t=${costs.passes} p=${costs.parallelism})`,
    occupiesThread: true,
    async prepare() {
      digest = await loadArgon2Engine[engine]();
    },
    async hash(input) {
      const salt = randomBytes(SALT_BYTES);
      return Buffer.concat([salt, await digest({ input, salt, ...costs })]);
    },
    async verify(input, stored) {
      const expected = stored.subarray(SALT_BYTES);
      const actual = await digest({ input, salt: stored.subarray(0, SALT_BYTES), ...costs });
      return expected.length === DIGEST_BYTES && timingSafeEqual(actual, expected);
    },
  };
}

function readCosts(options: Argon2idOptions): Argon2Costs {
  const costs = {
    memoryKiB: options.memoryKiB ?? LEAST.memoryKiB,
    passes: options.passes ?? LEAST.passes,
    parallelism: options.parallelism ?? LEAST.parallelism,
  };
  for (const name of ['memoryKiB', 'passes', 'parallelism'] as const) {
    if (!Number.isSafeInteger(costs[name]) || costs[name] < LEAST[name]) {
      throw new RangeError(
        `hashing.${name}: ${String(costs[name])} is not a whole number of at least ${LEAST[name]}; leave it out for the default`,
      );
    }
  }
  return costs;
}
