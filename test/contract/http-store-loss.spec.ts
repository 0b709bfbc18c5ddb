import { hmacSha256, memoryStore, StoreFullError, StoreUnavailableError } from 'nestjs-sms-otp';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { NUMBER, OtpHttpClient, type Started } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';
import { type StoreMethod, watchStore } from '../support/store-doubles.js';

describe.each(ADAPTERS)('a store that is lost, on %s', (adapter) => {
  let otp: OtpApp;
  let client: OtpHttpClient;
  let failing: { readonly methods: readonly StoreMethod[]; readonly error: Error };
  let hanging: readonly StoreMethod[];
  let compared: number;

  beforeEach(async () => {
    failing = { methods: [], error: new Error('unused') };
    hanging = [];
    compared = 0;
    const clock = new ManualClock();
    const hasher = hmacSha256();
    otp = await startOtpApp({
      adapter,
      clock,
      store: watchStore(memoryStore({ clock }), (method) => {
        if (failing.methods.includes(method)) {
          throw failing.error;
        }
        return hanging.includes(method) ? new Promise(() => undefined) : undefined;
      }),
      hashing: {
        ...hasher,
        verify(input, stored) {
          compared++;
          return hasher.verify(input, stored);
        },
      },
    });
    client = new OtpHttpClient(otp);
  });

  afterEach(() => otp.close());

  const lose = (...methods: readonly StoreMethod[]) => {
    failing = { methods, error: new StoreUnavailableError('10.0.0.7:6379 refused the connection') };
  };

  const routes: Readonly<Record<string, (started: Started) => ReturnType<OtpHttpClient['create']>>> = {
    create: () => client.create({ phoneNumber: '+31687654321' }),
    resend: ({ challengeId }) => client.resend(challengeId),
    verify: ({ challengeId, code }) => client.verify(challengeId, code),
    status: ({ challengeId }) => client.status(challengeId),
    cancel: ({ challengeId }) => client.cancel(challengeId),
  };

  const calls: readonly (readonly [string, StoreMethod])[] = [
    ['create', 'limits.take'],
    ['create', 'challenges.create'],
    ['resend', 'challenges.find'],
    ['resend', 'limits.take'],
    ['resend', 'challenges.replaceIf'],
    ['verify', 'challenges.reserveAttempt'],
    ['verify', 'challenges.replaceIf'],
    ['status', 'challenges.find'],
    ['status', 'limits.count'],
    ['cancel', 'challenges.find'],
    ['cancel', 'challenges.replaceIf'],
  ];

  it.each(calls)('L1 case 83 %s without %s is 503, and nothing is sent, shown or proven', async (route, method) => {
    const started = await client.start();
    otp.clock.advanceSeconds(31);
    lose(method);
    const answer = await routes[route]?.(started);
    if (answer === undefined) {
      throw new Error('no such route');
    }
    expectProblem(answer, 503, 'store_unavailable');
    expect(answer.text).not.toMatch(/10\.0\.0\.7|6379|challengeId|proof/);
    expect(otp.transport.messages).toHaveLength(1);
    // Only a consumption that is lost comes after a comparison.
    expect(compared).toBe(method === 'challenges.replaceIf' && route === 'verify' ? 1 : 0);
  });

  it('L1 case 83 a store that comes back is used again at once', async () => {
    const { challengeId, code } = await client.start();
    lose('challenges.reserveAttempt', 'challenges.find', 'limits.take');
    expectProblem(await client.verify(challengeId, code), 503, 'store_unavailable');
    lose();
    expect((await client.verify(challengeId, code)).status).toBe(200);
  });

  it('L1 case 85 what becomes of a message is not worth a login: recording it may fail', async () => {
    lose('challenges.replaceIf');
    expect((await client.create()).status).toBe(201);
    expect(otp.transport.messages).toHaveLength(1);
  });

  it('L1 a message that failed while the store is lost is 503 as well', async () => {
    otp.transport.failNext('transient');
    lose('challenges.replaceIf', 'limits.giveBack');
    const answer = await client.create();
    expect(answer.status).toBe(503);
    expect(['store_unavailable', 'delivery_failed']).toContain(answer.body['code']);
  });

  it.each([
    ['create', 'challenges.create'],
    ['resend', 'challenges.replaceIf'],
  ] as const)('L1 case 83 nobody waits for what %s gives back to a store that is lost', async (route, method) => {
    const started = await client.start();
    otp.clock.advanceSeconds(31);
    lose(method);
    hanging = ['limits.giveBack'];
    expect(await routes[route]?.(started)).toMatchObject({ status: 503 });
  });

  it('L2 I3 a full store is 503 busy with a time to come back', async () => {
    failing = { methods: ['limits.take', 'challenges.create'], error: new StoreFullError('full') };
    const answer = await client.create();
    expectProblem(answer, 503, 'busy');
    expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/);
  });

  it('I2 any other fault of a store is 500 without a word of it', async () => {
    failing = { methods: ['limits.take'], error: new Error(`secret of ${NUMBER}`) };
    const answer = await client.create();
    expect(answer.status).toBe(500);
    expect(answer.text).not.toMatch(/secret|31612345678/);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(otp.transport.messages).toEqual([]);
  });
});
