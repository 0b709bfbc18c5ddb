import type { EventNumber } from '../telemetry/event-types.js';
import type { LimitsCounted, LogName, NumberState, WindowUse } from '../stores/otp-store.js';
import type { LimitStatus, NumberStatus } from './admin-results.js';

export interface NumberUse {
  readonly number: EventNumber;
  readonly counted: LimitsCounted;
  readonly liveChallenges: number;
  readonly state: NumberState;
  /** At which failures in a row close the public lane. */
  readonly failureLimit: number;
}

/** Puts what the store answered into words for people on call. */
export function numberStatus({
  number,
  counted: { uses, now },
  liveChallenges,
  state,
  failureLimit,
}: NumberUse): NumberStatus {
  const windowsOf = (name: LogName) => uses.filter(({ log }) => log === name).flatMap(({ windows }) => windows);
  const wrongCodes = windowsOf('wrongCodes');
  const lockedUntil = Math.max(now, ...wrongCodes.map(({ admitsAt }) => admitsAt));
  const cooldownUntil = Math.max(now, ...uses.map(({ cooldownEndsAt }) => cooldownEndsAt));
  return {
    ...number,
    ...(lockedUntil > now ? { lockedUntil: isoTime(lockedUntil) } : {}),
    ...(cooldownUntil > now ? { cooldownUntil: isoTime(cooldownUntil) } : {}),
    wrongCodes: wrongCodes.map((window) => limitStatus(window, now)),
    sends: windowsOf('sends').map((window) => limitStatus(window, now)),
    liveChallenges,
    consecutiveFailures: { used: state.failures, limit: failureLimit },
    trustedDevices: state.devices,
    ...(state.answeredAt === undefined ? {} : { answeredAt: isoTime(state.answeredAt) }),
  };
}

function limitStatus({ name, used, limit, windowSeconds, admitsAt }: WindowUse, now: number): LimitStatus {
  return { name, used, limit, windowSeconds, ...(admitsAt > now ? { refusesUntil: isoTime(admitsAt) } : {}) };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
