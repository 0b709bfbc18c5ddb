import { describe, expect, it } from 'vitest';
import { recordStoreContract } from '../../test/records/record-store-contract.js';
import { MemoryRecordStore } from './memory-record.store.js';

const key = (id: string, kind = 'session') => ({ kind, id });

recordStoreContract('MemoryRecordStore', async () => {
  const store = new MemoryRecordStore();
  return { store, stop: () => store.close() };
});

describe('MemoryRecordStore', () => {
  it('E5 forgets a record at the end of its time, however often it was changed meanwhile', async () => {
    let now = 0;
    const store = new MemoryRecordStore({ now: () => now });
    await store.put(key('a'), 'text', 60);
    now = 59_999;
    expect(await store.find(key('a'))).toBe('text');
    const change = { key: key('a'), former: 'text', value: 'other', ttlSeconds: 'kept' } as const;
    expect(await store.commit([change])).toBe(true);
    now = 60_000;
    expect(await store.find(key('a'))).toBeUndefined();
    expect(await store.commit([{ ...change, former: 'other', value: 'text' }])).toBe(false);
    expect(await store.commit([{ key: key('a'), former: undefined, value: 'new', ttlSeconds: 60 }])).toBe(true);
  });

  it('a change that renews the time of a record is as good as a new record', async () => {
    let now = 0;
    const store = new MemoryRecordStore({ now: () => now });
    await store.put(key('a'), 'text', 60);
    now = 59_999;
    await store.commit([{ key: key('a'), former: 'text', value: 'other', ttlSeconds: 60 }]);
    now = 119_998;
    expect(await store.find(key('a'))).toBe('other');
  });

  it('case 49: keeps no more records than it may: expired ones go first, then the oldest of the same kind', async () => {
    let now = 0;
    const store = new MemoryRecordStore({ maxRecords: 2, now: () => now });
    await store.put(key('account', 'account'), 'text', 60);
    await store.put(key('expired'), 'text', 1);
    now = 2000;
    await store.put(key('a'), 'text', 60);
    await store.put(key('b'), 'text', 60);
    expect(await store.find(key('a'))).toBe('text');
    await store.commit([{ key: key('c'), former: undefined, value: 'text', ttlSeconds: 60 }]);
    expect(await store.find(key('a'))).toBeUndefined();
    expect(await store.find(key('b'))).toBe('text');
    expect(await store.find(key('c'))).toBe('text');
    expect(await store.find(key('account', 'account'))).toBe('text');
  });
});
