import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Argon2EngineName, loadArgon2Engine } from './argon2-engines.js';
import { argon2id } from './argon2id.hasher.js';
import { type CodeContext, codeInput } from './code-input.js';
import { hmacSha256 } from './hmac.hasher.js';

const nodeHasArgon2 = 'argon2' in (await import('node:crypto'));
const ENGINES: readonly Argon2EngineName[] = [
  'argon2',
  '@node-rs/argon2',
  ...(nodeHasArgon2 ? (['node'] as const) : []),
];

const PEPPER = createSecretKey(Buffer.alloc(32, 1));
const CONTEXT: CodeContext = {
  namespace: 'otp',
  purpose: 'login',
  handsetKey: '+31612345678',
  subject: undefined,
  challengeId: Buffer.alloc(16, 2),
  details: undefined,
  action: undefined,
  session: undefined,
  code: '123456',
};

/** From the reference implementation: `echo -n INPUT | argon2 SALT -id -k 19456 -t PASSES -p LANES -l 32 -r` (version 1.3). */
const VECTORS = [
  {
    input: 'password',
    salt: 'somesaltsomesalt',
    passes: 2,
    parallelism: 1,
    digest: '2b5dc4054886ec957ef59c73b661c54dd6fb274590b278f657c6d96aac8fa6d1',
  },
  {
    input: 'hello world',
    salt: '0123456789abcdef',
    passes: 3,
    parallelism: 2,
    digest: '5af0a8534ed630b7ab87a4bd18a72017eba79f3329e035dad9d52da7c64466fe',
  },
] as const;

describe('E1 the keyed input of the hash', () => {
  const input = codeInput(PEPPER, CONTEXT);

  it('is 256 bits and always the same', () => {
    expect(input).toHaveLength(32);
    expect(codeInput(PEPPER, { ...CONTEXT })).toEqual(input);
  });

  it.each<[string, Partial<CodeContext>]>([
    ['namespace', { namespace: 'other' }],
    ['purpose', { purpose: 'payout' }],
    ['number', { handsetKey: '+31612345679' }],
    ['subject', { subject: 'user-1' }],
    ['challenge', { challengeId: Buffer.alloc(16, 3) }],
    ['details', { details: Buffer.alloc(32, 3) }],
    ['action', { action: Buffer.alloc(32, 3) }],
    ['session', { session: Buffer.alloc(32, 3) }],
    ['code', { code: '123457' }],
  ])('A4 changes with the %s', (_name, change) => {
    expect(codeInput(PEPPER, { ...CONTEXT, ...change })).not.toEqual(input);
  });

  it('A4 tells a hash in one place from the same in another', () => {
    const hash = Buffer.alloc(32, 3);
    const inputs = [{ details: hash }, { action: hash }, { session: hash }].map((change) =>
      codeInput(PEPPER, { ...CONTEXT, ...change }).toString('hex'),
    );
    expect(new Set(inputs).size).toBe(3);
  });

  it('changes with the pepper', () => {
    expect(codeInput(createSecretKey(Buffer.alloc(32, 9)), CONTEXT)).not.toEqual(input);
  });
});

describe.each([
  ['argon2id', argon2id()],
  ['argon2id on @node-rs/argon2', argon2id({ engine: '@node-rs/argon2' })],
  ['hmac-sha256', hmacSha256()],
])('%s', (_name, hasher) => {
  const right = codeInput(PEPPER, CONTEXT);
  const wrong = codeInput(PEPPER, { ...CONTEXT, code: '654321' });

  it('E1 stores a fresh salt of 128 bits and a digest of 256', async () => {
    await hasher.prepare();
    const [first, second] = [await hasher.hash(right), await hasher.hash(right)];
    expect(first).toHaveLength(48);
    expect(first.subarray(0, 16)).not.toEqual(second.subarray(0, 16));
    expect(first.subarray(16)).not.toEqual(second.subarray(16));
  });

  it('accepts the input and nothing else', async () => {
    await hasher.prepare();
    const stored = await hasher.hash(right);
    expect(await hasher.verify(right, stored)).toBe(true);
    expect(await hasher.verify(wrong, stored)).toBe(false);
    expect(await hasher.verify(right, stored.subarray(0, 40))).toBe(false);
    expect(await hasher.verify(right, Buffer.alloc(48))).toBe(false);
  });
});

describe('argon2id engines', () => {
  describe.each(ENGINES)('%s', (engine) => {
    it.each(VECTORS)('E2 gives the reference digest (t=$passes, p=$parallelism)', async ({ digest, ...vector }) => {
      const compute = await loadArgon2Engine[engine]();
      const request = {
        ...vector,
        memoryKiB: 19_456,
        input: Buffer.from(vector.input),
        salt: Buffer.from(vector.salt),
      };
      expect((await compute(request)).toString('hex')).toBe(digest);
    });
  });

  it('verify what another engine hashed', async () => {
    const [one, other] = [argon2id(), argon2id({ engine: '@node-rs/argon2' })];
    await Promise.all([one.prepare(), other.prepare()]);
    const input = codeInput(PEPPER, CONTEXT);
    expect(await other.verify(input, await one.hash(input))).toBe(true);
    expect(await one.verify(input, await other.hash(input))).toBe(true);
  });

  it.skipIf(nodeHasArgon2)('say what to do where Node has no argon2 of its own', async () => {
    await expect(argon2id({ engine: 'node' }).prepare()).rejects.toThrow("choose 'argon2'");
  });
});

describe('argon2id options', () => {
  it('E2 are at least m=19456 KiB, t=2, p=1', () => {
    expect(argon2id().name).toBe('argon2id (argon2, m=19456 t=2 p=1)');
    expect(() => argon2id({ memoryKiB: 8192 })).toThrow(
      'hashing.memoryKiB: 8192 is not a whole number of at least 19456',
    );
    expect(() => argon2id({ passes: 1 })).toThrow('hashing.passes');
    expect(() => argon2id({ parallelism: 0.5 })).toThrow('hashing.parallelism');
  });

  it('cannot be used before it is prepared', async () => {
    await expect(argon2id().hash(Buffer.alloc(32))).rejects.toThrow('before it was prepared');
  });
});
