import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { deriveBytes, SecretRing, type SecretUse } from '../../libs/otp/src/secrets/secret-ring.js';
import {
  type CanaryStory,
  INDEX_SECRET,
  NAMESPACE,
  NUMBERS,
  SECRETS,
  SUBJECT,
  tellTheStory,
} from '../support/canary-story.js';
import { detailCanaries } from '../support/canary-payout.js';
import { bytesCanary, type Canary, Evidence, numberCanary, textCanary } from '../support/leak-search.js';

const USES: readonly SecretUse[] = ['challenge-id', 'record', 'pepper', 'proof'];

const secretCanaries: readonly Canary[] = [
  ...[...SECRETS, INDEX_SECRET].map((secret, n) => textCanary(`secret ${n}`, secret)),
  ...new SecretRing(SECRETS, NAMESPACE).all.flatMap((secret, n) =>
    USES.map((use) => bytesCanary(`key '${use}' of secret ${n}`, secret.key(use).export())),
  ),
  bytesCanary('index key', deriveBytes(INDEX_SECRET, { namespace: NAMESPACE, use: 'index' })),
];

const personCanaries: readonly Canary[] = [
  ...NUMBERS.map((number) => numberCanary(number, '31')),
  textCanary('subject', SUBJECT),
];

describe('case 66 invariant 7 a login, with all that can go wrong, has told nobody', () => {
  let story: CanaryStory;
  beforeAll(async () => (story = await tellTheStory()));
  afterAll(() => vi.restoreAllMocks());

  /** Eight digits, so that chance does not find them among times and random bytes. */
  const codeCanaries = () => story.transport.codes.map((code) => textCanary(`code ${code}`, code));

  it('(the story was heard: every exit said something, and a search for what was sent finds it)', () => {
    for (const place of [
      'log log',
      'log warn',
      'log error',
      'answer 2',
      'answer 4',
      'answer 503',
      'redis commands',
      'redis record',
      'start',
    ]) {
      expect(story.evidence.count(place), place).toBeGreaterThan(0);
    }
    const types = [
      'challenge.issued',
      'challenge.resent',
      'challenge.refused',
      'challenge.verified',
      'challenge.failed',
    ];
    const more = ['answer.refused', 'delivery.accepted', 'delivery.failed', 'proof.accepted', 'proof.refused'];
    for (const type of [...types, ...more]) {
      expect(story.evidence.count(`event ${type}`), type).toBeGreaterThan(0);
    }
    const control = new Evidence();
    control.add('message', story.transport.messages);
    control.add('base64', Buffer.from(`..${JSON.stringify({ to: NUMBERS[0], SUBJECT })}`).toString('base64url'));
    control.add('record', Buffer.concat([randomBytes(5), Buffer.from('31612345678f', 'hex')]));
    const found = control
      .search([...codeCanaries(), ...secretCanaries, ...personCanaries, ...detailCanaries])
      .map(({ canary, place }) => `${canary} in ${place}`);
    const expected = [...new Set(story.transport.codes)].map((code) => `code ${code} in message`);
    expect(found).toEqual(
      expect.arrayContaining([
        ...expected,
        'amount in message',
        'payee in message',
        'subject in base64',
        `number ${NUMBERS[0]} in base64`,
        `number ${NUMBERS[0]} in record`,
      ]),
    );
  });

  it('A6 a code: not in logs, events, errors, answers or Redis', () => {
    expect(story.transport.codes.length).toBeGreaterThan(4);
    expect(story.evidence.search(codeCanaries())).toEqual([]);
  });

  it('E1 a secret or a key made of one: nowhere', () => {
    expect(story.evidence.search(secretCanaries)).toEqual([]);
  });

  it('E6 K1 a number or a subject: not in logs, events, errors, Redis, or any answer but the one to the right code', () => {
    expect(story.evidence.search([...codeCanaries(), ...secretCanaries, ...personCanaries])).toEqual([]);
  });

  it('A4 K1 what a code stands for: not in logs, events, errors, answers or Redis', () => {
    expect(story.evidence.search(detailCanaries)).toEqual([]);
  });

  it('A6 a challenge id or a proof: not in logs, events, errors or Redis', () => {
    const canaries = story.bearers.map((bearer, n) => textCanary(`bearer ${n}`, bearer));
    expect(story.evidence.search(canaries, /^(log|event|console|error|redis)/)).toEqual([]);
  });

  it('E5 a key without a time to live: none', () => {
    expect(story.evidence.count('redis record')).toBeGreaterThan(4);
    expect(story.keysWithoutTtl).toEqual([]);
  });

  it('K2 an answer that may be cached: none', () => {
    expect(story.answersWithoutNoStore).toEqual([]);
  });
});
