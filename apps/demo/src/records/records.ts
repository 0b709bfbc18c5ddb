import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { ZodType } from 'zod';
import { RECORD_STORE, type RecordChange, type RecordStore, RecordStoreUnavailableError } from './record.store.js';
import { Seal } from './seal.js';

export interface RecordKind<T> {
  /** Part of the record's key: lower-case letters and hyphens. */
  readonly name: string;
  readonly schema: ZodType<T>;
  readonly ttlSeconds: number;
}

/** A record as it was read. What is planned with it is made only where it is still the same. */
export interface SeenRecord<T> {
  /** `undefined` where there is none that can be read. */
  readonly value: T | undefined;
  /** This in its place, for the whole time of its kind. */
  put(next: T): RecordChange;
  /** This in its place, for what is left of its time. */
  change(next: T): RecordChange;
  remove(): RecordChange;
}

/** What should become of records that were seen. */
export interface Plan<R> {
  /** All are made or none; none at all is fine too. */
  readonly changes: readonly RecordChange[];
  readonly result: R;
}

/** Each try sees what the one that came between it has left, so of many at once as many get through. */
const MOST_TRIES = 50;

/** Typed records, sealed before any store sees them. */
@Injectable()
export class Records implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(RECORD_STORE) private readonly store: RecordStore,
    private readonly seal: Seal,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.store.connect();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }

  async find<T>(kind: RecordKind<T>, id: string): Promise<T | undefined> {
    return (await this.see(kind, id)).value;
  }

  async put<T>(kind: RecordKind<T>, id: string, value: T): Promise<void> {
    await this.store.put({ kind: kind.name, id }, this.write(kind, id, value), kind.ttlSeconds);
  }

  async delete<T>(kind: RecordKind<T>, id: string): Promise<void> {
    await this.store.delete({ kind: kind.name, id });
  }

  async see<T>(kind: RecordKind<T>, id: string): Promise<SeenRecord<T>> {
    const key = { kind: kind.name, id };
    const former = await this.store.find(key);
    const change = (next: T | undefined, ttlSeconds: RecordChange['ttlSeconds']): RecordChange => {
      const value = next === undefined ? undefined : this.write(kind, id, next);
      return { key, former, value, ttlSeconds };
    };
    return {
      value: former === undefined ? undefined : this.read(kind, id, former),
      put: (next) => change(next, kind.ttlSeconds),
      change: (next) => change(next, 'kept'),
      remove: () => change(undefined, 'kept'),
    };
  }

  /** Plans again, with what there is by then, as long as others change the same records in between. */
  async transact<R>(plan: () => Promise<Plan<R>>): Promise<R> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const { changes, result } = await plan();
      if (changes.length === 0 || (await this.store.commit(changes))) {
        return result;
      }
    }
    throw new RecordStoreUnavailableError('a record is changed by too many at once');
  }

  /** Changes one record; `undefined` where there is none, or `change` answers so. */
  async update<T>(kind: RecordKind<T>, id: string, change: (value: T) => T | undefined): Promise<T | undefined> {
    return this.transact(async () => {
      const seen = await this.see(kind, id);
      const result = seen.value === undefined ? undefined : change(seen.value);
      return { changes: result === undefined ? [] : [seen.change(result)], result };
    });
  }

  private write<T>(kind: RecordKind<T>, id: string, value: T): string {
    return this.seal.seal(JSON.stringify(value), nameOf(kind, id));
  }

  /** What was sealed by secrets that are gone, or says what this version does not know, is as good as not there. */
  private read<T>(kind: RecordKind<T>, id: string, sealed: string): T | undefined {
    const text = this.seal.open(sealed, nameOf(kind, id));
    return text === undefined ? undefined : kind.schema.safeParse(JSON.parse(text)).data;
  }
}

function nameOf<T>({ name }: RecordKind<T>, id: string): string {
  return `${name}:${id}`;
}
