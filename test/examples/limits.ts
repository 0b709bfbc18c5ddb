import { DEFAULT_PRICES, type OtpLimitOptions } from 'nestjs-sms-otp';

const HOUR = 3600;
const DAY = 24 * HOUR;

// #region stricter
/** For payments, and for services that few people use: a guess in 100,000 a day, twelve messages to nobody in a day. */
export const stricter: OtpLimitOptions = {
  number: {
    cooldownSeconds: [60, 120, 300, 600],
    sends: [
      { limit: 3, windowSeconds: HOUR },
      { limit: 5, windowSeconds: DAY },
    ],
    wrongCodes: [{ limit: 5, windowSeconds: DAY }],
    consecutiveFailures: 20,
  },
  device: { wrongCodes: [{ limit: 3, windowSeconds: DAY }] },
  vouched: { wrongCodes: [{ limit: 3, windowSeconds: DAY }] },
  ip: {
    unansweredSends: [
      { limit: 5, windowSeconds: HOUR, share: 0.3 },
      { limit: 12, windowSeconds: DAY, share: 0.3 },
    ],
    youngSends: { seconds: 60, upTo: 5 },
    wrongCodes: [{ limit: 10, windowSeconds: HOUR, share: 0.1 }],
  },
  country: {
    unansweredSends: [
      { limit: 10, windowSeconds: HOUR, share: 0.3, trickleSeconds: HOUR },
      { limit: 30, windowSeconds: DAY, share: 0.3, trickleSeconds: HOUR },
    ],
    youngSends: { seconds: 60, upTo: 5, share: 1 },
  },
  money: { perDay: 20, reserve: 0.5, prices: DEFAULT_PRICES },
};
// #endregion stricter

// #region looser
/** For a large service behind a fraud desk of its own: the shared limits are only told, money is the ceiling. */
export const looser: OtpLimitOptions = {
  number: {
    cooldownSeconds: [20, 30, 60],
    sends: [
      { limit: 8, windowSeconds: HOUR },
      { limit: 20, windowSeconds: DAY },
    ],
  },
  ip: {
    unansweredSends: [{ limit: 200, windowSeconds: HOUR, share: 1 }],
    youngSends: { seconds: 120, upTo: 500, share: 1 },
    sends: [{ limit: 1000, windowSeconds: DAY, share: 5 }],
    unansweredCountries: [{ limit: 10, windowSeconds: DAY, share: 0.1, mode: 'observe' }],
  },
  prefix: { unansweredSends: [{ limit: 30, windowSeconds: HOUR, share: 1, mode: 'observe' }] },
  country: { unansweredSends: [{ limit: 500, windowSeconds: HOUR, share: 1, mode: 'observe' }] },
  all: { unansweredSends: [{ limit: 5000, windowSeconds: HOUR, share: 1, mode: 'observe' }] },
  money: { perDay: 5000, reserve: 0.1 },
};
// #endregion looser
