import { describe, expect, it } from 'vitest';
import { createPhoneReader } from '../phone/read-phone-number.js';
import { SecretRing } from '../secrets/secret-ring.js';
import type { Lane, StoredChallenge } from '../stores/otp-store.js';
import { ChallengeIds, type OpenedChallengeId } from './challenge-id.js';
import { type ChallengePayload, openPayload, sealPayload } from './challenge-payload.js';
import { NO_TRANSACTION } from './transaction.js';
import { defineOtpPurposes, PurposeRegistry } from './purpose.js';

const OLD = 'old-secret-old-secret-old-secret-32';
const NEW = 'new-secret-new-secret-new-secret-32';
const KEY = { kind: 'number', index: 'AAAAAAAAAAAAAAAA' } as const;
const HASH = Buffer.alloc(48, 5);

const idsOf = (...secrets: string[]) => new ChallengeIds(new SecretRing(secrets, 'otp'));

describe('ChallengeIds', () => {
  const ids = idsOf(OLD);
  const token = ids.seal(ids.create(KEY, 'public'));

  it('open what was sealed', () => {
    const created = ids.create(KEY, 'public');
    expect(ids.open(ids.seal(created))?.ref).toEqual(created.ref);
  });

  it.each<Lane>(['public', 'vouched', 'device:AbCd_-09'])('keep their lane, %s, and do not tell it', (lane) => {
    const sealed = ids.seal(ids.create(KEY, lane));
    expect(ids.open(sealed)?.lane).toBe(lane);
    expect(sealed).toHaveLength(token.length);
  });

  it('91 are opaque: two of one challenge differ, and show neither number nor challenge', () => {
    const created = ids.create(KEY, 'public');
    const [one, other] = [ids.seal(created), ids.seal(created)];
    expect(one).not.toBe(other);
    expect(Buffer.from(one, 'base64url').includes(created.ref.id)).toBe(false);
  });

  it('91 refuse a forged id: every changed character, another length, another alphabet', () => {
    for (let at = 0; at < token.length; at += 1) {
      const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
      expect(ids.open(changed)).toBeUndefined();
    }
    for (const other of ['', token.slice(1), `${token}A`, `${token.slice(0, -1)}+`, `${token.slice(0, -1)}\n`]) {
      expect(ids.open(other)).toBeUndefined();
    }
  });

  it('88 open through every secret of the ring, and keep to the one that sealed them', () => {
    expect(idsOf(OLD, NEW).open(token)?.secret.id).toBe(idsOf(OLD).create(KEY, 'public').secret.id);
    expect(idsOf(NEW, OLD).open(token)?.secret.id).toBe(idsOf(OLD).create(KEY, 'public').secret.id);
    expect(idsOf(NEW).open(token)).toBeUndefined();
  });

  it('22 of another namespace are worth nothing', () => {
    expect(new ChallengeIds(new SecretRing([OLD], 'other')).open(token)).toBeUndefined();
  });
});

describe('the sealed payload', () => {
  const id: OpenedChallengeId = idsOf(OLD).create(KEY, 'public');
  const read = (phoneNumber: string) => {
    const reading = createPhoneReader()({ phoneNumber });
    if (reading.outcome !== 'ok') {
      throw new Error(reading.detail);
    }
    return reading.number;
  };
  const stored = (sealed: Buffer, hash = HASH): StoredChallenge => ({
    generation: 1,
    hash,
    sealed,
    delivery: 'queued',
    attemptsRemaining: 5,
    sendsRemaining: 2,
    expiresAt: 0,
  });
  const payload: ChallengePayload = {
    number: read('+31612345678'),
    purpose: 'login',
    subject: undefined,
    locale: undefined,
    channel: 'sms',
    decoy: false,
    test: false,
    transaction: NO_TRANSACTION,
    session: undefined,
    messages: [{ at: 1_790_000_000_123, ipGroup: '198.51.100.7', counted: true }],
  };
  const at = 1_790_000_000_124;

  it.each<[string, ChallengePayload]>([
    ['plain', payload],
    ['with all there is', { ...payload, subject: 'usér-1', locale: 'pt-BR', purpose: 'payout', channel: 'voice' }],
    ['without messages', { ...payload, messages: [] }],
    ['a decoy', { ...payload, decoy: true }],
    ['of a test number', { ...payload, test: true }],
    ['of a session', { ...payload, session: Buffer.alloc(32, 1) }],
    [
      'of a transaction',
      {
        ...payload,
        session: Buffer.alloc(32, 1),
        transaction: { details: { amount: '12.00 €', times: 3, now: true }, action: Buffer.alloc(32, 2) },
      },
    ],
    [
      'with messages from everywhere',
      {
        ...payload,
        messages: [
          { at, ipGroup: undefined, counted: true },
          { at, ipGroup: 'unknown', counted: false },
          { at, ipGroup: '255.0.255.1', counted: true },
          { at, ipGroup: '2001:db8:1:2::/64', counted: false },
          { at, ipGroup: '2001:db8:1234:5600::/56', counted: true },
          { at, ipGroup: '2001:db8:1234:5678:9abc:def0:1234:0/113', counted: true },
        ],
      },
    ],
    ['of an even and a long number', { ...payload, number: read('+393123456789') }],
    ['of a one-digit calling code', { ...payload, number: read('+12015550123') }],
    ['of a three-digit calling code', { ...payload, number: read('+351912345678') }],
  ])('opens as it was: %s', (_name, given) => {
    const sealed = sealPayload(given, { ...id, hash: HASH });
    expect(openPayload(stored(sealed), id)).toEqual(given);
  });

  it('keeps a challenge small: at most 47 bytes for a login with an address', () => {
    expect(sealPayload(payload, { ...id, hash: HASH }).length).toBeLessThanOrEqual(47);
  });

  it('does not open for another challenge, salt or secret', () => {
    const sealed = sealPayload(payload, { ...id, hash: HASH });
    expect(openPayload(stored(sealed), { ...id, ref: { ...id.ref, id: Buffer.alloc(16) } })).toBeUndefined();
    expect(openPayload(stored(sealed, Buffer.alloc(48, 6)), id)).toBeUndefined();
    expect(openPayload(stored(sealed), { ...id, secret: idsOf(NEW).create(KEY, 'public').secret })).toBeUndefined();
  });
});

describe('purposes', () => {
  const registry = new PurposeRegistry(
    defineOtpPurposes({
      login: { start: 'public' },
      payout: { ttlSeconds: 180, codeLength: 8, maxAttempts: 3, maxSends: 2 },
    }),
  );

  it('A1, A2 have safe defaults', () => {
    expect(registry.get('login')).toEqual({
      name: 'login',
      start: 'public',
      ttlSeconds: 300,
      codeLength: 6,
      maxAttempts: 5,
      maxSends: 3,
      channels: ['sms'],
      audience: [],
      binding: undefined,
      message: undefined,
    });
    expect(registry.get('payout')).toMatchObject({ start: 'application', ttlSeconds: 180, codeLength: 8 });
  });

  it('are public only when they say so', () => {
    expect(registry.public(undefined)?.name).toBe('login');
    expect(registry.public('login')?.name).toBe('login');
    expect(registry.public('payout')).toBeUndefined();
    expect(registry.public('constructor')).toBeUndefined();
    expect(new PurposeRegistry({ a: { start: 'public' }, b: { start: 'public' } }).public(undefined)).toBeUndefined();
  });

  it('name what is declared when one is not', () => {
    expect(() => registry.require('logn')).toThrow("purpose 'logn' is not declared; declared are: login, payout");
  });
});
