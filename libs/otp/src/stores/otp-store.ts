/**
 * The ports that a store implements. All of them live in one `OtpStore`, because challenges and counters of a number
 * decide together: replacing one without the other would lose the guarantees.
 *
 * Every time is the store's own clock, in milliseconds since the Unix epoch (for Redis: the server's `TIME`), and never
 * runs backwards for one key. Every operation on one record is atomic.
 */
export interface OtpStore {
  /** Separates applications that share one store; part of every key. */
  readonly namespace: string;
  /** Shown in logs and health: `memory` or `redis`. */
  readonly name: string;
  readonly challenges: ChallengeStore;
  readonly limits: LimitStore;
  readonly marks: MarkStore;
  /** Opens connections and checks the server. Resolves to warnings that an operator should read. Called once, at boot. */
  connect(): Promise<readonly string[]>;
  /** Closes what the store itself opened, and nothing else. */
  close(): Promise<void>;
}

/** The store did not answer in time or answered with an error: the caller fails closed (`store_unavailable`). */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}

/** The memory store is full of records that must not be forgotten: the caller answers `busy`. */
export class StoreFullError extends Error {
  override readonly name = 'StoreFullError';
}

/**
 * What a record stands for. The memory store bounds each kind on its own. `network` is what several IPv6 subscribers
 * share (/56, /48), `prefix` a phone number less its last four digits, `pair` an IP together with a prefix.
 */
export type RecordKind = 'number' | 'ip' | 'network' | 'prefix' | 'country' | 'all' | 'pair';

/** What everybody shares. It is asked last, and only when all others admit: a client that is refused costs it nothing. */
export const SHARED_KINDS: ReadonlySet<RecordKind> = new Set<RecordKind>(['prefix', 'country', 'all']);

/**
 * Names one record: a keyed hash (see `secrets/`), never a phone number or an address. In Redis all that belongs to one
 * record shares one slot: its logs and challenges are one key (`namespace:{n…}` for a number), its tallies another.
 */
export interface RecordKey {
  readonly kind: RecordKind;
  /** 16 base64url characters, 96 bits. */
  readonly index: string;
}

// --- limits --------------------------------------------------------------------------------------------------------

/*
 * Two kinds of counter answer one question, may this be done once more?
 *
 * A log keeps each entry and is exact to the millisecond. It is for numbers: few entries, each worth a lock.
 * A tally keeps sums over short spans. Its size does not grow with what it counts, so it is for what many people share:
 * an IP, a country, everything. It never admits more than its limit in any window, and may refuse for a little longer.
 */

/** What a log in a record counts. */
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

/** One entry that was taken. `at` is unique within its log, so giving back and settling are idempotent. */
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

// --- challenges ----------------------------------------------------------------------------------------------------

export interface ChallengeRef {
  /** The number's record (kind `number`). */
  readonly key: RecordKey;
  /** 128 random bits. */
  readonly id: Buffer;
}

export type DeliveryState = 'queued' | 'sent' | 'delivered' | 'failed' | 'unknown';

/** What the store keeps of a challenge. It never sees a code, a number, a purpose or a subject in clear. */
export interface StoredChallenge {
  /** Counts the codes of this challenge from 1; a resend adds one. */
  readonly generation: number;
  /** Salt (16 bytes) followed by digest (32 bytes). */
  readonly hash: Buffer;
  /** Purpose, number, subject and charges, sealed by the application. */
  readonly sealed: Buffer;
  readonly delivery: DeliveryState;
  readonly attemptsRemaining: number;
  readonly sendsRemaining: number;
  readonly expiresAt: number;
}

export interface NewChallenge {
  readonly hash: Buffer;
  readonly sealed: Buffer;
  readonly ttlSeconds: number;
  readonly attempts: number;
  /** Sends left after the first. */
  readonly sends: number;
}

/** A new code for a challenge: the generation grows, one send is used, the attempts stay as they are. */
export interface NextCode {
  readonly hash: Buffer;
  readonly sealed: Buffer;
  readonly ttlSeconds: number;
}

export type Replacement =
  | { readonly kind: 'code'; readonly code: NextCode }
  /** Keeps the generation. */
  | { readonly kind: 'delivery'; readonly delivery: DeliveryState }
  /**
   * Removes the challenge and, in the same step, settles and gives back charges. With a `nonce` (8 random bytes) a
   * tombstone stays for 30 s: the same call repeated after a lost reply is answered `replaced` again.
   */
  | {
      readonly kind: 'none';
      readonly settle?: readonly Charge[];
      readonly giveBack?: readonly Charge[];
      readonly nonce?: Buffer;
      /** The right code was given. */
      readonly answered?: Answered;
    };

/**
 * What a right code changes of its number, in the step that removes the challenge. Failures in a row are 0 again. When a log
 * charge that it settles is of a device that the number has no more, nothing happens: `stale`, and not live.
 */
export interface Answered {
  /** The number is known for so long from now on; the lane that answered has all its passes again. */
  readonly knownSeconds: number;
  /** Of one IP and prefix no more than `limit` credits of `first` are earned in any `windowSeconds`. */
  readonly firstCredits?: { readonly key: RecordKey; readonly limit: number; readonly windowSeconds: number };
  readonly remember?: RememberedDevice;
}

/** A lane to be added. It is gone after `lifetimeSeconds` without another success, or when newer ones need its place. */
export interface RememberedDevice {
  readonly lane: Lane;
  /** The lane that it takes the place of, logs included; passed over where the number has it not. */
  readonly replaces?: Lane;
  /** How many a number has; above it the one whose last success is longest ago goes. */
  readonly most: number;
  readonly lifetimeSeconds: number;
}

export type Reservation =
  | {
      readonly outcome: 'reserved';
      /** As it is after this attempt was charged. */
      readonly challenge: StoredChallenge;
      readonly charges: readonly Charge[];
      /** Names of budgets that are used up and did not refuse. */
      readonly usedUp: readonly string[];
    }
  /** Unknown, expired, used or cancelled. */
  | { readonly outcome: 'gone' }
  /** No attempts left. */
  | { readonly outcome: 'exhausted' }
  | LimitRefusal;

export interface ChallengeStore {
  /**
   * Adds a challenge to its number's record. `charge` is the send taken for it from that record: when it is no longer
   * there the record was lost in between (eviction, flush) and the answer is `lost`.
   * So it is for an id in use.
   */
  create(
    ref: ChallengeRef,
    challenge: NewChallenge,
    charge: LogCharge,
  ): Promise<{ readonly outcome: 'created'; readonly expiresAt: number } | { readonly outcome: 'lost' }>;
  find(ref: ChallengeRef): Promise<(StoredChallenge & { readonly now: number }) | undefined>;
  /** Charges one attempt to the challenge and to everything of `requests`, or nothing at all. Without its lane it is gone. */
  reserveAttempt(ref: ChallengeRef, requests: readonly LimitRequest[]): Promise<Reservation>;
  /** Compare-and-replace: only when the challenge is live and its generation is `generation`. */
  replaceIf(
    ref: ChallengeRef,
    generation: number,
    replacement: Replacement,
  ): Promise<
    | { readonly outcome: 'replaced'; readonly expiresAt: number }
    /** `live`: the challenge is still there, with another generation, or a new code was refused for want of sends. */
    | { readonly outcome: 'stale'; readonly live: boolean }
  >;
  /** How many live challenges a number has. */
  count(key: RecordKey): Promise<number>;
  /**
   * Removes all live challenges of a number and tells how many; of a removal that races an answer or a resend, one wins
   * as a whole. The logs stay, and so do tombstones: an answer that won before is still told so when it asks again.
   */
  clear(key: RecordKey): Promise<number>;
}

// --- marks ---------------------------------------------------------------------------------------------------------

/** Small values: used proofs, idempotent answers, fingerprints, revocations. Keys are keyed hashes. */
export interface MarkStore {
  /** What was there before, or `undefined` when this call wrote it. */
  putIfAbsent(key: string, value: string, ttlSeconds: number): Promise<string | undefined>;
  /** Writes whatever is there. */
  put(key: string, value: string, ttlSeconds: number): Promise<void>;
  get(key: string): Promise<string | undefined>;
  delete(key: string): Promise<void>;
}
