import { redisStore } from 'nestjs-sms-otp/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { AccountCaller, guardedControllers } from '../support/guarded-app.js';
import { type HttpAnswer, OtpHttpClient, type Started, wrongCode } from '../support/http.js';
import { type OtpApp, startOtpApp } from '../support/otp-app.js';
import { numberOf } from '../support/otp-instances.js';
import { freePort, type RedisServer, startRedis } from '../support/redis-server.js';

const LONGEST_ANSWER_MS = 2_000;
const BACK_WITHIN_MS = 10_000;

describe('L1 case 83 invariant 9 a Redis that is lost', () => {
  const { calls, controllers } = guardedControllers();
  let redis: RedisServer;
  let app: OtpApp;
  let client: OtpHttpClient;
  let next = 0;
  beforeAll(async () => {
    redis = await startRedis();
    app = await startOtpApp({
      store: redisStore({ url: redis.url }),
      purposes: { login: { start: 'public' }, second: {} },
      caller: AccountCaller,
      metadata: { controllers, providers: [AccountCaller] },
    });
    client = new OtpHttpClient(app);
  });
  afterAll(async () => {
    await app.close();
    await redis.stop();
  });

  const number = () => numberOf((next += 1));
  const openOnce = (proof: string) => client.call({ method: 'POST', path: '/once', headers: { 'OTP-Proof': proof } });

  /** Every route, asked at once; with the answer, how long it took. */
  async function askEveryRoute({ challengeId, code, proof }: { challengeId: string; code: string; proof: string }) {
    const routes: Readonly<Record<string, () => Promise<HttpAnswer>>> = {
      create: () => client.create({ phoneNumber: number() }),
      resend: () => client.resend(challengeId),
      'verify, right': () => client.verify(challengeId, code),
      'verify, wrong': () => client.verify(challengeId, wrongCode(code)),
      status: () => client.status(challengeId),
      cancel: () => client.cancel(challengeId),
      'guard, singleUse': () => openOnce(proof),
    };
    const startedAt = performance.now();
    return Promise.all(
      Object.entries(routes).map(async ([route, ask]) => {
        const answer = await ask();
        return { route, answer, tookMs: performance.now() - startedAt };
      }),
    );
  }

  async function expectEveryRouteLost(started: { challengeId: string; code: string; proof: string }) {
    const ranBefore = calls.length;
    const messagesBefore = app.transport.messages.length;
    for (const { route, answer, tookMs } of await askEveryRoute(started)) {
      expectProblem(answer, 503, 'store_unavailable');
      expect(tookMs, route).toBeLessThan(LONGEST_ANSWER_MS);
    }
    expect(calls).toHaveLength(ranBefore);
    expect(app.transport.messages).toHaveLength(messagesBefore);
  }

  /** Each answer is the occasion for the next question. */
  async function untilItWorks(): Promise<void> {
    const giveUp = AbortSignal.timeout(BACK_WITHIN_MS);
    while ((await client.create({ phoneNumber: number() })).status !== 201) {
      giveUp.throwIfAborted();
    }
  }

  async function expectLoginWorks() {
    await untilItWorks();
    const proof = await client.prove(number());
    expect((await openOnce(proof)).status).toBe(201);
    expect((await openOnce(proof)).status).toBe(401);
  }

  it('frozen: 503 within 2 s on every route, nothing sent; it works when it goes on', async () => {
    const proof = await client.prove(number());
    const started = { ...(await client.start(number())), proof };
    redis.pause();
    await expectEveryRouteLost(started).finally(() => redis.resume());
    await expectLoginWorks();
  });

  it('killed: 503 within 2 s on every route, nothing sent; it works when it is back', async () => {
    const proof = await client.prove(number());
    const started = { ...(await client.start(number())), proof };
    await redis.kill();
    await expectEveryRouteLost(started);
    await redis.restart();
    await expectLoginWorks();
    // What it forgot is gone, and not accepted.
    expectProblem(await client.verify(started.challengeId, started.code), 410, 'challenge_gone');
  });

  it('never there: the application does not start, and says why', async () => {
    const store = redisStore({ url: `redis://127.0.0.1:${await freePort()}` });
    await expect(startOtpApp({ store })).rejects.toThrow(/Redis is not reachable/);
    await store.close();
  });
});

describe('B3 case 85 invariant 3 a restart of the application', () => {
  let redis: RedisServer;
  beforeAll(async () => (redis = await startRedis()));
  afterAll(() => redis.stop());

  async function withApp<T>(wrongCodes: number, work: (client: OtpHttpClient) => Promise<T>): Promise<T> {
    const limits = { number: { wrongCodes: [{ limit: wrongCodes, windowSeconds: 86_400 }] } };
    const app = await startOtpApp({ store: redisStore({ url: redis.url }), limits });
    try {
      return await work(new OtpHttpClient(app));
    } finally {
      await app.close();
    }
  }

  /** As many wrong codes as there are answers expected. */
  async function guess(client: OtpHttpClient, { challengeId, code }: Started, expected: readonly number[]) {
    for (const attemptsRemaining of expected) {
      const answer = await client.verify(challengeId, wrongCode(code));
      expect(answer).toMatchObject({ status: 422, body: { attemptsRemaining } });
    }
  }

  it('forgets no wrong code of the challenge', async () => {
    const started = await withApp(15, async (client) => {
      const before = await client.start(numberOf(1));
      await guess(client, before, [4, 3, 2]);
      return before;
    });
    await withApp(15, async (client) => {
      await guess(client, started, [1, 0]);
      expectProblem(await client.verify(started.challengeId, started.code), 410, 'attempts_exhausted');
    });
  });

  it('forgets no wrong code of the number', async () => {
    const started = await withApp(3, async (client) => {
      const before = await client.start(numberOf(2));
      await guess(client, before, [4, 3]);
      return before;
    });
    await withApp(3, async (client) => {
      await guess(client, started, [2]);
      expectProblem(await client.verify(started.challengeId, started.code), 410, 'attempts_exhausted');
    });
  });
});
