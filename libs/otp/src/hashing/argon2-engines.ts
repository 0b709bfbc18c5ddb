import * as nodeCrypto from 'node:crypto';
import { promisify } from 'node:util';
import { DIGEST_BYTES } from './code-hasher.js';

/** Costs of argon2id (RFC 9106 §3.1). */
export interface Argon2Costs {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly parallelism: number;
}

export interface Argon2Request extends Argon2Costs {
  readonly input: Buffer;
  readonly salt: Buffer;
}

/** argon2id version 1.3 to 32 raw bytes. Every engine gives the same digest for the same request. */
export type Argon2Digest = (request: Argon2Request) => Promise<Buffer>;

/**
 * - `argon2`: the default, node-argon2 with its prebuilt binary;
 * - `@node-rs/argon2`: about twice as fast; an optional peer that the application installs;
 * - `node`: `crypto.argon2`, in Node 24.7 and newer.
 */
export type Argon2EngineName = 'argon2' | '@node-rs/argon2' | 'node';

/** Loads an engine by name; it is never chosen by what happens to be installed. */
export const loadArgon2Engine: Readonly<Record<Argon2EngineName, () => Promise<Argon2Digest>>> = {
  async argon2() {
    const { hash, argon2id } = await import('argon2');
    return ({ input, salt, memoryKiB, passes, parallelism }) =>
      hash(input, {
        type: argon2id,
        raw: true,
        salt,
        memoryCost: memoryKiB,
        timeCost: passes,
        parallelism,
        hashLength: DIGEST_BYTES,
      });
  },

  async '@node-rs/argon2'() {
    const { hashRaw } = await importNodeRs();
    return ({ input, salt, memoryKiB, passes, parallelism }) =>
      hashRaw(input, {
        algorithm: NODE_RS_ARGON2ID,
        version: NODE_RS_V0X13,
        salt,
        memoryCost: memoryKiB,
        timeCost: passes,
        parallelism,
        outputLen: DIGEST_BYTES,
      });
  },

  node() {
    const argon2: unknown = Reflect.get(nodeCrypto, 'argon2');
    if (!isNodeArgon2(argon2)) {
      return Promise.reject(
        new Error(
          `hashing.engine: this Node (${process.version}) has no crypto.argon2; run Node 24.7 or newer, or choose 'argon2'`,
        ),
      );
    }
    const digest = promisify(argon2);
    return Promise.resolve(({ input, salt, memoryKiB, passes, parallelism }) =>
      digest('argon2id', {
        message: input,
        nonce: salt,
        memory: memoryKiB,
        passes,
        parallelism,
        tagLength: DIGEST_BYTES,
      }),
    );
  },
};

/** The values of its const enums `Algorithm` and `Version`, which isolated modules cannot read. */
const NODE_RS_ARGON2ID = 2;
const NODE_RS_V0X13 = 1;

async function importNodeRs() {
  try {
    return await import('@node-rs/argon2');
  } catch (cause) {
    throw new Error(
      "hashing.engine: '@node-rs/argon2' is not installed; run `npm install @node-rs/argon2`, or choose 'argon2'",
      { cause },
    );
  }
}

interface NodeArgon2Parameters {
  readonly message: Buffer;
  readonly nonce: Buffer;
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly tagLength: number;
}

type NodeArgon2 = (
  algorithm: 'argon2id',
  parameters: NodeArgon2Parameters,
  callback: (error: Error | null, digest: Buffer) => void,
) => void;

function isNodeArgon2(value: unknown): value is NodeArgon2 {
  return typeof value === 'function';
}
