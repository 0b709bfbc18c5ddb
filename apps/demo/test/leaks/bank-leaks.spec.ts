import { beforeAll, describe, expect, it } from 'vitest';
import { Evidence, textCanary } from '../../../../test/support/leak-search.js';
import { type BankStory, tellTheStory } from './bank-story.js';

describe('everything that can be done at the bank has told nobody', () => {
  let story: BankStory;
  beforeAll(async () => {
    story = await tellTheStory();
  });

  it('(the story was heard: every exit said something, and a search for what was typed finds it)', () => {
    const { evidence, canaries, codes } = story;
    for (const place of ['log log', 'log error', 'redis commands', 'redis record', 'location']) {
      expect(evidence.count(place), place).toBeGreaterThan(0);
    }
    for (const type of ['challenge.issued', 'challenge.resent', 'challenge.verified', 'challenge.failed']) {
      expect(evidence.count(`event ${type}`), type).toBeGreaterThan(0);
    }
    expect(codes.length).toBeGreaterThanOrEqual(7);
    for (const kind of ['account', 'number', 'session', 'code', 'draft', 'desk-session']) {
      expect(story.keys.filter((key) => key.startsWith(`demo:${kind}:`)).length, kind).toBeGreaterThan(0);
    }
    const control = new Evidence();
    control.add('control', 'to +31612345675: Canary Harbour Holding, 831.97, $argon2id$v=19');
    expect(control.search(canaries).map(({ canary }) => canary)).toEqual([
      'number +31612345675',
      'password hash',
      'payee',
      'amount',
    ]);
  });

  it('A6 E6 K1 numbers, passwords and their hashes, names, payments, secrets and ids: nowhere', () => {
    expect(story.evidence.search(story.canaries)).toEqual([]);
  });

  it('A6 codes: nowhere', () => {
    const canaries = story.codes.map((code) => textCanary(code, code));
    const leaks = story.evidence.search(canaries).filter(({ canary, around }) => stands(canary, around));
    expect(leaks).toEqual([]);
  });

  it('E5 a key without a time to live: none', () => {
    expect(story.keys.length).toBeGreaterThan(10);
    expect(story.keysWithoutTtl).toEqual([]);
  });
});

/** Whether a code stands there by itself, in plain digits or hidden: times and random text have long runs of digits. */
function stands(code: string, around: string): boolean {
  return !around.includes(code) || new RegExp(`(?<![\\d.A-Za-z_-])${code}(?![\\d.A-Za-z_-])`).test(around);
}
