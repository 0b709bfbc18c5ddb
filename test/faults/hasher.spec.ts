import { argon2id, type CodeHasher, hmacSha256 } from 'nestjs-sms-otp';
import { describe, expect, it } from 'vitest';
import { effort } from '../support/effort.js';
import { expectToHold, type Fault } from './play-fault.js';

/** A hasher that fails while it is told to. */
function failing(hasher: CodeHasher, fail: () => Promise<never>): Pick<Fault, 'hashing' | 'strike' | 'heal'> {
  let fails = false;
  return {
    hashing: {
      ...hasher,
      hash: (input) => (fails ? fail() : hasher.hash(input)),
      verify: (input, stored) => (fails ? fail() : hasher.verify(input, stored)),
    },
    strike: () => void (fails = true),
    heal: () => void (fails = false),
  };
}

const rejects = () => Promise.reject(new Error('no memory'));
const throws = (): never => {
  throw new Error('no memory');
};

describe('L2 the hasher fails', { timeout: effort(60_000, 300_000) }, () => {
  for (const [name, hasher, fail] of effort(
    [['HMAC rejects', hmacSha256(), rejects]] as const,
    [
      ['HMAC rejects', hmacSha256(), rejects],
      ['HMAC throws', hmacSha256(), throws],
      ['argon2id rejects', argon2id(), rejects],
    ] as const,
  )) {
    it(`A3 B3 ${name}: attempts stay spent, sends are given back, seats come free`, async () => {
      const { site } = await expectToHold({
        atOnce: 8,
        title: `hasher fails: ${name}`,
        mayThrow: true,
        ...failing(hasher, fail),
      });
      expect(site.ledger.exchanges.filter(({ detail }) => detail === 'Error: no memory').length).toBeGreaterThan(0);
    });
  }
});
