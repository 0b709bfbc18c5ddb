import type { ChallengeStore } from './challenge-store.js';
import type { LimitStore } from './limit-store.js';
import type { MarkStore } from './mark-store.js';

export type {
  Answered,
  ChallengeRef,
  ChallengeStore,
  DeliveryState,
  NewChallenge,
  NextCode,
  RememberedDevice,
  Replacement,
  Reservation,
  StoredChallenge,
} from './challenge-store.js';
export type {
  Budget,
  Charge,
  Clearable,
  Cooldown,
  DistinctLimit,
  FailureLimit,
  KnownRule,
  Lane,
  LimitRefusal,
  LimitRequest,
  LimitStore,
  LimitUse,
  LimitsCounted,
  LimitsTaken,
  LogCharge,
  LogLane,
  LogName,
  LogRequest,
  NoSuchLane,
  NumberState,
  TallyCharge,
  TallyName,
  TallyRequest,
  WindowLimit,
  WindowUse,
} from './limit-store.js';
export { HISTORY, SPANS } from './limit-store.js';
export type { MarkStore } from './mark-store.js';
export type { RecordKey, RecordKind } from './record-key.js';
export { SHARED_KINDS } from './record-key.js';

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
