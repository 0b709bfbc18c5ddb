import { describe, expect, it } from 'vitest';
import { OtpThrottle } from './otp-throttle.decorator.js';
import { checkKey, type OtpThrottleLimit } from './otp-throttle-limit.js';

const QUOTE = { name: 'quote', limit: 20, windowSeconds: 60 };

type Wrong = readonly [limit: object, message: RegExp];
const WRONG: readonly Wrong[] = [
  [{ ...QUOTE, name: '' }, /`name`/],
  [{ ...QUOTE, name: 'a b' }, /`name`/],
  [{ ...QUOTE, name: 'quote\0' }, /`name`/],
  [{ ...QUOTE, name: 'quote\n' }, /`name`/],
  [{ ...QUOTE, name: 'x'.repeat(65) }, /`name`/],
  [{ limit: 1, windowSeconds: 60 }, /`name`/],
  ...[0, -1, 1001, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '20', undefined].map((limit): Wrong => [
    { ...QUOTE, limit },
    /`limit` of 'quote' must be a whole number from 1 to 1000/,
  ]),
  ...[0, -60, 86_401, 0.5, Number.NaN, '60', undefined].map((windowSeconds): Wrong => [
    { ...QUOTE, windowSeconds },
    /`windowSeconds` of 'quote' must be a whole number from 1 to 86400/,
  ]),
  ...['user', null, undefined].map((key): Wrong => [{ ...QUOTE, key }, /`key` of 'quote' must be a function/]),
];

/** Limits as plain JavaScript would give them. */
function define(...limits: readonly object[]): () => void {
  return () => {
    // What the compiler would refuse is meant.
    OtpThrottle(limits as readonly OtpThrottleLimit[]);
  };
}

describe('@OtpThrottle', () => {
  it.each(WRONG)('%j is refused when the class is defined', (limit, message) => {
    expect(define(limit)).toThrow(TypeError);
    expect(define(limit)).toThrow(message);
  });

  it('no limits, and two of one name, are refused', () => {
    expect(define()).toThrow(/at least one limit/);
    expect(define(QUOTE, { ...QUOTE, name: 'other' }, { ...QUOTE, windowSeconds: 1 })).toThrow(
      /two limits are named 'quote'/,
    );
  });

  it.each([
    { name: 'x'.repeat(64), limit: 1, windowSeconds: 1 },
    { name: 'A.b_c:d-9', limit: 1000, windowSeconds: 86_400, key: () => 'user' },
  ])('%j is taken', (limit) => {
    expect(define(limit)).not.toThrow();
  });

  it('a second list on one handler or class is refused, for it would replace the first', () => {
    expect(() => {
      class Twice {
        @OtpThrottle([QUOTE])
        @OtpThrottle([{ ...QUOTE, name: 'other' }])
        handler() {}
      }
      return Twice;
    }).toThrow(/only once/);
    expect(() => {
      @OtpThrottle([QUOTE])
      @OtpThrottle([{ ...QUOTE, name: 'other' }])
      class Twice {}
      return Twice;
    }).toThrow(/only once/);
  });

  it('each class and handler has a list of its own, that of a class which it extends included', () => {
    expect(() => {
      @OtpThrottle([QUOTE])
      class Base {
        @OtpThrottle([QUOTE])
        handler() {}
      }
      @OtpThrottle([QUOTE])
      class Derived extends Base {
        @OtpThrottle([QUOTE])
        override handler() {}
      }
      return Derived;
    }).not.toThrow();
  });
});

describe('a key', () => {
  it.each([undefined, null, '', 4711, Number.NaN, { id: 'secret' }, ['secret'], true])(
    '%j is refused, naming the limit and not the value',
    (key) => {
      expect(() => checkKey(QUOTE, key)).toThrow(TypeError);
      expect(() => checkKey(QUOTE, key)).toThrow(/'quote'/);
      expect(() => checkKey(QUOTE, key)).not.toThrow(/secret|4711/);
    },
  );

  it('is any text', () => {
    expect(checkKey(QUOTE, ' ')).toBe(' ');
  });
});
