import type { RecordChange, RecordKey, RecordStore } from './record.store.js';

interface Entry {
  readonly value: string;
  readonly expiresAt: number;
}

export interface MemoryRecordStoreOptions {
  /** Of each kind; the oldest makes room for one more. @default 10_000 */
  readonly maxRecords?: number;
  /** Milliseconds since the Unix epoch. @default Date.now */
  readonly now?: () => number;
}

/** Records of one process. */
export class MemoryRecordStore implements RecordStore {
  /** By kind, so that a flood of one kind does not end another. */
  private readonly kinds = new Map<string, Map<string, Entry>>();
  private readonly maxRecords: number;
  private readonly now: () => number;

  constructor({ maxRecords = 10_000, now = Date.now }: MemoryRecordStoreOptions = {}) {
    this.maxRecords = maxRecords;
    this.now = now;
  }

  async connect(): Promise<void> {}

  async find(key: RecordKey): Promise<string | undefined> {
    return this.live(key)?.value;
  }

  async put(key: RecordKey, value: string, ttlSeconds: number): Promise<void> {
    this.make({ key, former: undefined, value, ttlSeconds });
  }

  async commit(changes: readonly RecordChange[]): Promise<boolean> {
    if (changes.some(({ key, former }) => this.live(key)?.value !== former)) {
      return false;
    }
    changes.forEach((change) => this.make(change));
    return true;
  }

  async delete(key: RecordKey): Promise<void> {
    this.entriesOf(key).delete(key.id);
  }

  async close(): Promise<void> {
    this.kinds.clear();
  }

  private make({ key, value, ttlSeconds }: RecordChange): void {
    const entries = this.entriesOf(key);
    const entry = entries.get(key.id);
    if (value !== undefined && ttlSeconds === 'kept') {
      // In its old place: the map is in the order in which its records expire.
      entries.set(key.id, { value, expiresAt: entry?.expiresAt ?? this.now() });
      return;
    }
    entries.delete(key.id);
    if (value !== undefined && ttlSeconds !== 'kept') {
      entries.set(key.id, { value, expiresAt: this.now() + ttlSeconds * 1000 });
      this.makeRoom(entries);
    }
  }

  private live(key: RecordKey): Entry | undefined {
    const entries = this.entriesOf(key);
    const entry = entries.get(key.id);
    if (entry === undefined || entry.expiresAt > this.now()) {
      return entry;
    }
    entries.delete(key.id);
    return undefined;
  }

  private entriesOf({ kind }: RecordKey): Map<string, Entry> {
    const entries = this.kinds.get(kind) ?? new Map<string, Entry>();
    this.kinds.set(kind, entries);
    return entries;
  }

  /** Records of one kind live equally long, so the oldest of the map is the next to expire. */
  private makeRoom(entries: Map<string, Entry>): void {
    const now = this.now();
    for (const [id, entry] of entries) {
      if (entry.expiresAt > now && entries.size <= this.maxRecords) {
        return;
      }
      entries.delete(id);
    }
  }
}
