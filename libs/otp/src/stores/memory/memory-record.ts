import type { DeliveryState, LogName, StoredChallenge } from '../otp-store.js';

export interface LogEntry {
  readonly at: number;
  /** Given back, an entry counts in no window and still starts its cooldown. */
  readonly state: 'unanswered' | 'answered' | 'givenBack';
}

/** Entries, oldest first. */
export interface Log {
  readonly entries: readonly LogEntry[];
  /** The longest window ever asked of this log: younger entries must not be forgotten. */
  readonly horizonMs: number;
}

export interface MemoryChallenge {
  readonly generation: number;
  readonly hash: Buffer;
  readonly sealed: Buffer;
  readonly delivery: DeliveryState;
  readonly attempts: number;
  readonly sends: number;
  readonly expiresAt: number;
}

export interface Tombstone {
  readonly nonce: Buffer;
  readonly removedAt: number;
}

/** All that is kept of one number or one IP. Values are never changed in place, so a copy of the record is a draft. */
export interface MemoryRecord {
  readonly logs: Record<LogName, Log>;
  /** By the challenge's id in hex. */
  readonly challenges: Map<string, MemoryChallenge>;
  readonly tombstones: Map<string, Tombstone>;
}

export const TOMBSTONE_MS = 30_000;
export const EMPTY_LOG: Log = { entries: [], horizonMs: 0 };

export function draftOf(record: MemoryRecord | undefined): MemoryRecord {
  return {
    logs: record ? { ...record.logs } : { sends: EMPTY_LOG, wrongCodes: EMPTY_LOG },
    challenges: new Map(record?.challenges),
    tombstones: new Map(record?.tombstones),
  };
}

export function liveChallenge(record: MemoryRecord | undefined, id: Buffer, now: number): MemoryChallenge | undefined {
  const challenge = record?.challenges.get(id.toString('hex'));
  return challenge && now < challenge.expiresAt ? challenge : undefined;
}

/** A copy that shares no bytes with the store. */
export function toStored({ attempts, sends, hash, sealed, ...rest }: MemoryChallenge): StoredChallenge {
  return {
    ...rest,
    hash: Buffer.from(hash),
    sealed: Buffer.from(sealed),
    attemptsRemaining: attempts,
    sendsRemaining: sends,
  };
}

/** Forgets what nobody will ask for again. */
export function prune(record: MemoryRecord, now: number): void {
  record.logs.sends = pruneLog(record.logs.sends, now);
  record.logs.wrongCodes = pruneLog(record.logs.wrongCodes, now);
  for (const [id, challenge] of record.challenges) {
    if (now >= challenge.expiresAt) {
      record.challenges.delete(id);
    }
  }
  for (const [id, tombstone] of record.tombstones) {
    if (now >= tombstone.removedAt + TOMBSTONE_MS) {
      record.tombstones.delete(id);
    }
  }
}

function pruneLog({ entries, horizonMs }: Log, now: number): Log {
  const newest = entries.at(-1)?.at ?? now;
  const kept = entries.filter(({ at }) => at > Math.max(now, newest) - horizonMs);
  return kept.length > 0 ? { entries: kept, horizonMs } : EMPTY_LOG;
}

export function isEmpty({ logs, challenges, tombstones }: MemoryRecord): boolean {
  return untilOf(logs.sends) === 0 && untilOf(logs.wrongCodes) === 0 && challenges.size === 0 && tombstones.size === 0;
}

/** Until when a record may not be evicted: it guards a lock, a failure count or a live challenge. 0 for never. */
export function pinnedUntil({ logs, challenges }: MemoryRecord): number {
  return Math.max(untilOf(logs.wrongCodes), ...[...challenges.values()].map(({ expiresAt }) => expiresAt));
}

/** When nothing of a record will be needed any more. */
export function neededUntil(record: MemoryRecord): number {
  const tombstones = [...record.tombstones.values()].map(({ removedAt }) => removedAt + TOMBSTONE_MS);
  return Math.max(pinnedUntil(record), untilOf(record.logs.sends), ...tombstones);
}

function untilOf({ entries, horizonMs }: Log): number {
  const newest = entries.at(-1);
  return newest ? newest.at + horizonMs : 0;
}
