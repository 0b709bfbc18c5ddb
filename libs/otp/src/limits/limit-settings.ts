import type { PriceTable } from './prices.js';

/** At most `limit` in any interval of `windowSeconds`. */
export interface WindowSetting {
  /** A whole number, 1 to 1000. */
  readonly limit: number;
  /** 1 second to 30 days. */
  readonly windowSeconds: number;
}

/** At most max(`limit`, `share` × what was answered) in any interval of `windowSeconds`. */
export interface BudgetSetting {
  /** A whole number, 1 to 1000000. */
  readonly limit: number;
  /** 1 second to 30 days. */
  readonly windowSeconds: number;
  /**
   * Of what was answered in the window or, where that is more, in as long a time of the last weeks; 0 to 100.
   * @default 0, the limit is fixed
   */
  readonly share?: number;
  /** When used up, one request in this many seconds still passes. @default none */
  readonly trickleSeconds?: number;
  /** `observe` never refuses and only tells, by the event `limit.used_up`. @default 'enforce' */
  readonly mode?: 'enforce' | 'observe';
}

/** Messages so young that their code may be under way count as answered, up to max(`upTo`, `share` × answered). */
export interface YoungSetting {
  /** 10 to 120. */
  readonly seconds: number;
  readonly upTo: number;
  /** Of what was answered in the window. @default 0 */
  readonly share?: number;
}

/** The budgets of one lane of one number. */
export interface LaneLimitSettings {
  /** Seconds between messages to one number: after the first that nobody answered, the second, …; the last repeats. */
  readonly cooldownSeconds: readonly number[];
  readonly sends: readonly WindowSetting[];
  /** Wrong codes; when used up the lane is locked until the window lets go, whatever code is given. */
  readonly wrongCodes: readonly WindowSetting[];
}

/** What the lanes of a number but the public one have together, however many devices come and go. */
export interface TrustedLimitSettings {
  readonly sends: readonly WindowSetting[];
  readonly wrongCodes: readonly WindowSetting[];
}

export interface NumberLimitSettings extends LaneLimitSettings {
  /**
   * Wrong codes in a row, over all lanes and without a window, that close the public lane until a success in another
   * lane or `OtpAdmin.unlock`; 1 to 100 (NIST SP 800-63B-4 §3.2.2).
   */
  readonly consecutiveFailures: number;
}

export interface IpLimitSettings {
  /** Leading bits of an IPv6 address that share one budget, 48 to 128; 64 is what one subscriber gets. */
  readonly ipv6Prefix: number;
  /** Messages whose code nobody has entered. A /56 has twice the budget, a /48 four times. */
  readonly unansweredSends: readonly BudgetSetting[];
  readonly youngSends: YoungSetting;
  readonly sends: readonly BudgetSetting[];
  /** Different countries with messages that nobody answered. */
  readonly unansweredCountries: readonly BudgetSetting[];
  readonly wrongCodes: readonly BudgetSetting[];
  /** Messages that no provider took or that a risk assessor denied. */
  readonly failedSends: readonly BudgetSetting[];
}

/** What everybody shares. Numbers that answered in the last `knownNumbers.withinSeconds` count in none of it. */
export interface SharedLimitSettings {
  /** Messages whose code nobody has entered. */
  readonly unansweredSends: readonly BudgetSetting[];
  readonly youngSends?: YoungSetting;
}

export interface AllLimitSettings extends SharedLimitSettings {
  /** Wrong codes of everybody together: only told, never refused by. */
  readonly wrongCodes: readonly BudgetSetting[];
}

/** Numbers that have answered before pass the shared limits. */
export interface KnownNumberSettings {
  /** How long an answer counts, in seconds: a day to 400 days. */
  readonly withinSeconds: number;
  /** Messages that pass until the next answer. 0 switches it off. */
  readonly passes: number;
}

/** What messages may cost. */
export interface MoneySettings {
  /** In the currency of `prices`, in any 24 hours. */
  readonly perDay: number;
  /** The part of it that only known numbers may use, 0 to 0.9. @default 0.2 */
  readonly reserve?: number;
  /** @default DEFAULT_PRICES, US dollars */
  readonly prices?: PriceTable;
  /** @default 'enforce' */
  readonly mode?: 'enforce' | 'observe';
}

export interface LimitSettings {
  /** The public lane of a number. */
  readonly number: NumberLimitSettings;
  /** The lane of each of its trusted devices. */
  readonly device: LaneLimitSettings;
  /** Its lane for requests that the application vouches for. */
  readonly vouched: LaneLimitSettings;
  /** Its devices and vouched requests together. */
  readonly trusted: TrustedLimitSettings;
  readonly knownNumbers: KnownNumberSettings;
  readonly ip: IpLimitSettings;
  /** A phone number less its last four digits: ten thousand numbers in a row. */
  readonly prefix: SharedLimitSettings;
  readonly country: SharedLimitSettings;
  readonly all: AllLimitSettings;
  /** @default none; production warns */
  readonly money?: MoneySettings;
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;
const COOLDOWN = [30, 60, 120, 240];
/** In a day as many messages may stay unanswered as three quarters of those that were answered; usual is a sixth. */
const DAY_SHARE = 0.75;
/** In an hour much more, for an outage makes people ask again and again, and nobody can answer meanwhile. */
const HOUR_SHARE = 8;

/** The chance to guess a six-digit code of one number is at most 15 in a million a day for strangers, 45 with all lanes. */
export const DEFAULT_LIMITS: LimitSettings = {
  number: {
    cooldownSeconds: COOLDOWN,
    sends: [
      { limit: 5, windowSeconds: HOUR },
      { limit: 10, windowSeconds: DAY },
    ],
    wrongCodes: [{ limit: 15, windowSeconds: DAY }],
    consecutiveFailures: 100,
  },
  device: {
    cooldownSeconds: COOLDOWN,
    sends: [
      { limit: 3, windowSeconds: HOUR },
      { limit: 10, windowSeconds: DAY },
    ],
    wrongCodes: [{ limit: 5, windowSeconds: DAY }],
  },
  vouched: {
    cooldownSeconds: COOLDOWN,
    sends: [
      { limit: 5, windowSeconds: HOUR },
      { limit: 10, windowSeconds: DAY },
    ],
    wrongCodes: [{ limit: 5, windowSeconds: DAY }],
  },
  trusted: {
    sends: [{ limit: 20, windowSeconds: DAY }],
    wrongCodes: [{ limit: 30, windowSeconds: DAY }],
  },
  knownNumbers: { withinSeconds: 90 * DAY, passes: 2 },
  ip: {
    ipv6Prefix: 64,
    unansweredSends: [
      { limit: 20, windowSeconds: HOUR, share: HOUR_SHARE },
      { limit: 20, windowSeconds: DAY, share: DAY_SHARE },
    ],
    youngSends: { seconds: 2 * MINUTE, upTo: 10, share: 2 },
    sends: [{ limit: 60, windowSeconds: DAY, share: 3 }],
    unansweredCountries: [{ limit: 3, windowSeconds: DAY, share: 0.3 }],
    wrongCodes: [{ limit: 30, windowSeconds: HOUR, share: 0.2 }],
    failedSends: [{ limit: 10, windowSeconds: HOUR }],
  },
  prefix: {
    unansweredSends: [
      { limit: 10, windowSeconds: HOUR, share: HOUR_SHARE },
      { limit: 20, windowSeconds: DAY, share: DAY_SHARE },
    ],
  },
  country: {
    unansweredSends: [
      { limit: 50, windowSeconds: HOUR, share: HOUR_SHARE, trickleSeconds: HOUR },
      { limit: 60, windowSeconds: DAY, share: DAY_SHARE, trickleSeconds: HOUR },
    ],
    youngSends: { seconds: 2 * MINUTE, upTo: 20, share: 2 },
  },
  all: {
    unansweredSends: [
      { limit: 200, windowSeconds: HOUR, share: HOUR_SHARE, trickleSeconds: 30 * MINUTE },
      { limit: 200, windowSeconds: DAY, share: 2, trickleSeconds: 30 * MINUTE },
    ],
    youngSends: { seconds: 2 * MINUTE, upTo: 100, share: 2 },
    wrongCodes: [{ limit: 100, windowSeconds: HOUR, share: 0.5 }],
  },
};

/** The part of a day's money that strangers may not use. */
export const DEFAULT_RESERVE = 0.2;
