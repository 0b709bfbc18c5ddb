import type { OtpLimitOptions } from 'nestjs-sms-otp';

const HOUR = 3600;
const DAY = 24 * HOUR;

/**
 * In development only: attacks use up what everybody shares, and then strangers are refused for hours, visitors of the demo
 * among them. Everything narrower (number, address, prefix, country) keeps its default, so each attack meets its own limit.
 */
export const ROOM_FOR_ATTACKS: OtpLimitOptions = {
  all: {
    unansweredSends: [
      { limit: 20_000, windowSeconds: HOUR },
      { limit: 20_000, windowSeconds: DAY },
    ],
  },
  money: { perDay: 5000 },
};
