import { Controller, Post, UseGuards } from '@nestjs/common';
import { Redis } from 'ioredis';
import { type OtpOptions, RequireOtp } from 'nestjs-sms-otp';
import { redisStore } from 'nestjs-sms-otp/redis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { AccountCaller, AccountGuard } from '../support/guarded-app.js';
import { callHttp, NUMBER } from '../support/http.js';
import { type OtpApp, startOtpApp } from '../support/otp-app.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { challengeIdOf, codeHeaders } from '../support/sample-app/sample-client.js';

/** L1: a request is answered within this time, whatever Redis does. */
const BOUND_MS = 2_000;
const EVENTUALLY = { timeout: 20_000, interval: 20 };

/** What BullMQ asks of a client that it shares: commands wait for ever, and for no check. */
const BULLMQ = { maxRetriesPerRequest: null, enableReadyCheck: false };

@UseGuards(AccountGuard)
@Controller('payouts')
class PayoutsController {
  @Post()
  @RequireOtp('payout', { binding: false })
  pay() {
    return {};
  }
}

describe('a client that the application shares with BullMQ', () => {
  let server: RedisServer;
  let client: Redis;
  let otp: OtpApp;

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  beforeEach(() => {
    client = new Redis(server.url, BULLMQ);
    client.setMaxListeners(0);
    client.on('error', () => undefined).on('close', () => undefined);
    client.defineCommand('moveToActive', { numberOfKeys: 1, lua: "return redis.call('LLEN', KEYS[1])" });
  });
  afterEach(async () => {
    server.resume();
    await otp.close();
    client.disconnect();
  });

  const start = async (options: Partial<OtpOptions> = {}) => {
    otp = await startOtpApp({
      purposes: { payout: {} },
      caller: AccountCaller,
      // Each test is its own application.
      store: redisStore({ client, namespace: `test-${crypto.randomUUID().slice(0, 8)}` }),
      metadata: { controllers: [PayoutsController], providers: [AccountCaller, AccountGuard] },
      ...options,
    });
  };

  const pay = (headers: Record<string, string> = {}) =>
    callHttp(otp.url, { method: 'POST', path: '/payouts', headers: { 'X-Account': 'victim', ...headers } });

  const stepUp = async () => {
    const asked = await pay();
    expectProblem(asked, 401, 'otp_required');
    return pay(codeHeaders({ challengeId: challengeIdOf(asked), code: otp.codeTo(NUMBER) }));
  };

  /** All of the client that another user of it could come to miss. */
  const stateOf = (shared: Redis) => ({
    options: { ...shared.options },
    status: shared.status,
    listeners: shared.eventNames().map((event) => [event, shared.listenerCount(event)]),
    maxListeners: shared.getMaxListeners(),
    commands: Object.keys(shared).filter((name) => name === 'moveToActive'),
  });

  const connections = async () =>
    (await client.call('CLIENT', 'LIST', 'TYPE', 'normal'))?.toString().trim().split('\n').length;

  it('is left as it is: options, listeners, commands, connection', async () => {
    await client.ping();
    const before = stateOf(client);
    await start();
    expect(stateOf(client)).toEqual(before);
    expect((await stepUp()).status).toBe(201);
    expect(await connections()).toBe(2);
    expect(stateOf(client)).toEqual(before);
    await otp.close();
    expect(stateOf(client)).toEqual(before);
    expect(await client.ping()).toBe('PONG');
    await vi.waitFor(async () => expect(await connections()).toBe(1), EVENTUALLY);
  });

  it('may wait for jobs meanwhile: no code waits with it, and the job still comes', async () => {
    const job = client.blpop('jobs', 0);
    await start();
    expect((await stepUp()).status).toBe(201);
    await otp.close();
    const producer = client.duplicate();
    await producer.rpush('jobs', 'one');
    expect(await job).toEqual(['jobs', 'one']);
    producer.disconnect();
  });

  it('is not connected before the application does so', async () => {
    client.disconnect();
    client = new Redis(server.url, { ...BULLMQ, lazyConnect: true });
    await start();
    expect((await stepUp()).status).toBe(201);
    expect(client.status).toBe('wait');
    await otp.close();
    expect(client.status).toBe('wait');
  });

  it('may be closed before the application is', async () => {
    await start();
    await client.quit();
    expect((await stepUp()).status).toBe(201);
    await otp.close();
    expect(client.status).toBe('end');
  });

  it('L1 case 83 Redis hangs: codes are refused within 2 s, jobs wait on as they were told', async () => {
    await start();
    const job = client.blpop('jobs', 0);
    server.pause();
    const began = performance.now();
    for (const answer of await Promise.all([pay(), pay({ 'OTP-Proof': 'x' }), pay()])) {
      expectProblem(answer, 503, 'store_unavailable');
    }
    expect(performance.now() - began).toBeLessThan(BOUND_MS);
    const waiting = client.ping();
    server.resume();
    const producer = client.duplicate();
    await producer.rpush('jobs', 'two');
    expect([await job, await waiting]).toEqual([['jobs', 'two'], 'PONG']);
    producer.disconnect();
    await vi.waitFor(async () => expect((await pay()).status).toBe(401), EVENTUALLY);
  });

  it('L1 case 83 closing while Redis hangs ends, and leaves the client waiting', async () => {
    await start();
    await client.ping();
    server.pause();
    const began = performance.now();
    await otp.close();
    expect(performance.now() - began).toBeLessThan(BOUND_MS + 500);
    expect(client.status).toBe('ready');
    server.resume();
    expect(await client.ping()).toBe('PONG');
  });
});
