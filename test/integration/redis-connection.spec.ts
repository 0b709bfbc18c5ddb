import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { redisStore } from '../../libs/otp/src/stores/redis/index.js';
import { StoreUnavailableError, type LimitRequest, type OtpStore } from '../../libs/otp/src/stores/otp-store.js';
import { freePort, startRedis, type RedisServer } from '../support/redis-server.js';
import { startTcpProxy } from '../support/tcp-proxy.js';

/** L1: an operation is answered or refused within this time. */
const BOUND_MS = 2_000;
/** For connections to come back, on a machine however slow. */
const EVENTUALLY = { timeout: 20_000, interval: 20 };

const request = (limit = 1_000): LimitRequest => ({
  key: { kind: 'number', index: 'AAAAAAAAAAAAAAA1' },
  log: 'sends',
  windows: [{ name: 'w', limit, windowSeconds: 3600 }],
  take: true,
});
const ref = { key: request().key, id: randomBytes(16) };

let server: RedisServer;
let stores: OtpStore[];
beforeEach(async () => {
  server = await startRedis();
  stores = [];
});
afterEach(async () => {
  server.resume();
  await Promise.all(stores.map((store) => store.close()));
  await server.stop();
});

function open(options: Parameters<typeof redisStore>[0]): OtpStore {
  const store = redisStore(options);
  stores.push(store);
  return store;
}

async function connected(options: Parameters<typeof redisStore>[0] = { url: server.url }): Promise<OtpStore> {
  const store = open(options);
  await store.connect();
  return store;
}

/** Every kind of operation at once: all must be refused, in bounded time, saying why. */
async function expectUnavailable(store: OtpStore): Promise<void> {
  const start = performance.now();
  const charge = { key: ref.key, log: 'sends', at: 1 } as const;
  const challenge = { hash: randomBytes(48), sealed: randomBytes(68), ttlSeconds: 300, attempts: 5, sends: 2 };
  const operations = [
    store.limits.take([request()]),
    store.limits.giveBack([charge]),
    store.limits.settle([charge]),
    store.limits.clear(ref.key),
    store.challenges.create(ref, challenge, charge),
    store.challenges.find(ref),
    store.challenges.reserveAttempt(ref, [request()]),
    store.challenges.replaceIf(ref, 1, { kind: 'none' }),
    store.challenges.replaceIf(ref, 1, { kind: 'none', nonce: randomBytes(8) }),
    store.marks.putIfAbsent('key', 'value', 60),
    store.marks.get('key'),
    store.marks.delete('key'),
  ];
  for (const result of await Promise.allSettled(operations)) {
    expect(result.status === 'rejected' && result.reason).toBeInstanceOf(StoreUnavailableError);
  }
  expect(performance.now() - start).toBeLessThan(BOUND_MS);
}

async function expectToWorkAgain(store: OtpStore): Promise<void> {
  await vi.waitFor(async () => expect((await store.limits.take([request()])).outcome).toBe('taken'), EVENTUALLY);
}

describe('case 83 a Redis that is lost', () => {
  it('L1 killed: every operation is refused within 2 s, and works once it is back', async () => {
    const store = await connected();
    await server.kill();
    await expectUnavailable(store);
    await server.restart();
    await expectToWorkAgain(store);
  });

  it('L1 killed with operations under way: they are refused within 2 s', async () => {
    const store = await connected();
    server.pause();
    const unavailable = expectUnavailable(store);
    await server.kill();
    await unavailable;
  });

  it('L1 frozen: every operation is refused within 2 s, and works once it goes on', async () => {
    const store = await connected();
    server.pause();
    await expectUnavailable(store);
    await expectUnavailable(store);
    server.resume();
    await expectToWorkAgain(store);
  });

  it('L1 never there: connecting fails with a helpful error, operations are refused, and it works once it is there', async () => {
    const port = await freePort();
    const store = open({ url: `redis://user:hunter22@127.0.0.1:${port}` });
    const start = performance.now();
    const error = await store.connect().catch((reason: unknown) => reason);
    expect(performance.now() - start).toBeLessThan(BOUND_MS + 500);
    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(inspect(error, { depth: 9 })).toMatch(/not reachable.*ECONNREFUSED/);
    expect(inspect(error, { depth: 9 })).not.toContain('hunter22');
    await expectUnavailable(store);

    const late = await startRedis({ port, extra: ['--user', 'user', 'on', '>hunter22', '~*', '+@all'] });
    await expectToWorkAgain(store);
    await store.close();
    await late.stop();
  });

  it('a wrong password is named as the problem and told to nobody', async () => {
    const locked = await startRedis({ extra: ['--requirepass', 'right'] });
    const store = open({ url: `redis://:hunter22@127.0.0.1:${locked.port}` });
    const error = await store.connect().catch((reason: unknown) => reason);
    expect(inspect(error, { depth: 9 })).toContain('WRONGPASS');
    expect(inspect(error, { depth: 9 })).not.toContain('hunter22');
    await store.close();
    await locked.stop();
  });

  it('an error of the server is unavailability too, and shows no argument', async () => {
    const store = await connected();
    const admin = new Redis(server.url);
    await admin.config('SET', 'maxmemory', '1');
    const error = await store.limits.take([request()]).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(inspect(error, { depth: 9 })).toContain('OOM');
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('AAAAAAAAAAAAAAA1');
    admin.disconnect();
  });

  it('before connect() and after close() operations are refused and nothing connects', async () => {
    const proxy = await startTcpProxy(server.port);
    const store = open({ url: `redis://127.0.0.1:${proxy.port}` });
    await expectUnavailable(store);
    expect(proxy.connections).toBe(0);
    await store.connect();
    await store.close();
    await expectUnavailable(store);
    expect(proxy.connections).toBe(1);
    await proxy.stop();
  });
});

describe('case 85 an answer that gets lost', () => {
  it('A3 a consumption with a nonce is asked once more and told as done', async () => {
    const proxy = await startTcpProxy(server.port);
    const direct = await connected();
    const store = await connected({ url: `redis://127.0.0.1:${proxy.port}` });
    const issued = await issue(direct);
    proxy.loseNextAnswer();
    const nonce = randomBytes(8);
    expect((await store.challenges.replaceIf(issued, 1, { kind: 'none', nonce })).outcome).toBe('replaced');
    expect(proxy.connections).toBe(2);
    const again = await direct.challenges.replaceIf(issued, 1, { kind: 'none', nonce: randomBytes(8) });
    expect(again).toEqual({ outcome: 'stale', live: false });
    await store.close();
    await proxy.stop();
  });

  it('L3 what counts is never asked twice', async () => {
    const proxy = await startTcpProxy(server.port);
    const direct = await connected();
    const store = await connected({ url: `redis://127.0.0.1:${proxy.port}` });
    const issued = await issue(direct);
    proxy.loseNextAnswer();
    await expect(store.challenges.reserveAttempt(issued, [])).rejects.toThrow(StoreUnavailableError);
    await vi.waitFor(async () => expect(await store.challenges.find(issued)).toBeDefined(), EVENTUALLY);
    expect((await direct.challenges.find(issued))?.attemptsRemaining).toBe(4);
    await store.close();
    await proxy.stop();
  });

  async function issue(store: OtpStore) {
    const decision = await store.limits.take([request()]);
    const charges = decision.outcome === 'taken' ? decision.charges : [];
    const [send = expect.fail('refused')] = charges.filter((charge) => 'log' in charge);
    const issued = { key: ref.key, id: randomBytes(16) };
    const challenge = { hash: randomBytes(48), sealed: randomBytes(68), ttlSeconds: 300, attempts: 5, sends: 2 };
    await store.challenges.create(issued, challenge, send);
    return issued;
  }
});

describe('the client', () => {
  it('of the application is duplicated and left as it is', async () => {
    const options = { maxRetriesPerRequest: null, keyPrefix: 'app:', enableAutoPipelining: true, stringNumbers: true };
    const client = new Redis(server.url, options);
    const before = { ...client.options };
    const store = await connected({ client });
    expect((await store.limits.take([request()])).outcome).toBe('taken');
    await store.close();
    expect(client.options).toEqual(before);
    expect(client.status).toBe('ready');
    expect(await client.call('KEYS', '*')).toEqual(['otp:{nAAAAAAAAAAAAAAA1}']);
    client.disconnect();
  });

  it('case 86 each operation is one round trip, and scripts that the server forgot are sent again', async () => {
    const store = await connected();
    const admin = new Redis(server.url);
    const calls = async (command: string) =>
      Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(await admin.info('commandstats'))?.[1] ?? 0);
    await store.limits.take([request()]);
    await store.challenges.find(ref);
    await store.challenges.reserveAttempt(ref, [request()]);
    await store.challenges.replaceIf(ref, 1, { kind: 'none' });
    expect([await calls('evalsha'), await calls('eval')]).toEqual([4, 0]);
    await admin.script('FLUSH');
    await expect(store.limits.take([request()])).resolves.toMatchObject({ outcome: 'taken' });
    expect((await store.limits.take([request()])).outcome).toBe('taken');
    expect([await calls('evalsha'), await calls('eval')]).toEqual([6, 1]);
    admin.disconnect();
  });
});

describe('what an operator is told at boot', () => {
  it('nothing of a sound server', async () => {
    expect(await open({ url: server.url }).connect()).toEqual([]);
  });

  it('a policy that evicts', async () => {
    const evicting = await startRedis({ extra: ['--maxmemory-policy', 'allkeys-lru'] });
    const store = open({ url: evicting.url });
    expect(await store.connect()).toEqual([expect.stringMatching(/allkeys-lru.*noeviction/)]);
    await store.close();
    await evicting.stop();
  });
});
