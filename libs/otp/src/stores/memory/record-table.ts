import { StoreFullError } from '../otp-store.js';
import { LinkedList } from './linked-list.js';
import { neededUntil, pinnedUntil, type MemoryRecord } from './memory-record.js';

/** Looking through everything is linear: however full the table is, it happens at most this often. */
const SWEEP_PAUSE_MS = 1_000;

/**
 * The records of one kind, bounded. What guards a lock, a failure count or a live challenge is pinned and never evicted;
 * of the others one goes that was not written for long (a clock with a second chance).
 */
export class RecordTable {
  private readonly records = new Map<string, MemoryRecord>();
  /** Whether one is pinned, or was written since it came here, is only asked when room is wanted. */
  private readonly loose = new LinkedList<MemoryRecord>();
  private readonly pinned = new LinkedList<MemoryRecord>();
  private lastSweepAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly name: string,
    private readonly maxRecords: number,
  ) {}

  get(index: string): MemoryRecord | undefined {
    return this.records.get(index);
  }

  /** There must be room for it. */
  add(record: MemoryRecord): void {
    this.records.set(record.key.index, record);
    this.loose.append(record);
  }

  /** It was written: it moves to the end when it would be evicted, which costs a decision less than to move it now. */
  touch(record: MemoryRecord): void {
    record.wasWritten = true;
    if (record.list === this.pinned) {
      this.loose.moveToEnd(record);
    }
  }

  delete(record: MemoryRecord): void {
    if (record.list) {
      record.list.remove(record);
      this.records.delete(record.key.index);
    }
  }

  /**
   * Evicts until `added` more have room, but none of `kept`.
   * @throws {StoreFullError} when what is left is pinned
   */
  makeRoom(added: number, kept: readonly MemoryRecord[], now: number): void {
    if (this.hasRoom(added)) {
      return;
    }
    if (Math.abs(now - this.lastSweepAt) >= SWEEP_PAUSE_MS) {
      this.sweep(now);
    }
    const aside = new Set(kept.filter(({ list }) => list === this.loose));
    aside.forEach((record) => this.loose.remove(record));
    while (!this.hasRoom(added) && this.loose.oldest) {
      this.evictOrPass(this.loose.oldest, now);
    }
    aside.forEach((record) => this.loose.append(record));
    if (!this.hasRoom(added)) {
      throw new StoreFullError(
        `The memory store is full: ${this.maxRecords} ${this.name} with failures or live challenges`,
      );
    }
  }

  private hasRoom(added: number): boolean {
    return this.records.size + added <= this.maxRecords;
  }

  private evictOrPass(record: MemoryRecord, now: number): void {
    if (pinnedUntil(record) > now) {
      this.pinned.moveToEnd(record);
    } else if (record.wasWritten) {
      record.wasWritten = false;
      this.loose.moveToEnd(record);
    } else {
      this.delete(record);
    }
  }

  /** Removes what has expired and unpins what need not be kept any more. */
  sweep(now: number): void {
    this.lastSweepAt = now;
    for (const record of this.records.values()) {
      if (neededUntil(record) <= now) {
        this.delete(record);
      } else if (record.list === this.pinned && pinnedUntil(record) <= now) {
        this.loose.moveToEnd(record);
      }
    }
  }
}
