/** At most `limit` in any interval of `windowSeconds`. */
export interface WindowSetting {
  /** A whole number, 1 to 1000. */
  readonly limit: number;
  /** 1 second to 30 days. */
  readonly windowSeconds: number;
}

export interface NumberLimitSettings {
  /** Seconds between messages to one number: after the first that nobody answered, the second, …; the last repeats. */
  readonly cooldownSeconds: readonly number[];
  readonly sends: readonly WindowSetting[];
  /** Wrong codes; when used up the number is locked until the window lets go, whatever code is given. */
  readonly wrongCodes: readonly WindowSetting[];
}

export interface IpLimitSettings {
  /** Leading bits of an IPv6 address that share one budget, 48 to 128; 64 is what one subscriber gets. */
  readonly ipv6Prefix: number;
  /** Messages whose code nobody has entered. */
  readonly unansweredSends: readonly WindowSetting[];
  readonly sends: readonly WindowSetting[];
  readonly wrongCodes: readonly WindowSetting[];
}

export interface LimitSettings {
  readonly number: NumberLimitSettings;
  readonly ip: IpLimitSettings;
}

const HOUR = 3600;
const DAY = 24 * HOUR;

/** The chance to guess a six-digit code of one number is at most 15 in a million a day. */
export const DEFAULT_LIMITS: LimitSettings = {
  number: {
    cooldownSeconds: [30, 60, 120, 240],
    sends: [
      { limit: 5, windowSeconds: HOUR },
      { limit: 10, windowSeconds: DAY },
    ],
    wrongCodes: [{ limit: 15, windowSeconds: DAY }],
  },
  ip: {
    ipv6Prefix: 64,
    unansweredSends: [{ limit: 20, windowSeconds: HOUR }],
    sends: [{ limit: 60, windowSeconds: DAY }],
    wrongCodes: [{ limit: 30, windowSeconds: HOUR }],
  },
};
