import argon2 from 'argon2';
import { beforeAll, describe, expect, it } from 'vitest';
import { isPassword, Passwords } from './passwords.js';

const PASSWORD = 'eggs on bare sand';

describe('Passwords', () => {
  const passwords = new Passwords();
  let hash: string;

  beforeAll(async () => {
    await passwords.onModuleInit();
    hash = await passwords.hash(PASSWORD);
  });

  it('E2 hashes with argon2id, a salt each, at the advised cost', async () => {
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,(?=.*t=2)(?=.*p=1)/);
    expect(await passwords.hash(PASSWORD)).not.toBe(hash);
    expect(argon2.needsRehash(hash, { memoryCost: 19_456, timeCost: 2, parallelism: 1 })).toBe(false);
  });

  it('matches the right password alone', async () => {
    expect(await passwords.matches(PASSWORD, hash)).toBe(true);
    expect(await passwords.matches(`${PASSWORD} `, hash)).toBe(false);
    expect(await passwords.matches('', hash)).toBe(false);
  });

  it('where there is no account no password is right, the decoy included', async () => {
    expect(await passwords.matches(PASSWORD, undefined)).toBe(false);
    expect(await passwords.matches('nobody has this password', undefined)).toBe(false);
  });

  it('takes an accented letter in both of its spellings for one', async () => {
    const composed = await passwords.hash('pr\u00E9s du rivage');
    expect(await passwords.matches('pre\u0301s du rivage', composed)).toBe(true);
    expect(await passwords.matches('pres du rivage', composed)).toBe(false);
  });

  it('L2 refuses what would have to wait too long, and works again after it', async () => {
    const results = await Promise.allSettled(Array.from({ length: 40 }, () => passwords.matches(PASSWORD, hash)));
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(8);
    expect(refused[0]?.reason).toMatchObject({ problem: { code: 'busy', retryAfter: 1 } });
    expect(await passwords.matches(PASSWORD, hash)).toBe(true);
  });

  it.each([
    ['nine char', false],
    ['ten chars!', true],
    ['x'.repeat(128), true],
    ['x'.repeat(129), false],
    ['', false],
  ])('%j is long enough and not too long: %s', (password, expected) => {
    expect(isPassword(password)).toBe(expected);
  });
});
