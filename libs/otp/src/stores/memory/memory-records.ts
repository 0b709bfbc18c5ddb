import type { Clock } from '../../telemetry/clock.js';
import { StoreFullError, type RecordKey, type RecordKind } from '../otp-store.js';
import { isEmpty, MemoryRecord, prune, pruneNumber } from './memory-record.js';
import { RecordTable } from './record-table.js';

/** Records, bounded by kind: a flood of one must not push out the other. */
export class MemoryRecords {
  private readonly tables: Record<RecordKind, RecordTable>;

  constructor(
    private readonly clock: Clock,
    { maxNumbers, maxIps }: { readonly maxNumbers: number; readonly maxIps: number },
  ) {
    this.tables = {
      number: new RecordTable('numbers', maxNumbers),
      ip: new RecordTable('IPs', maxIps),
      network: new RecordTable('networks', maxIps),
      prefix: new RecordTable('prefixes', maxIps),
      pair: new RecordTable('pairs of IP and prefix', maxIps),
      throttle: new RecordTable('throttled keys', maxIps),
      // The application's, not its clients': there are few.
      country: new RecordTable('countries', Number.POSITIVE_INFINITY),
      all: new RecordTable('totals', Number.POSITIVE_INFINITY),
    };
  }

  now(): number {
    return Math.floor(this.clock.now());
  }

  read({ kind, index }: RecordKey): MemoryRecord | undefined {
    return this.tables[kind].get(index);
  }

  /**
   * Puts new records into their tables, all or none; `written` are those that must not make room for them.
   * @throws {StoreFullError} before anything is added
   */
  add(added: readonly MemoryRecord[], written: readonly MemoryRecord[], now: number): void {
    written.forEach((record) => this.tables[record.key.kind].touch(record));
    for (const { key } of added) {
      const count = added.filter((other) => other.key.kind === key.kind).length;
      this.tables[key.kind].makeRoom(count, written, now);
    }
    added.forEach((record) => this.tables[record.key.kind].add(record));
  }

  /** The record of a key to write to, or `undefined` where there is no room for another. */
  tryToAdd(key: RecordKey, now: number): MemoryRecord | undefined {
    const known = this.read(key);
    if (known) {
      return known;
    }
    const record = new MemoryRecord(key);
    try {
      this.add([record], [], now);
      return record;
    } catch (error) {
      if (error instanceof StoreFullError) {
        return undefined;
      }
      throw error;
    }
  }

  /** After something was added to a log or tally of a record, and that was pruned. */
  taken(record: MemoryRecord, now: number): void {
    pruneNumber(record, now);
    this.tables[record.key.kind].touch(record);
  }

  /** After something was added to a record. */
  written(record: MemoryRecord, now: number): void {
    prune(record, now);
    this.tables[record.key.kind].touch(record);
  }

  /** After a record was changed so that it may be empty. */
  amended(record: MemoryRecord, now: number): void {
    this.written(record, now);
    if (isEmpty(record)) {
      this.tables[record.key.kind].delete(record);
    }
  }

  sweep(): void {
    const now = this.now();
    Object.values(this.tables).forEach((table) => table.sweep(now));
  }
}
