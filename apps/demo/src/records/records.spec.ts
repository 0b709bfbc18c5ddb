import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MemoryRecordStore } from './memory-record.store.js';
import { RecordStoreUnavailableError } from './record.store.js';
import { type RecordKind, Records } from './records.js';
import { Seal } from './seal.js';

const COUNTERS: RecordKind<{ readonly n: number }> = {
  name: 'counter',
  schema: z.strictObject({ n: z.number() }),
  ttlSeconds: 60,
};

function start({ secret = 'a-secret-of-more-than-thirty-two-characters', store = new MemoryRecordStore() } = {}) {
  return { store, records: new Records(store, new Seal({ secrets: [secret] })) };
}

describe('Records', () => {
  it('a store sees sealed text only', async () => {
    const { store, records } = start();
    await records.put(COUNTERS, 'a', { n: 31_612_345 });
    expect(await store.find({ kind: 'counter', id: 'a' })).toMatch(/^[\w-]{40,}$/);
    expect(await records.find(COUNTERS, 'a')).toEqual({ n: 31_612_345 });
  });

  it('a record of another schema is as good as absent', async () => {
    const { records } = start();
    const former: RecordKind<{ readonly count: string }> = {
      ...COUNTERS,
      schema: z.strictObject({ count: z.string() }),
    };
    await records.put(former, 'a', { count: 'three' });
    expect(await records.find(COUNTERS, 'a')).toBeUndefined();
    expect(await records.update(COUNTERS, 'a', ({ n }) => ({ n: n + 1 }))).toBeUndefined();
  });

  it('a record that cannot be opened is as good as absent, and can be taken', async () => {
    const { store, records } = start();
    await records.put(COUNTERS, 'a', { n: 1 });
    const { records: others } = start({ store, secret: 'another-secret-of-more-than-32-characters' });
    expect(await others.find(COUNTERS, 'a')).toBeUndefined();
    const seen = await others.see(COUNTERS, 'a');
    await others.transact(async () => ({ changes: [seen.put({ n: 2 })], result: undefined }));
    expect(await others.find(COUNTERS, 'a')).toEqual({ n: 2 });
  });

  it('a record that was copied to another name does not open there', async () => {
    const { store, records } = start();
    await records.put(COUNTERS, 'a', { n: 1 });
    await store.put({ kind: 'counter', id: 'b' }, (await store.find({ kind: 'counter', id: 'a' })) ?? '', 60);
    expect(await records.find(COUNTERS, 'b')).toBeUndefined();
  });

  it('of many changes at once none is lost', async () => {
    const { records } = start();
    await records.put(COUNTERS, 'a', { n: 0 });
    await Promise.all(Array.from({ length: 30 }, () => records.update(COUNTERS, 'a', ({ n }) => ({ n: n + 1 }))));
    expect(await records.find(COUNTERS, 'a')).toEqual({ n: 30 });
  });

  it('changes nothing where the change says so', async () => {
    const { records } = start();
    await records.put(COUNTERS, 'a', { n: 1 });
    expect(await records.update(COUNTERS, 'a', () => undefined)).toBeUndefined();
    expect(await records.find(COUNTERS, 'a')).toEqual({ n: 1 });
  });

  it('L1 gives up on a record that others change without end', async () => {
    const { records } = start();
    await records.put(COUNTERS, 'a', { n: 0 });
    const outrun = records.transact(async () => {
      const seen = await records.see(COUNTERS, 'a');
      await records.put(COUNTERS, 'a', { n: (seen.value?.n ?? 0) + 1 });
      return { changes: [seen.change({ n: -1 })], result: undefined };
    });
    await expect(outrun).rejects.toThrow(RecordStoreUnavailableError);
    expect((await records.find(COUNTERS, 'a'))?.n).toBeGreaterThan(0);
  });
});
