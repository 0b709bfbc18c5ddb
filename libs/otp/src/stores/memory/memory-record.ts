import type { DeliveryState, LogLane, LogName, RecordKey, StoredChallenge, TallyName } from '../otp-store.js';
import type { Linked, LinkedList } from './linked-list.js';
import { logUntil, type Log } from './log.js';
import {
  isBlank,
  laneOf,
  newLogs,
  newNumberData,
  numberDataPinnedUntil,
  numberDataUntil,
  pruneLogs,
  pruneNumberData,
  type Logs,
  type NumberData,
} from './number-data.js';
import { newTally, tallyUntil, tidyTally, type Tally } from './tally.js';

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

export const TOMBSTONE_MS = 30_000;
const TALLY_NAMES = ['sends', 'wrongCodes', 'failedSends', 'spending'] as const satisfies readonly TallyName[];

/** All that is kept of one number, one IP, one country …; parts are there from their first use on. */
export class MemoryRecord implements Linked<MemoryRecord> {
  list: LinkedList<MemoryRecord> | undefined;
  older: MemoryRecord | undefined;
  newer: MemoryRecord | undefined;
  /** Since it came to its place among the others. */
  wasWritten = false;
  readonly logs: Logs = newLogs();
  readonly tallies: Record<TallyName, Tally | undefined> = {
    sends: undefined,
    wrongCodes: undefined,
    failedSends: undefined,
    spending: undefined,
  };
  number: NumberData | undefined;
  /** By the challenge's id in hex. */
  challenges: Map<string, MemoryChallenge> | undefined;
  tombstones: Map<string, Tombstone> | undefined;

  constructor(readonly key: RecordKey) {}

  log(name: LogName, lane: LogLane | undefined, now: number): Log | undefined {
    const logs = lane === undefined || lane === 'public' ? this.logs : laneOf(this.number, lane, now)?.logs;
    return logs?.[name];
  }

  logToWrite(name: LogName, lane: LogLane | undefined, now: number): Log {
    const logs = lane === undefined || lane === 'public' ? this.logs : this.laneToWrite(lane, now);
    return (logs[name] ??= { entries: [], horizonMs: 0 });
  }

  private laneToWrite(lane: LogLane, now: number): Logs {
    const { lanes } = this.numberToWrite();
    const found = lanes.get(lane) ?? { logs: newLogs(), passesUsed: 0, seenAt: now, lifetimeMs: 0 };
    lanes.set(lane, found);
    return found.logs;
  }

  tallyToWrite(name: TallyName): Tally {
    return (this.tallies[name] ??= newTally());
  }

  numberToWrite(): NumberData {
    return (this.number ??= newNumberData());
  }
}

export function liveChallenge(record: MemoryRecord | undefined, id: Buffer, now: number): MemoryChallenge | undefined {
  const challenge = record?.challenges?.get(id.toString('hex'));
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
  pruneLogs(record.logs, now);
  for (const name of TALLY_NAMES) {
    const tally = record.tallies[name];
    if (tally) {
      tidyTally(tally, now);
    }
  }
  pruneNumber(record, now);
}

/** The same beside logs and tallies. */
export function pruneNumber(record: MemoryRecord, now: number): void {
  if (record.number) {
    pruneNumberData(record.number, now);
    record.number = isBlank(record.number) ? undefined : record.number;
  }
  if (record.challenges) {
    dropWhere(record.challenges, ({ expiresAt }) => now >= expiresAt);
  }
  if (record.tombstones) {
    dropWhere(record.tombstones, ({ removedAt }) => now >= removedAt + TOMBSTONE_MS);
  }
}

function dropWhere<T>(map: Map<string, T>, isOver: (value: T) => boolean): void {
  for (const [name, value] of map) {
    if (isOver(value)) {
      map.delete(name);
    }
  }
}

export function isEmpty(record: MemoryRecord): boolean {
  return neededUntil(record) === 0;
}

/** Until when a record may not be evicted: it guards a lock, a failure count or a live challenge. 0 for never. */
export function pinnedUntil({ logs, tallies, number, challenges }: MemoryRecord): number {
  let until = logUntil(logs.wrongCodes);
  if (tallies.wrongCodes && !tallies.wrongCodes.spans.isEmpty) {
    until = Math.max(until, tallies.wrongCodes.spans.newestAt + tallies.wrongCodes.horizonMs);
  }
  if (number) {
    until = Math.max(until, numberDataPinnedUntil(number));
  }
  for (const { expiresAt } of challenges?.values() ?? []) {
    until = Math.max(until, expiresAt);
  }
  return until;
}

/** When nothing of a record will be needed any more. 0 when it is empty. */
export function neededUntil(record: MemoryRecord): number {
  const { logs, tallies, number, tombstones } = record;
  let until = Math.max(pinnedUntil(record), logUntil(logs.sends), number ? numberDataUntil(number) : 0);
  for (const name of TALLY_NAMES) {
    const tally = tallies[name];
    until = tally ? Math.max(until, tallyUntil(tally)) : until;
  }
  for (const { removedAt } of tombstones?.values() ?? []) {
    until = Math.max(until, removedAt + TOMBSTONE_MS);
  }
  return until;
}
