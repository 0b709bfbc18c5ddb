import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordKey, RecordStore } from '../../src/records/record.store.js';

export interface StoreUnderTest {
  readonly store: RecordStore;
  stop(): Promise<void>;
}

/** What every store of the demo does. */
export function recordStoreContract(title: string, start: () => Promise<StoreUnderTest>): void {
  describe(`${title}, as every record store,`, () => {
    let tested: StoreUnderTest;
    let store: RecordStore;
    let records = 0;

    const newKey = (kind = 'session'): RecordKey => ({ kind, id: `record-${String((records += 1))}` });
    const create = (key: RecordKey, value: string) => ({ key, former: undefined, value, ttlSeconds: 60 }) as const;
    const change = (key: RecordKey, former: string, value: string | undefined) =>
      ({ key, former, value, ttlSeconds: 'kept' }) as const;

    beforeAll(async () => {
      tested = await start();
      store = tested.store;
      await store.connect();
    });
    afterAll(() => tested.stop());

    it('finds what was put last, and nothing after it was deleted', async () => {
      const key = newKey();
      expect(await store.find(key)).toBeUndefined();
      await store.put(key, 'one', 60);
      await store.put(key, 'two', 60);
      expect(await store.find(key)).toBe('two');
      await store.delete(key);
      await store.delete(key);
      expect(await store.find(key)).toBeUndefined();
    });

    it('keeps kinds apart', async () => {
      const key = newKey();
      await store.put(key, 'text', 60);
      expect(await store.find({ ...key, kind: 'code' })).toBeUndefined();
    });

    it('creates only where there is nothing', async () => {
      const key = newKey();
      expect(await store.commit([create(key, 'one')])).toBe(true);
      expect(await store.commit([create(key, 'two')])).toBe(false);
      expect(await store.find(key)).toBe('one');
    });

    it('changes and removes only what still is as it was', async () => {
      const key = newKey();
      expect(await store.commit([change(key, 'one', 'two')])).toBe(false);
      await store.put(key, 'one', 60);
      expect(await store.commit([change(key, 'other', 'two')])).toBe(false);
      expect(await store.commit([change(key, 'one', 'two')])).toBe(true);
      expect(await store.commit([change(key, 'one', undefined)])).toBe(false);
      expect(await store.find(key)).toBe('two');
      expect(await store.commit([change(key, 'two', undefined)])).toBe(true);
      expect(await store.find(key)).toBeUndefined();
    });

    it('makes all changes or none', async () => {
      const [first, second, third] = [newKey(), newKey('account'), newKey()];
      await store.put(first, 'one', 60);
      await store.put(second, 'one', 60);
      const changes = [change(first, 'one', undefined), change(second, 'one', 'two')];
      expect(await store.commit([...changes, change(third, 'one', 'two')])).toBe(false);
      expect(await Promise.all([first, second, third].map((key) => store.find(key)))).toEqual([
        'one',
        'one',
        undefined,
      ]);
      expect(await store.commit([...changes, create(third, 'one')])).toBe(true);
      expect(await Promise.all([first, second, third].map((key) => store.find(key)))).toEqual([
        undefined,
        'two',
        'one',
      ]);
    });

    it('of many at once that saw the same, one succeeds', async () => {
      const key = newKey();
      const names = Array.from({ length: 50 }, (_, n) => `value-${String(n)}`);
      const created = await Promise.all(names.map((value) => store.commit([create(key, value)])));
      expect(created.filter(Boolean)).toHaveLength(1);
      const winner = (await store.find(key)) ?? '';
      const changed = await Promise.all(names.map((value) => store.commit([change(key, winner, `${value}-next`)])));
      expect(changed.filter(Boolean)).toHaveLength(1);
    });
  });
}
