import type { Charge, Lane, LimitRefusal, LimitRequest, LogCharge } from './limit-store.js';
import type { RecordKey } from './record-key.js';

export interface ChallengeRef {
  /** The number's record (kind `number`). */
  readonly key: RecordKey;
  /** 128 random bits. */
  readonly id: Buffer;
}

/** In the order in which a message gets on: `queued`, `unknown`, `sent`, and one of `delivered` and `failed`, which are final. */
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
  /** Keeps the generation. Never goes back: refused (`stale`, live) unless it comes later than the state that is there. */
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
    /**
     * `live`: the challenge is still there, with another generation, a new code was refused for want of sends, or its
     * delivery is no less far.
     */
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
