import type { OtpEvent } from 'nestjs-sms-otp';
import { describe, expect, it } from 'vitest';
import { parseFact, readFact } from './desk-fact.js';

const refused: OtpEvent<'challenge.refused'> = {
  type: 'challenge.refused',
  time: '2026-01-01T00:00:00.000Z',
  owasp: 'excess_rate_limit_exceeded',
  clientNetwork: '192.0.2.0/24',
  destination: '+31*******78',
  country: 'NL',
  numberRef: 'abcdefghij_-0123',
  purpose: 'login',
  lane: 'public',
  challengeRef: 'AAAAAAAA',
  reason: 'throttled',
  limit: 'number.sends.3600',
  detail: 'what somebody wrote',
  retryAfterSeconds: 30,
};

describe('a fact of an event', () => {
  it('K1 has the fields of the list and no others', () => {
    expect(readFact(refused)).toEqual({
      type: 'challenge.refused',
      at: Date.UTC(2026, 0, 1),
      clientNetwork: '192.0.2.0/24',
      destination: '+31*******78',
      country: 'NL',
      numberRef: 'abcdefghij_-0123',
      purpose: 'login',
      lane: 'public',
      reason: 'throttled',
      limit: 'number.sends.3600',
      retryAfterSeconds: 30,
    });
  });

  it.each([
    ['a destination that is not masked', { destination: '+31612345678' }],
    ['a destination that is hardly masked', { destination: '+316123456*78' }],
    ['a whole address', { clientNetwork: '192.0.2.17' }],
    ['a purpose that is a code', { purpose: 'code-918273' }],
    ['a limit with a key in it', { limit: 'number.sends +31612345678' }],
    ['markup', { purpose: '<script>' }],
  ])('case 66: leaves out %s', (_, change) => {
    const [name = ''] = Object.keys(change);
    expect(readFact({ ...refused, ...change })).not.toHaveProperty(name, expect.anything());
  });

  it('has no reason that somebody wrote', () => {
    const about = { destination: '+31*******78', country: 'NL', numberRef: 'abcdefghij_-0123' };
    const unlocked: OtpEvent<'admin.unlocked'> = {
      type: 'admin.unlocked',
      time: refused.time,
      ...about,
      actor: 'ann',
      reason: 'called us about it',
    };
    expect(readFact(unlocked)).toEqual({ type: 'admin.unlocked', at: Date.UTC(2026, 0, 1), ...about });
  });

  it('is read again only when it is one', () => {
    const fact = readFact(refused);
    expect(parseFact(JSON.stringify(fact))).toEqual(fact);
    for (const json of ['', '{', 'null', '{"type":"<b>","at":1}', '{"type":"challenge.issued"}']) {
      expect(parseFact(json)).toBeUndefined();
    }
  });
});
