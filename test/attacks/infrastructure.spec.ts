import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { hmacSha256, memoryStore } from 'nestjs-sms-otp';
import { redisStore } from 'nestjs-sms-otp/redis';
import { ManualClock, RecordingTransport } from 'nestjs-sms-otp/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { attacked } from '../support/attack-record.js';
import { countHashes } from '../support/counting-hasher.js';
import { expectProblem } from '../support/expect-problem.js';
import { NUMBER, OtpHttpClient, type Started, wrongCode } from '../support/http.js';
import { DAY, HOUR } from '../support/limits.js';
import { type OtpApp, type OtpAppOptions, startOtpApp } from '../support/otp-app.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';

const ATTEMPTS = 5;
const TTL_SECONDS = 300;

/** What does not stay as it was: clocks, scripts, keys. Two instances, each with a clock of its own, on one Redis. */
describe('clocks and stores that do not keep what they should', () => {
  const hashing = countHashes(hmacSha256());
  const transport = new RecordingTransport();
  let redis: RedisServer;
  let inspector: Redis;
  let storeClock: ManualClock;
  let clocks: readonly [ManualClock, ManualClock];
  let apps: readonly OtpApp[] = [];
  let clients: readonly [OtpHttpClient, OtpHttpClient];

  beforeAll(async () => {
    redis = await startRedis();
    inspector = new Redis(redis.url);
  });
  beforeEach(() => {
    storeClock = new ManualClock();
    clocks = [new ManualClock(), new ManualClock()];
  });
  afterEach(async () => {
    for (const app of apps) {
      await app.close();
    }
    await inspector.flushall();
  });
  afterAll(async () => {
    inspector.disconnect();
    await redis.stop();
  });

  async function start(options: OtpAppOptions = {}): Promise<void> {
    const namespace = randomUUID().slice(0, 8);
    const launch = (clock: ManualClock) =>
      startOtpApp({
        clock,
        hashing,
        store: redisStore({ url: redis.url, namespace, clock: storeClock }),
        transports: [transport],
        ...options,
      });
    const [one, other] = [await launch(clocks[0]), await launch(clocks[1])];
    apps = [one, other];
    clients = [new OtpHttpClient(one), new OtpHttpClient(other)];
  }

  async function challenge(client: OtpHttpClient): Promise<Started> {
    const { body } = await client.create();
    return { challengeId: String(body['challengeId']), code: String(transport.lastCodeTo(NUMBER)) };
  }

  it('A2 case 81 with clocks an hour apart a code lives as long as the store says, at both', async () => {
    clocks[0].advanceSeconds(HOUR);
    clocks[1].advanceSeconds(-HOUR);
    await start();
    let through = 0;
    for (const [issuer, answerer] of [clients, clients.toReversed(), [clients[0], clients[0]]] as const) {
      const live = await challenge(issuer ?? clients[0]);
      storeClock.advanceSeconds(TTL_SECONDS - 1);
      expect((await (answerer ?? clients[0]).verify(live.challengeId, live.code)).status).toBe(200);
      const late = await challenge(issuer ?? clients[0]);
      storeClock.advanceSeconds(TTL_SECONDS);
      for (const client of clients) {
        const answer = await client.verify(late.challengeId, late.code);
        through += answer.status === 200 ? 1 : 0;
        expectProblem(answer, 410, 'challenge_gone');
      }
    }
    attacked({ tried: 6, through });
  });

  it.each([
    ['forward', DAY + HOUR],
    ['back', -HOUR],
  ])('B2 case 81 applications whose clocks jump %s unlock nothing', async (_name, seconds) => {
    await start();
    for (const pauseSeconds of [31, 61, 121]) {
      const { challengeId, code } = await challenge(clients[0]);
      for (let guess = 0; guess < ATTEMPTS; guess++) {
        expect((await clients[guess % 2 === 0 ? 0 : 1].verify(challengeId, wrongCode(code))).status).toBe(422);
      }
      storeClock.advanceSeconds(pauseSeconds);
    }
    for (const clock of clocks) {
      clock.advanceSeconds(seconds);
    }
    const statuses = [(await clients[0].create()).status, (await clients[1].create()).status];
    attacked({ tried: 2, through: statuses.filter((status) => status === 201).length });
  });

  it('B2 case 81 a server whose clock is set back by an hour gives no attempt and no message back', async () => {
    await start();
    const { challengeId, code } = await challenge(clients[0]);
    const before = hashing.comparisons;
    for (let guess = 0; guess < ATTEMPTS + 3; guess++) {
      storeClock.advanceSeconds(guess % 2 === 0 ? -HOUR : HOUR);
      await clients[guess % 2 === 0 ? 0 : 1].verify(challengeId, wrongCode(code));
    }
    expectProblem(await clients[0].verify(challengeId, code), 410, 'attempts_exhausted');
    attacked({ tried: ATTEMPTS + 4, through: hashing.comparisons - before, allowed: ATTEMPTS });
    const messages = transport.messages.length;
    for (const jump of [-HOUR, -HOUR, HOUR, 0]) {
      storeClock.advanceSeconds(jump);
      await clients[0].create();
    }
    attacked({ tried: 4, through: transport.messages.length - messages });
  });

  it('B2 case 84 whichever key is evicted, no challenge gets more attempts', async () => {
    await start();
    let evicted = 0;
    for (let index = 0, keys: string[] = ['first']; index < keys.length; index++) {
      await inspector.flushall();
      const { challengeId, code } = await challenge(clients[0]);
      const before = hashing.comparisons;
      for (let guess = 1; guess < ATTEMPTS; guess++) {
        await clients[0].verify(challengeId, wrongCode(code));
      }
      keys = (await inspector.keys('*')).toSorted();
      evicted += await inspector.del(keys[index] ?? '');
      await clients[1].verify(challengeId, wrongCode(code));
      const right = await clients[1].verify(challengeId, code);
      attacked({ tried: ATTEMPTS + 1, through: hashing.comparisons - before, allowed: ATTEMPTS });
      expect(right.status).toBe(410);
    }
    expect(evicted).toBeGreaterThan(3);
  });

  it('B2 case 84 when all is lost, so is every challenge', async () => {
    await start();
    const { challengeId, code } = await challenge(clients[0]);
    await inspector.flushall();
    const answers = [await clients[0].verify(challengeId, code), await clients[1].resend(challengeId)];
    for (const answer of answers) {
      expectProblem(answer, 410, 'challenge_gone');
    }
    attacked({ tried: 2, through: answers.filter(({ status }) => status < 300).length });
  });

  it('A3 B3 case 86 a server that forgets its scripts before each request counts as ever', async () => {
    await start();
    const forgetful = async <T>(request: () => Promise<T>): Promise<T> => {
      await inspector.script('FLUSH');
      return request();
    };
    const { challengeId, code } = await forgetful(() => challenge(clients[0]));
    const before = hashing.comparisons;
    const statuses: number[] = [];
    for (let guess = 0; guess < ATTEMPTS + 2; guess++) {
      const client = clients[guess % 2 === 0 ? 0 : 1];
      statuses.push((await forgetful(() => client.verify(challengeId, wrongCode(code)))).status);
    }
    expect(statuses).toEqual([422, 422, 422, 422, 422, 410, 410]);
    attacked({ tried: statuses.length, through: hashing.comparisons - before, allowed: ATTEMPTS });

    storeClock.advanceSeconds(31);
    const next = await forgetful(() => challenge(clients[1]));
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        forgetful(() => clients[n % 2 === 0 ? 0 : 1].verify(next.challengeId, next.code)),
      ),
    );
    attacked({ tried: answers.length, through: answers.filter(({ status }) => status === 200).length, allowed: 1 });
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });
});

describe('a store in memory', () => {
  const bootWith = async (options: OtpAppOptions) => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const otp = await startOtpApp(options);
    await otp.close();
    const told = JSON.stringify(warn.mock.calls);
    warn.mockRestore();
    return told;
  };

  it('case 87 is warned of in production, for with two instances each limit is twice as much', async () => {
    expect(await bootWith({ production: true, store: memoryStore() })).toMatch(/memory store.*redisStore\(\)/i);
    expect(await bootWith({ production: false, store: memoryStore() })).not.toMatch(/redisStore/);
  });

  it('B3 case 87 two instances of it do not know of each other, which is why', async () => {
    const [one, other] = [await startOtpApp(), await startOtpApp()];
    try {
      const { challengeId, code } = await new OtpHttpClient(one).start();
      expectProblem(await new OtpHttpClient(other).verify(challengeId, code), 410, 'challenge_gone');
      const statuses = [
        (await new OtpHttpClient(one).create()).status,
        (await new OtpHttpClient(other).create()).status,
      ];
      expect(statuses).toEqual([429, 201]);
    } finally {
      await one.close();
      await other.close();
    }
  });
});
