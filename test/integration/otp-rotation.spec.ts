import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { OtpOptionsError } from 'nestjs-sms-otp';
import { redisStore } from 'nestjs-sms-otp/redis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { AccountCaller, guardedControllers } from '../support/guarded-app.js';
import { OtpHttpClient, wrongCode } from '../support/http.js';
import { type OtpApp, type OtpAppOptions, startOtpApp, TEST_INDEX_SECRET } from '../support/otp-app.js';
import { numberOf } from '../support/otp-instances.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';

const [OLD, NEW] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];

let redis: RedisServer;
let inspector: Redis;
const started: OtpApp[] = [];
beforeAll(async () => {
  redis = await startRedis();
  inspector = new Redis(redis.url);
});
afterEach(async () => {
  for (const app of started.splice(0)) {
    await app.close();
  }
  await inspector.flushall();
});
afterAll(async () => {
  inspector.disconnect();
  await redis.stop();
});

interface StartOptions extends OtpAppOptions {
  readonly namespace?: string;
}

async function start({ namespace = 'otp', ...options }: StartOptions): Promise<OtpHttpClient> {
  const { controllers } = guardedControllers();
  const app = await startOtpApp({
    store: redisStore({ url: redis.url, namespace }),
    indexSecret: TEST_INDEX_SECRET,
    purposes: { login: { start: 'public' }, second: {} },
    caller: AccountCaller,
    metadata: { controllers, providers: [AccountCaller] },
    ...options,
  });
  started.push(app);
  return new OtpHttpClient(app);
}

const openOnce = (client: OtpHttpClient, proof: string) =>
  client.call({ method: 'POST', path: '/once', headers: { 'OTP-Proof': proof } });

describe('case 88 secrets are rotated while challenges live', () => {
  it('A3 a challenge of the old secret is answered at every step that still knows it', async () => {
    const before = await start({ secrets: [OLD] });
    for (const [n, secrets] of [[OLD], [OLD, NEW], [NEW, OLD]].entries()) {
      const { challengeId, code } = await before.start(numberOf(n));
      const after = await start({ secrets });
      expect(await after.verify(challengeId, wrongCode(code))).toMatchObject({ body: { attemptsRemaining: 4 } });
      expect((await after.verify(challengeId, code)).status).toBe(200);
    }
  });

  it('the new secret seals for instances that only open with it', async () => {
    const leading = await start({ secrets: [NEW, OLD] });
    const behind = await start({ secrets: [OLD, NEW] });
    const { challengeId, code } = await leading.start();
    expect((await behind.verify(challengeId, code)).status).toBe(200);
  });

  it('when the old secret is gone, so are its challenges and proofs', async () => {
    const before = await start({ secrets: [OLD] });
    const proof = await before.prove(numberOf(1));
    const { challengeId, code } = await before.start(numberOf(2));
    const rolling = await start({ secrets: [NEW, OLD] });
    expect((await rolling.status(challengeId)).status).toBe(200);
    const after = await start({ secrets: [NEW] });
    for (const answer of [await after.verify(challengeId, code), await after.status(challengeId)]) {
      expectProblem(answer, 410, 'challenge_gone');
    }
    expectProblem(await openOnce(after, proof), 401, 'insufficient_proof');
    expect((await openOnce(rolling, proof)).status).toBe(201);
  });

  it('B2 no count begins anew', async () => {
    const limits = { number: { wrongCodes: [{ limit: 2, windowSeconds: 86_400 }] } };
    const before = await start({ secrets: [OLD], limits });
    const { challengeId, code } = await before.start();
    await before.verify(challengeId, wrongCode(code));

    const after = await start({ secrets: [NEW], limits });
    expectProblem(await after.create(), 429, 'throttled');
    const rolling = await start({ secrets: [NEW, OLD], limits });
    expect((await rolling.verify(challengeId, wrongCode(code))).status).toBe(422);
    expectProblem(await rolling.verify(challengeId, code), 410, 'attempts_exhausted');
  });

  it('B2 another index secret on the same counters refuses to start, and shows neither', async () => {
    await start({ secrets: [OLD] });
    const indexSecret = randomBytes(32).toString('base64');
    const failure: unknown = await start({ secrets: [OLD], indexSecret }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(OtpOptionsError);
    expect(String(failure)).toMatch(/indexSecret: .*namespace 'otp'/s);
    expect(String(failure)).not.toContain(indexSecret);
    expect(String(failure)).not.toContain(TEST_INDEX_SECRET);
  });
});

describe('case 22 two applications on one Redis', () => {
  it('A4 share nothing: challenges, counters, proofs, keys', async () => {
    const [a, b] = [await start({ namespace: 'a' }), await start({ namespace: 'b' })];
    const { challengeId, code } = await a.start();
    expectProblem(await b.verify(challengeId, code), 410, 'challenge_gone');
    expect((await b.create()).status).toBe(201);
    const proof = await a.prove(numberOf(1));
    expectProblem(await openOnce(b, proof), 401, 'insufficient_proof');
    expect((await openOnce(a, proof)).status).toBe(201);

    const keys = await inspector.keys('*');
    const namesIn = (namespace: string) =>
      keys.filter((key) => key.startsWith(`${namespace}:`)).map((key) => key.slice(namespace.length + 1));
    expect(namesIn('a').length + namesIn('b').length).toBe(keys.length);
    // The same number, address and mark have other names there.
    const shared = namesIn('a').filter((name) => namesIn('b').includes(name) && !name.startsWith('m:'));
    expect(shared).toEqual([]);
  });
});

describe('case 84 a Redis that forgets everything', () => {
  it('A3 takes its challenges with its counters: nothing is accepted', async () => {
    const client = await start({});
    const { challengeId, code } = await client.start();
    await inspector.flushall();
    for (const answer of [
      await client.verify(challengeId, code),
      await client.resend(challengeId),
      await client.status(challengeId),
    ]) {
      expectProblem(answer, 410, 'challenge_gone');
    }
    const again = await client.start();
    expect((await client.verify(challengeId, again.code)).status).toBe(410);
    expect((await client.verify(again.challengeId, again.code)).status).toBe(200);
  });
});
