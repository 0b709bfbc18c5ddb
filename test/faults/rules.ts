import type { OtpLimitOptions } from 'nestjs-sms-otp';
import { DAY, WIDE_SHARED_LIMITS } from '../support/limits.js';

/** What the judge holds the module to; the same figures are its options. */
export const RULES = {
  maxAttempts: 5,
  maxSends: 3,
  ttlSeconds: 600,
  /** Messages to one number in a day. */
  numberSends: 4,
  /** Wrong codes of one number in a day. */
  numberWrongCodes: 8,
  /** Messages that one address asks for in a day. */
  ipSends: 60,
} as const;

const NEVER = [{ limit: 1_000_000, windowSeconds: DAY }];

/** Each person has a number of his own, and 40 of them an address. */
export const LIMITS = {
  ...WIDE_SHARED_LIMITS,
  number: {
    cooldownSeconds: [1],
    sends: [{ limit: RULES.numberSends, windowSeconds: DAY }],
    wrongCodes: [{ limit: RULES.numberWrongCodes, windowSeconds: DAY }],
  },
  ip: {
    sends: [{ limit: RULES.ipSends, windowSeconds: DAY }],
    unansweredSends: NEVER,
    unansweredCountries: NEVER,
    wrongCodes: NEVER,
    failedSends: NEVER,
  },
} satisfies OtpLimitOptions;

export const PURPOSES = {
  login: {
    start: 'public',
    ttlSeconds: RULES.ttlSeconds,
    maxAttempts: RULES.maxAttempts,
    maxSends: RULES.maxSends,
  },
} as const;
