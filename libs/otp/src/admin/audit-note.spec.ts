import { describe, expect, it } from 'vitest';
import { createPhoneReader } from '../phone/read-phone-number.js';
import { readActor, readReason } from './audit-note.js';

const readPhoneNumber = createPhoneReader();
const actorOf = (value: unknown) => readActor(value, readPhoneNumber);

/** What no note may be. */
const BROKEN: readonly (readonly [string, unknown])[] = [
  ['nothing', undefined],
  ['an object', { toString: () => 'ann' }],
  ['empty text', ''],
  ['blanks', '   '],
  ['a line break, which forges a log line', 'ann\nadmin.unlocked'],
  ['an escape sequence', 'ann\u001b[2K'],
  ['a direction override', 'ann\u202e'],
  ['a line separator', 'ann\u2028bob'],
  ['half a surrogate pair', 'ann\ud800'],
];

describe('an actor', () => {
  it.each(['ann', 'agent-0612345678', '3f2a9c10-1234-4567-8901-0123456789ab', 'zoë@acme.example', '123456789'])(
    'K1 %s stays as it is',
    (actor) => {
      expect(actorOf(` ${actor} `)).toEqual({ outcome: 'ok', text: actor });
    },
  );

  it.each(BROKEN)('is refused when it is %s', (_, value) => {
    expect(actorOf(value)).toEqual({ outcome: 'invalid_request', detail: expect.stringContaining('`actor`') });
  });

  it('has at most 128 characters', () => {
    expect(actorOf('a'.repeat(128)).outcome).toBe('ok');
    expect(actorOf('a'.repeat(129)).outcome).toBe('invalid_request');
  });

  it.each(['+31612345678', '+31 6 12345678', '+31 20 624 1111'])(
    'is no phone number, which a log must not have',
    (actor) => {
      const refused = actorOf(actor);
      expect(refused).toMatchObject({ outcome: 'invalid_request' });
      expect(JSON.stringify(refused)).not.toContain('31');
    },
  );
});

describe('a reason', () => {
  it('stays readable, tickets included', () => {
    expect(readReason('SUP-1234: identity checked, 3 calls')).toEqual({
      outcome: 'ok',
      text: 'SUP-1234: identity checked, 3 calls',
    });
  });

  it('A6 has neither the code nor the number that somebody typed', () => {
    expect(readReason('+31 6 12345678 says 918273 and 91-82-73 fail')).toEqual({
      outcome: 'ok',
      text: '+… says … and … fail',
    });
  });

  it.each(BROKEN)('is refused when it is %s', (_, value) => {
    expect(readReason(value)).toEqual({ outcome: 'invalid_request', detail: expect.stringContaining('`reason`') });
  });

  it('has at most 160 characters', () => {
    expect(readReason('a'.repeat(160))).toEqual({ outcome: 'ok', text: 'a'.repeat(160) });
    expect(readReason('a'.repeat(161)).outcome).toBe('invalid_request');
  });
});
