import type { Clock } from '../../telemetry/clock.js';
import type { RecordKey, RecordKind } from '../otp-store.js';
import { draftOf, isEmpty, prune, type MemoryRecord } from './memory-record.js';
import { RecordTable } from './record-table.js';

/** Numbers and IPs, bounded each on their own: a flood of one must not push out the other. */
export class MemoryRecords {
  private readonly tables: Record<RecordKind, RecordTable>;

  constructor(
    private readonly clock: Clock,
    { maxNumbers, maxIps }: { readonly maxNumbers: number; readonly maxIps: number },
  ) {
    this.tables = { number: new RecordTable('numbers', maxNumbers), ip: new RecordTable('IPs', maxIps) };
  }

  now(): number {
    return Math.floor(this.clock.now());
  }

  read({ kind, index }: RecordKey): MemoryRecord | undefined {
    return this.tables[kind].get(index);
  }

  /** Changes to several records that happen together or not at all. */
  begin(): Changes {
    return new Changes(this.tables);
  }

  sweep(): void {
    const now = this.now();
    this.tables.number.sweep(now);
    this.tables.ip.sweep(now);
  }
}

/** Drafts of records. What is not committed has not happened. */
export class Changes {
  private readonly drafts: Record<RecordKind, Map<string, MemoryRecord>> = { number: new Map(), ip: new Map() };

  constructor(private readonly tables: Readonly<Record<RecordKind, RecordTable>>) {}

  draft({ kind, index }: RecordKey): MemoryRecord {
    const drafts = this.drafts[kind];
    const draft = drafts.get(index) ?? draftOf(this.tables[kind].get(index));
    drafts.set(index, draft);
    return draft;
  }

  /** @throws {StoreFullError} before anything is written */
  commit(now: number): void {
    const kinds = ['number', 'ip'] as const;
    for (const kind of kinds) {
      const kept = new Set<string>();
      for (const [index, draft] of this.drafts[kind]) {
        prune(draft, now);
        if (!isEmpty(draft)) {
          kept.add(index);
        }
      }
      this.tables[kind].makeRoom(kept, now);
    }
    for (const kind of kinds) {
      for (const [index, draft] of this.drafts[kind]) {
        this.tables[kind].put(index, draft, now);
      }
    }
  }
}
