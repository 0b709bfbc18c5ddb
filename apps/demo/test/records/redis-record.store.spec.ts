import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedis, type RedisServer } from '../../../../test/support/redis-server.js';
import { type RecordStore, RecordStoreUnavailableError } from '../../src/records/record.store.js';
import { RedisRecordStore } from '../../src/records/redis-record.store.js';
import { recordStoreContract } from './record-store-contract.js';

recordStoreContract('RedisRecordStore', async () => {
  const redis = await startRedis();
  const store = new RedisRecordStore({ url: redis.url, namespace: 'bank' });
  return {
    store,
    stop: async () => {
      await store.close();
      await redis.stop();
    },
  };
});

describe('RedisRecordStore', () => {
  const key = { kind: 'session', id: 'a' };
  let redis: RedisServer;
  let client: Redis;
  const stores: RecordStore[] = [];

  const connected = async (namespace: string) => {
    const store = new RedisRecordStore({ url: redis.url, namespace });
    stores.push(store);
    await store.connect();
    return store;
  };

  beforeAll(async () => {
    redis = await startRedis();
    client = new Redis(redis.url);
  });
  afterAll(async () => {
    client.disconnect();
    await Promise.all(stores.map((store) => store.close()));
    await redis.stop();
  });

  it('keeps namespaces apart, and its keys begin with its own', async () => {
    const [first, second] = [await connected('first'), await connected('second')];
    await first.put(key, 'text', 60);
    expect(await second.find(key)).toBeUndefined();
    await second.delete(key);
    expect(await first.find(key)).toBe('text');
    expect(await client.keys('*')).toEqual(['first:session:a']);
  });

  it('E5 every record has an end: a change leaves it where it was, a renewal moves it', async () => {
    const store = await connected('times');
    await store.put(key, 'one', 60);
    await client.expire('times:session:a', 30);
    await store.commit([{ key, former: 'one', value: 'two', ttlSeconds: 'kept' }]);
    expect(await client.ttl('times:session:a')).toBeLessThanOrEqual(30);
    expect(await client.ttl('times:session:a')).toBeGreaterThan(0);
    await store.commit([{ key, former: 'two', value: 'three', ttlSeconds: 60 }]);
    expect(await client.ttl('times:session:a')).toBeGreaterThan(30);
    await store.commit([{ key: { ...key, id: 'b' }, former: undefined, value: 'one', ttlSeconds: 60 }]);
    expect(await client.ttl('times:session:b')).toBeGreaterThan(30);
  });

  it.each(['killed', 'frozen'] as const)('L1 says within two seconds that Redis is %s', async (way) => {
    const lost = await startRedis();
    const store = new RedisRecordStore({ url: lost.url, namespace: 'lost' });
    await store.connect();
    await store.put(key, 'text', 60);
    await (way === 'killed' ? lost.kill() : lost.pause());
    const calls = [
      () => store.find(key),
      () => store.put(key, 'text', 60),
      () => store.commit([{ key, former: 'text', value: 'other', ttlSeconds: 'kept' }]),
      () => store.delete(key),
    ];
    const start = performance.now();
    const answers = await Promise.all(calls.map((call) => call().catch((error: unknown) => error)));
    expect(performance.now() - start).toBeLessThan(2000);
    for (const answer of answers) {
      expect(answer).toBeInstanceOf(RecordStoreUnavailableError);
    }
    await store.close();
    lost.resume();
    await lost.stop();
  });

  it('L1 starts without Redis and finds it when it comes', async () => {
    const late = await startRedis();
    await late.kill();
    const store = new RedisRecordStore({ url: late.url, namespace: 'late' });
    await store.connect();
    await expect(store.find(key)).rejects.toThrow(RecordStoreUnavailableError);
    await late.restart();
    await expect.poll(() => store.find(key).catch(() => 'away'), { timeout: 10_000 }).toBeUndefined();
    await store.close();
    await late.stop();
  });
});
