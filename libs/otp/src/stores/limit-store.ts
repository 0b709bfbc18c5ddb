import type { RecordKey, RecordKind } from './record-key.js';

/*
 * Two kinds of counter answer one question, may this be done once more?
 *
 * A log keeps each entry and is exact to the millisecond. It is for few entries: a number's, each worth a lock, and an
 * application's own limits of at most a thousand.
 * A tally keeps sums over short spans. Its size does not grow with what it counts, so it is for what many people share:
 * an IP, a country, everything. It never admits more than its limit in any window, and may refuse for a little longer.
 */

/** What a log in a record counts. In a record of kind `throttle`, `sends` are requests. */
export type LogName = 'sends' | 'wrongCodes';

/**
 * Whose budget a request uses, fixed when the challenge is issued: `public`; `vouched`, the application has authenticated
 * the subject; or `device:` and 8 base64url characters, a trusted device of the number. Each lane has logs of its own.
 */
export type Lane = 'public' | 'vouched' | `device:${string}`;

/** Where logs of a number stand: its lanes, and `trusted`, what all lanes but the public one have together. */
export type LogLane = Lane | 'trusted';

/** At most `limit` entries in any half-open interval of `windowSeconds`. */
export interface WindowLimit {
  /** Stable name for events, e.g. `number.sends.3600`. */
  readonly name: string;
  readonly limit: number;
  readonly windowSeconds: number;
  /** `unanswered` overlooks entries that were settled; default `all`. */
  readonly counts?: 'all' | 'unanswered';
}

/**
 * Time that must pass since the newest unanswered entry: the first step after one unanswered entry within
 * `windowSeconds`, the second after two, …; the last step repeats. No step is shorter than the one before it.
 */
export interface Cooldown {
  readonly name: string;
  readonly stepsSeconds: readonly number[];
  readonly windowSeconds: number;
}

/**
 * Failures in a row, over all lanes and without a window. When `limit` is reached the request is refused until a success
 * or `clear`; `0` counts without refusing. Taking adds one in advance; an answer (`Answered`) sets the count to 0.
 */
export interface FailureLimit {
  readonly name: string;
  readonly limit: number;
}

/**
 * A number that answered within `withinSeconds` is known to the lane that has had fewer than `passes` messages since it
 * answered last, and its request passes over tallies with `unlessKnown`. Taking uses up one of the lane's passes.
 */
export interface KnownRule {
  readonly withinSeconds: number;
  readonly passes: number;
}

/** One question to one log: do these limits admit one more entry? */
export interface LogRequest {
  readonly key: RecordKey;
  /** The log of which lane; default `public`. Only numbers have others. */
  readonly lane?: LogLane;
  readonly log: LogName;
  readonly windows: readonly WindowLimit[];
  readonly cooldown?: Cooldown;
  readonly failures?: FailureLimit;
  readonly known?: KnownRule;
  /**
   * Entries of one millisecond share its time instead of taking the next that is free, so that a burst counts when it came.
   * They have no name then: nothing of such a log is settled or given back. Always the same for one log; default `false`.
   */
  readonly unnamed?: boolean;
  /** `false` asks without taking: the decision depends on this log, but no entry is written to it. */
  readonly take: boolean;
}

/** What a tally counts: messages, wrong codes, messages that were denied or failed, money. */
export type TallyName = 'sends' | 'wrongCodes' | 'failedSends' | 'spending';

/**
 * At most max(`floor`, `share` × credits) in any interval of `windowSeconds`. Credits are those earned in the window or,
 * when that is more, in as long a time of the tally's history (`HISTORY`). Settled amounts count only for `all`.
 */
export interface Budget {
  /** Stable name for events, e.g. `country.unansweredSends.3600`. */
  readonly name: string;
  readonly counts: 'all' | 'unanswered';
  readonly windowSeconds: number;
  readonly floor: number;
  /** 0 for a fixed limit. */
  readonly share: number;
  /** Overlooks what was taken less than `seconds` ago, up to max(`upTo`, `share` × credits in the window). */
  readonly young?: { readonly seconds: number; readonly upTo: number; readonly share: number };
  /** When used up, still admits one request in this many seconds. */
  readonly trickleSeconds?: number;
  /** Only told, never refused by. */
  readonly observe?: boolean;
}

/**
 * At most max(`limit`, `share` × credits of the last `windowSeconds`) different values with something unanswered of the
 * last `windowSeconds`.
 */
export interface DistinctLimit {
  readonly name: string;
  /** At most 8 characters. */
  readonly value: string;
  readonly limit: number;
  readonly share: number;
  readonly windowSeconds: number;
  readonly observe?: boolean;
}

/** One question to one tally: do these budgets admit `amount` more? */
export interface TallyRequest {
  readonly key: RecordKey;
  readonly tally: TallyName;
  /** A whole number of at least 1. */
  readonly amount: number;
  readonly budgets: readonly Budget[];
  readonly distinct?: DistinctLimit;
  /** Neither asked nor taken when the number of the same call is known (`KnownRule`). */
  readonly unlessKnown?: boolean;
  readonly take: boolean;
}

export type LimitRequest = LogRequest | TallyRequest;

/**
 * One entry that was taken. `at` is unique within its log, so giving back and settling are idempotent; not so in a log
 * that is `unnamed`.
 */
export interface LogCharge {
  readonly key: RecordKey;
  readonly lane?: LogLane;
  readonly log: LogName;
  readonly at: number;
}

/** An amount that was taken. A tally has no entries, so giving back and settling twice counts twice. */
export interface TallyCharge {
  readonly key: RecordKey;
  readonly tally: TallyName;
  readonly amount: number;
  /** When it was taken; finds the span to which it belongs. */
  readonly at: number;
  /** `DistinctLimit.value`. */
  readonly value?: string;
  /**
   * Whether settling earns a credit: `always`; `daily`, when the number had not answered on this day (UTC); `first`, when the
   * number was not known and `Answered.firstCredits` admits it. Without it none. `amount` may be 0 to earn only that.
   */
  readonly credit?: 'always' | 'daily' | 'first';
}

export type Charge = LogCharge | TallyCharge;

export interface LimitRefusal {
  readonly outcome: 'refused';
  /** The limit that takes longest to admit again. */
  readonly limit: string;
  /** The request's log or tally and its kind, for the caller to tell a locked number from a throttled client. */
  readonly log: LogName | TallyName;
  readonly kind: RecordKind;
  /**
   * Enough for what was asked, if nobody else takes the key meanwhile and, for budgets that overlook what is young or have
   * a share, if as much is answered.
   */
  readonly retryAfterMs: number;
  readonly now: number;
  /** Names of all limits that refused, as far as they were asked; what is only observed refuses nothing. */
  readonly usedUp: readonly string[];
}

export interface LimitsTaken {
  readonly outcome: 'taken';
  /** One for each request with `take: true` that was not passed over, in order. */
  readonly charges: readonly Charge[];
  /** When the cooldown admits the next one; `now` without a cooldown. */
  readonly nextAt: number;
  readonly now: number;
  /** Whether the number was known, so that `unlessKnown` was passed over. */
  readonly known: boolean;
  /** Names of budgets that are used up and did not refuse: observed, or admitted by their trickle. */
  readonly usedUp: readonly string[];
}

/** A `device:` lane that the number has not (any more); nothing was taken. */
export interface NoSuchLane {
  readonly outcome: 'no_such_lane';
}

/** How full one window is. */
export interface WindowUse extends WindowLimit {
  /** Entries that count in the window now. */
  readonly used: number;
  /** When it admits one more: `now` when it does already. */
  readonly admitsAt: number;
}

/** How full the limits of one request are. */
export interface LimitUse {
  readonly log: LogName;
  /** In the order of the request. */
  readonly windows: readonly WindowUse[];
  /** When the cooldown admits one more: `now` when it does already, and without a cooldown. */
  readonly cooldownEndsAt: number;
}

export interface LimitsCounted {
  /** One for each request, in order. */
  readonly uses: readonly LimitUse[];
  readonly now: number;
}

/** What a number's record knows beside its logs. */
export interface NumberState {
  /** The last right answer. */
  readonly answeredAt?: number;
  /** Messages of the public lane since its last right answer, as far as they used up passes. */
  readonly passesUsed: number;
  /** Failures in a row. */
  readonly failures: number;
  /** How many trusted devices it has. */
  readonly devices: number;
}

/** What `clear` forgets, in every lane. Without devices and `known` a number's next message counts as a stranger's. */
export type Clearable = LogName | 'failures' | 'devices' | 'known';

/**
 * All requests of a call are decided at once: either everything is taken or nothing. Those of `SHARED_KINDS` stand last and
 * are asked only when all before them admit. Of those asked the longest wait is told.
 */
export interface LimitStore {
  take(requests: readonly LimitRequest[]): Promise<LimitsTaken | LimitRefusal | NoSuchLane>;
  /** Tells how full the limits of logs are. Takes and changes nothing, whatever `take` says. */
  count(requests: readonly LogRequest[]): Promise<LimitsCounted>;
  numberState(key: RecordKey): Promise<NumberState>;
  /**
   * What was taken counts in no window any more. A send keeps its place in its log's cooldown until it is settled, so a
   * failing provider cannot be made to try again at once. Idempotent for logs.
   */
  giveBack(charges: readonly Charge[]): Promise<void>;
  /** Marks what was taken as answered, and earns credits of `always`. Idempotent for logs. */
  settle(charges: readonly Charge[]): Promise<void>;
  /** Forgets parts of one record (without `what`: all logs); its challenges and tallies stay. */
  clear(key: RecordKey, what?: readonly Clearable[]): Promise<void>;
}

/**
 * How long a span of a tally may be, by its age. A span counts until its newest amount has left the window, so a budget
 * never admits more than its limit in any window, and refuses for at most a span longer: a sixtieth of an hour or a day.
 */
export const SPANS: readonly { readonly upToAgeMs: number; readonly widthMs: number }[] = [
  { upToAgeMs: 120_000, widthMs: 10_000 },
  { upToAgeMs: 3_600_000, widthMs: 60_000 },
  { upToAgeMs: 90_000_000, widthMs: 1_440_000 },
  { upToAgeMs: Number.POSITIVE_INFINITY, widthMs: 21_600_000 },
];

/** How a tally's history grows: it moves by a seventh a day towards the credits of the day that ended. */
export const HISTORY = {
  /** Weight of one day. */
  weight: 1 / 7,
  /** A day raises it to at most this many times what it was, or to `start` where that is more. */
  growth: 2,
  start: 20,
  /** The busiest hour has this many times the credits of an average one; no window counts for more than a day. */
  peak: 3,
} as const;
