import { StoreFullError } from '../otp-store.js';
import { isEmpty, neededUntil, pinnedUntil, type MemoryRecord } from './memory-record.js';

interface Row {
  readonly record: MemoryRecord;
  readonly neededUntil: number;
  readonly pinnedUntil: number;
}

/** Looking through everything is linear: however full the table is, it happens at most this often. */
const SWEEP_PAUSE_MS = 1_000;

/**
 * The records of one kind, bounded. What guards a lock, a failure count or a live challenge is pinned and never evicted;
 * of the others the one written longest ago goes first. Both maps keep the order of writing.
 */
export class RecordTable {
  private readonly loose = new Map<string, Row>();
  private readonly pinned = new Map<string, Row>();
  private lastSweepAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly name: string,
    private readonly maxRecords: number,
  ) {}

  get size(): number {
    return this.loose.size + this.pinned.size;
  }

  get(index: string): MemoryRecord | undefined {
    return (this.pinned.get(index) ?? this.loose.get(index))?.record;
  }

  put(index: string, record: MemoryRecord, now: number): void {
    this.delete(index);
    if (!isEmpty(record)) {
      const row = { record, neededUntil: neededUntil(record), pinnedUntil: pinnedUntil(record) };
      (row.pinnedUntil > now ? this.pinned : this.loose).set(index, row);
    }
  }

  /**
   * Makes sure that all of `indexes` can be written, evicting others if need be.
   * @throws {StoreFullError} when what is left is pinned
   */
  makeRoom(indexes: ReadonlySet<string>, now: number): void {
    const added = [...indexes].filter((index) => this.get(index) === undefined).length;
    const isFull = () => this.size + added > this.maxRecords;
    if (added > 0 && isFull() && Math.abs(now - this.lastSweepAt) >= SWEEP_PAUSE_MS) {
      this.sweep(now);
    }
    for (const index of this.loose.keys()) {
      if (!isFull()) {
        break;
      }
      if (!indexes.has(index)) {
        this.loose.delete(index);
      }
    }
    if (added > 0 && isFull()) {
      throw new StoreFullError(
        `The memory store is full: ${this.maxRecords} ${this.name} with failures or live challenges`,
      );
    }
  }

  /** Removes what has expired and unpins what need not be kept any more. */
  sweep(now: number): void {
    this.lastSweepAt = now;
    for (const [index, row] of this.pinned) {
      if (row.pinnedUntil <= now) {
        this.pinned.delete(index);
        this.loose.set(index, row);
      }
    }
    for (const [index, row] of this.loose) {
      if (row.neededUntil <= now) {
        this.loose.delete(index);
      }
    }
  }

  private delete(index: string): void {
    this.loose.delete(index);
    this.pinned.delete(index);
  }
}
