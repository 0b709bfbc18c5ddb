import type { OtpLimitOptions } from 'nestjs-sms-otp';
import { DEFAULT_LIMITS } from '../../libs/otp/src/limits/limit-settings.js';
import type { ManualClock } from 'nestjs-sms-otp/testing';

export const MINUTE = 60;
export const HOUR = 3600;
export const DAY = 24 * HOUR;

/** The default limit of a window, so that tests follow the defaults. */
export function limitOf(
  settings: readonly { readonly limit: number; readonly windowSeconds: number }[],
  windowSeconds: number,
): number {
  const setting = settings.find((one) => one.windowSeconds === windowSeconds);
  if (setting === undefined) {
    throw new Error(`there is no default for ${windowSeconds} s`);
  }
  return setting.limit;
}

/** Messages of one address that nobody answers, none of them young any more: so many in an hour by default. */
export const IP_SENDS = Math.min(...DEFAULT_LIMITS.ip.unansweredSends.map(({ limit }) => limit));

/** How long a message counts as one whose code may be under way. */
export const YOUNG_SECONDS = DEFAULT_LIMITS.ip.youngSends.seconds;

/** Time enough that no message is young any more. */
export function letMessagesAge(clock: ManualClock): void {
  clock.advanceSeconds(YOUNG_SECONDS + 1);
}

const NEVER = [{ limit: 1_000_000, windowSeconds: HOUR }];

/** What everybody shares is out of the way, where a test sends much for another reason. */
export const WIDE_SHARED_LIMITS = {
  prefix: { unansweredSends: NEVER },
  country: { unansweredSends: NEVER },
  all: { unansweredSends: NEVER },
} satisfies OtpLimitOptions;

/** A Dutch mobile number of a prefix (number less its last four digits) of its own; different for every n below 5000. */
export function numberApart(n: number): string {
  return `+316${1_000 + n}5678`;
}
