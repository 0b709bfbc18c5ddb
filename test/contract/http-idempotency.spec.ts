import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hmacSha256 } from 'nestjs-sms-otp';
import { expectProblem } from '../support/expect-problem.js';
import { callHttp, NUMBER, OTHER_NUMBER, OtpHttpClient } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';

const KEY = '"8e03978e-40d5-43dd-bc93-6894a57f9324"';

describe.each(ADAPTERS)('Idempotency-Key, on %s', (adapter) => {
  let otp: OtpApp;

  beforeEach(async () => {
    otp = await startOtpApp({ adapter, trustedProxies: ['loopback'] });
  });

  afterEach(() => otp.close());

  const create = (phoneNumber: string, headers: Record<string, string> = {}) =>
    callHttp(otp.url, {
      method: 'POST',
      path: '/otp/challenges',
      headers: { 'idempotency-key': KEY, ...headers },
      body: { phoneNumber },
    });

  it('gives the first answer again instead of a second message', async () => {
    const first = await create(NUMBER);
    const second = await create(NUMBER);
    expect(first.status).toBe(201);
    expect(second.status).toBe(201);
    expect(second.body).toEqual(first.body);
    expect(otp.transport.messages).toHaveLength(1);
    expect((await new OtpHttpClient(otp).verify(String(second.body['challengeId']), otp.codeTo(NUMBER))).status).toBe(
      200,
    );
  });

  it('with another body it is 409, and nothing is sent', async () => {
    await create(NUMBER);
    const answer = await create(OTHER_NUMBER);
    expectProblem(answer, 409, 'idempotency_conflict');
    expect(answer.headers['retry-after']).toBeUndefined();
    expect(otp.transport.messages).toHaveLength(1);
  });

  it('is the client’s own: another address with the same key meets nothing of it', async () => {
    const first = await create(NUMBER, { 'x-forwarded-for': '203.0.113.1' });
    const other = await create(OTHER_NUMBER, { 'x-forwarded-for': '203.0.113.2' });
    expect([first.status, other.status]).toEqual([201, 201]);
    expect(other.body['challengeId']).not.toBe(first.body['challengeId']);
  });

  it('after a refusal the key is free again', async () => {
    expectProblem(await create('+31'), 400, 'invalid_phone_number');
    otp.transport.failNext('transient');
    expectProblem(await create(NUMBER), 503, 'delivery_failed');
    otp.clock.advanceSeconds(31);
    expect((await create(NUMBER)).status).toBe(201);
  });

  it('ends with the lifetime of the challenge', async () => {
    const first = await create(NUMBER);
    otp.clock.advanceSeconds(301);
    const second = await create(NUMBER);
    expect(second.status).toBe(201);
    expect(second.body['challengeId']).not.toBe(first.body['challengeId']);
  });

  it.each(['', ' ', 'a b', 'é', 'x'.repeat(256)])('J1 a key like %j is 400', async (key) => {
    const answer = await create(NUMBER, { 'idempotency-key': Buffer.from(key, 'utf8').toString('latin1') });
    expectProblem(answer, 400, 'invalid_request');
    expect(otp.transport.messages).toHaveLength(0);
  });
});

describe('Idempotency-Key while the first request is under way', () => {
  it('50 at once send one message; who comes too early is told to wait', async () => {
    let release = () => {};
    const hashed = new Promise<void>((resolve) => {
      release = resolve;
    });
    const hasher = hmacSha256();
    const otp = await startOtpApp({
      hashing: { ...hasher, hash: (input) => hashed.then(() => hasher.hash(input)) },
    });
    const create = () =>
      callHttp(otp.url, {
        method: 'POST',
        path: '/otp/challenges',
        headers: { 'idempotency-key': KEY },
        body: { phoneNumber: NUMBER },
      });
    // Whichever arrives first waits for its hash until all the others are answered.
    let answered = 0;
    const answers = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const answer = await create();
        answered += 1;
        if (answered === 49) {
          release();
        }
        return answer;
      }),
    );
    const early = answers.filter(({ status }) => status === 409);
    for (const answer of early) {
      expectProblem(answer, 409, 'idempotency_conflict');
      expect(answer.headers['retry-after']).toBe('1');
    }
    expect(early).toHaveLength(49);
    expect(otp.transport.messages).toHaveLength(1);
    expect((await create()).status).toBe(201);
    expect(otp.transport.messages).toHaveLength(1);
    await otp.close();
  });
});
