import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RedisServer, startRedis } from '../../../test/support/redis-server.js';
import type { DeskFact } from '../src/desk/desk-fact.js';
import { type DeskStore, HOUR_MS, type InstanceReport, MAX_NUMBERS, MINUTE_MS } from '../src/desk/desk.store.js';
import { MemoryDeskStore } from '../src/desk/memory-desk.store.js';
import { RedisDeskStore } from '../src/desk/redis-desk.store.js';

/** Half a minute past the last whole hour, so that a minute more or less is in the span that a case means. */
const NOW = Date.now() - (Date.now() % HOUR_MS) + MINUTE_MS / 2;

const report = (name: string, waiting = 0): InstanceReport => ({
  name,
  status: 'up',
  store: { name: 'redis', status: 'up', latencyMs: 0.4 },
  transports: [{ name: 'simulated', channels: ['sms'], circuit: 'closed' }],
  hashing: { running: 1, waiting, width: 2 },
  dropped: 0,
});
const issued = (more: Partial<DeskFact> = {}): DeskFact => ({
  type: 'challenge.issued',
  at: NOW,
  country: 'NL',
  channel: 'sms',
  ...more,
});
const failed = (numberRef: string, at = NOW): DeskFact => ({
  type: 'challenge.failed',
  at,
  numberRef,
  destination: '+31*******78',
  country: 'NL',
  lane: 'public',
});

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

describe.each([
  ['memory', (): DeskStore => new MemoryDeskStore(() => NOW)],
  ['Redis', (): DeskStore => new RedisDeskStore({ url: redis.url, namespace: randomBytes(4).toString('hex') })],
])('the desk store on %s', (_name, create) => {
  let store: DeskStore;
  beforeEach(async () => {
    store = create();
    await store.connect();
    return () => store.close();
  });

  it('begins empty', async () => {
    const { minutes, hours, ...others } = await store.read(NOW);
    expect([minutes.length, hours.length]).toEqual([60, 24]);
    expect([minutes[0]?.from, minutes.at(-1)?.from]).toEqual([
      NOW - MINUTE_MS / 2 - 59 * MINUTE_MS,
      NOW - MINUTE_MS / 2,
    ]);
    expect([...minutes, ...hours].every(({ counts }) => Object.keys(counts).length === 0)).toBe(true);
    expect(others).toEqual({ events: [], numbers: [], instances: [] });
  });

  it('adds the counts of all batches up, by minute and by hour', async () => {
    await store.add({ id: 'a', facts: [issued(), issued({ at: NOW - MINUTE_MS })] });
    await store.add({ id: 'b', facts: [issued(), issued({ country: 'BE' })] });
    const { minutes, hours } = await store.read(NOW);
    expect(minutes.at(-1)?.counts).toEqual({ sent: 3, 'sent|NL|sms': 2, 'sent|BE|sms': 1 });
    expect(minutes.at(-2)?.counts).toEqual({ sent: 1, 'sent|NL|sms': 1 });
    expect(hours.slice(-2).map(({ counts }) => counts['sent'])).toEqual([1, 3]);
    const later = await store.read(NOW + 59 * MINUTE_MS);
    expect(later.minutes[0]?.counts['sent']).toBe(3);
    expect(later.hours.at(-1)?.counts['sent']).toBe(3);
  });

  it('adds a batch once, however often it comes', async () => {
    const batch = { id: 'a', facts: [issued(), failed('abcdefghij_-0123')] };
    await Promise.all([store.add(batch), store.add(batch)]);
    await store.add(batch);
    const { minutes, events, numbers } = await store.read(NOW);
    expect(minutes.at(-1)?.counts).toMatchObject({ sent: 1, wrong: 1 });
    expect([events.length, numbers.map((facts) => facts.length)]).toEqual([2, [1]]);
  });

  it('keeps the last 50 events as they were, newest first, whoever brought them', async () => {
    const facts = Array.from({ length: 60 }, (_, index) => issued({ at: NOW + index, purpose: 'login' }));
    await store.add({ id: 'a', facts: facts.filter(({ at }) => at % 2 === 0) });
    await store.add({ id: 'b', facts: facts.filter(({ at }) => at % 2 === 1) });
    const { events } = await store.read(NOW);
    expect(events).toHaveLength(50);
    expect(events[0]).toEqual(facts.at(-1));
    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted((a, b) => b - a));
  });

  it('case 49: keeps so many numbers and so many facts of each, and forgets the oldest', async () => {
    const refs = Array.from({ length: MAX_NUMBERS + 5 }, (_, index) => String(index).padStart(16, '0'));
    await store.add({ id: 'a', facts: refs.map((ref, index) => failed(ref, NOW + index)) });
    const flood = Array.from({ length: 100 }, (_, index) => failed(refs[5] ?? '', NOW + 1000 + index));
    await store.add({ id: 'b', facts: flood.slice(0, 50) });
    await store.add({ id: 'c', facts: flood.slice(50) });
    const { numbers } = await store.read(NOW);
    expect(numbers).toHaveLength(MAX_NUMBERS);
    expect(numbers.map((facts) => facts.length).toSorted((a, b) => b - a)).toEqual([
      40,
      ...Array.from({ length: MAX_NUMBERS - 1 }, () => 1),
    ]);
    const flooded = numbers.find((facts) => facts.length > 1);
    expect(Math.max(...(flooded ?? []).map(({ at }) => at))).toBe(NOW + 1099);
  });

  it('shows every instance as it reported last', async () => {
    await store.report(report('b', 3));
    await store.report(report('a'));
    await store.report(report('b', 7));
    expect((await store.read(NOW)).instances).toEqual([report('a'), report('b', 7)]);
  });
});

describe('reports', () => {
  it('end ten seconds after the instance has said nothing', async () => {
    let now = NOW;
    const store = new MemoryDeskStore(() => now);
    await store.report(report('a'));
    now += 9_999;
    expect((await store.read(now)).instances).toHaveLength(1);
    now += 1;
    expect((await store.read(now)).instances).toEqual([]);
  });
});

describe('the desk store on Redis', () => {
  let client: Redis;
  let store: RedisDeskStore;
  const keysAndTtls = async () =>
    Promise.all((await client.keys('*')).map(async (key) => ({ key, ttl: await client.ttl(key) })));

  beforeEach(async () => {
    client = new Redis(redis.url);
    await client.flushall();
    store = new RedisDeskStore({ url: redis.url, namespace: 'bank' });
    await store.connect();
    return async () => {
      client.disconnect();
      await store.close();
    };
  });

  it('E5 has no key that stays, and none outside its namespace', async () => {
    await store.add({ id: 'a', facts: [issued(), failed('abcdefghij_-0123')] });
    await store.report(report('a'));
    const entries = await keysAndTtls();
    expect(entries.map(({ key }) => key.replace(/\d{13}/, '…')).toSorted()).toEqual([
      'bank:desk:batch:a',
      'bank:desk:events',
      'bank:desk:hour:…',
      'bank:desk:instance:a',
      'bank:desk:instances',
      'bank:desk:minute:…',
      'bank:desk:numbers',
      'bank:desk:numbers:order',
    ]);
    const lifetimes = new Map(entries.map(({ key, ttl }) => [key, ttl]));
    expect([...lifetimes.values()].every((ttl) => ttl > 0 && ttl <= 90_000)).toBe(true);
    expect(lifetimes.get('bank:desk:instance:a')).toBeLessThanOrEqual(10);
  });

  it('shows no instance whose report has ended, though it is still listed', async () => {
    await store.report(report('a'));
    await store.report(report('b'));
    await client.del('bank:desk:instance:a');
    expect((await store.read(NOW)).instances).toEqual([report('b')]);
  });

  it('a whole batch is one command', async () => {
    await client.config('RESETSTAT');
    await store.add({
      id: 'a',
      facts: Array.from({ length: 500 }, (_, index) => failed(String(index).padStart(16, '0'))),
    });
    const stats = await client.info('commandstats');
    expect(/cmdstat_eval:calls=(\d+)/.exec(stats)?.[1]).toBe('1');
  });

  it('reads nothing of what another version, or somebody else, wrote', async () => {
    await client.lpush('bank:desk:events', 'nonsense', '{"type":"<b>","at":1}', JSON.stringify(issued()));
    await client.hset('bank:desk:numbers', 'x', '{"kind":"failed"}');
    await client.set('bank:desk:instance:c', '{}');
    await client.zadd('bank:desk:instances', NOW, 'c');
    expect(await store.read(NOW)).toMatchObject({ events: [issued()], numbers: [[]], instances: [] });
  });
});
