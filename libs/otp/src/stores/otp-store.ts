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

/** What a record stands for. The memory store bounds each kind on its own. */
export type RecordKind = 'number' | 'ip';

/**
 * Names one record: a keyed hash (see `secrets/`), never a phone number or an address. In Redis a record is one key
 * (`namespace:{n…}` for a number, `namespace:{i…}` for an IP), so all that belongs to one number shares one slot.
 */
export interface RecordKey {
  readonly kind: RecordKind;
  /** 16 base64url characters, 96 bits. */
  readonly index: string;
}

// --- limits --------------------------------------------------------------------------------------------------------

/** What a log in a record counts. */
export type LogName = 'sends' | 'wrongCodes';

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

/** One question to one log: do these limits admit one more entry? */
export interface LimitRequest {
  readonly key: RecordKey;
  readonly log: LogName;
  readonly windows: readonly WindowLimit[];
  readonly cooldown?: Cooldown;
  /** `false` asks without taking: the decision depends on this log, but no entry is written to it. */
  readonly take: boolean;
}

/** One entry that was taken. `at` is unique within its log, so giving back and settling are idempotent. */
export interface Charge {
  readonly key: RecordKey;
  readonly log: LogName;
  readonly at: number;
}

export interface LimitRefusal {
  readonly outcome: 'refused';
  /** The limit that takes longest to admit again. */
  readonly limit: string;
  /** The request's log and kind, for the caller to tell a locked number from a throttled client. */
  readonly log: LogName;
  readonly kind: RecordKind;
  /** Enough if nobody else takes the key meanwhile. */
  readonly retryAfterMs: number;
  readonly now: number;
}

export interface LimitsTaken {
  readonly outcome: 'taken';
  /** One for each request with `take: true`, in order. */
  readonly charges: readonly Charge[];
  /** When the cooldown admits the next one; `now` without a cooldown. */
  readonly nextAt: number;
  readonly now: number;
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

/**
 * Sliding windows over logs of time stamps: exact upper bounds.
 *
 * All requests are decided at once: either every entry is taken or none. With several refusals the longest wait is told.
 */
export interface LimitStore {
  take(requests: readonly LimitRequest[]): Promise<LimitsTaken | LimitRefusal>;
  /** Tells how full the limits are. Takes and changes nothing, whatever `take` says. */
  count(requests: readonly LimitRequest[]): Promise<LimitsCounted>;
  /**
   * The entries count in no window any more. A send keeps its place in the cooldown until it is settled, so a failing
   * provider cannot be made to try again at once. Idempotent.
   */
  giveBack(charges: readonly Charge[]): Promise<void>;
  /** Marks the entries as answered. Idempotent. */
  settle(charges: readonly Charge[]): Promise<void>;
  /** Forgets the logs of one record (all, or those named); its challenges stay. */
  clear(key: RecordKey, logs?: readonly LogName[]): Promise<void>;
}

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
    };

export type Reservation =
  | {
      readonly outcome: 'reserved';
      /** As it is after this attempt was charged. */
      readonly challenge: StoredChallenge;
      readonly charges: readonly Charge[];
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
    charge: Charge,
  ): Promise<{ readonly outcome: 'created'; readonly expiresAt: number } | { readonly outcome: 'lost' }>;
  find(ref: ChallengeRef): Promise<(StoredChallenge & { readonly now: number }) | undefined>;
  /** Charges one attempt to the challenge and to every log of `requests`, or nothing at all. */
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

/** Small values that are written once: used proofs, fingerprints. Keys are keyed hashes. */
export interface MarkStore {
  /** What was there before, or `undefined` when this call wrote it. */
  putIfAbsent(key: string, value: string, ttlSeconds: number): Promise<string | undefined>;
  get(key: string): Promise<string | undefined>;
  delete(key: string): Promise<void>;
}
