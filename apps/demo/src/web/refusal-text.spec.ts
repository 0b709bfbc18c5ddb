import type { OtpRefusal } from 'nestjs-sms-otp';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../i18n/languages.js';
import { wordsOf } from '../i18n/words.js';
import { duration, refusalText } from './refusal-text.js';

const DETAIL = 'a sentence of the module, in English';

/** One of each: an outcome that is new to the module does not compile. */
const REFUSALS: Readonly<Record<OtpRefusal['outcome'], OtpRefusal>> = {
  invalid_phone_number: { outcome: 'invalid_phone_number', detail: DETAIL },
  invalid_code: { outcome: 'invalid_code', detail: DETAIL },
  invalid_channel: { outcome: 'invalid_channel', detail: DETAIL },
  invalid_binding: { outcome: 'invalid_binding', detail: DETAIL, errors: [] },
  destination_not_allowed: { outcome: 'destination_not_allowed', detail: DETAIL },
  incorrect_code: { outcome: 'incorrect_code', attemptsRemaining: 3 },
  throttled: { outcome: 'throttled', retryAfterSeconds: 120 },
  busy: { outcome: 'busy', retryAfterSeconds: 1 },
  delivery_failed: { outcome: 'delivery_failed', retryAfterSeconds: 30 },
  idempotency_conflict: { outcome: 'idempotency_conflict' },
  challenge_gone: { outcome: 'challenge_gone' },
  attempts_exhausted: { outcome: 'attempts_exhausted' },
  store_unavailable: { outcome: 'store_unavailable' },
  refused: { outcome: 'refused', reason: 'missing' },
};

describe.each(LANGUAGES)('refusalText in %s', (language) => {
  const words = wordsOf(language);

  it.each(Object.values(REFUSALS))('has words of its own for $outcome', (refusal) => {
    const text = refusalText(refusal, words);
    expect(text).toMatch(/\p{L}{2}/u);
    expect(text).not.toContain(DETAIL);
    expect(text).not.toMatch(/[{}]|undefined|NaN/);
    expect(language !== 'en' && text === refusalText(refusal, wordsOf('en'))).toBe(false);
  });

  it('U4 tells attempts and waits', () => {
    expect(refusalText(REFUSALS.incorrect_code, words)).toMatch(/3/);
    expect(refusalText(REFUSALS.throttled, words)).toContain(duration(120, words));
    expect(refusalText({ outcome: 'incorrect_code', attemptsRemaining: 0 }, words)).not.toContain('0');
  });
});

describe('duration', () => {
  const words = wordsOf('en');
  it.each([
    [0, '0 seconds'],
    [1, '1 second'],
    [89, '89 seconds'],
    [90, '2 minutes'],
    [5399, '90 minutes'],
    [5400, '2 hours'],
    [86_400, '24 hours'],
  ])('%s seconds are %s: never less than it takes', (seconds, text) => {
    expect(duration(seconds, words)).toBe(text);
  });
});
