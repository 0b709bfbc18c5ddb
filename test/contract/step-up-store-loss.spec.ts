import { hmacSha256, memoryStore, OtpEvents, StoreFullError, StoreUnavailableError } from 'nestjs-sms-otp';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { Bank } from '../support/sample-app/bank.js';
import { codeHeaders, SampleClient, TRANSFER } from '../support/sample-app/sample-client.js';
import { sampleParts } from '../support/sample-app/start-sample.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';
import { type StoreMethod, watchStore } from '../support/store-doubles.js';

describe.each(ADAPTERS)('guards without a store, on %s', (adapter) => {
  let otp: OtpApp;
  let bank: Bank;
  let ann: SampleClient;
  let failing: { readonly method?: StoreMethod; readonly error: Error };
  let compared: number;

  beforeEach(async () => {
    failing = { error: new Error('unused') };
    compared = 0;
    bank = new Bank();
    const clock = new ManualClock();
    const hasher = hmacSha256();
    otp = await startOtpApp({
      ...sampleParts(bank),
      adapter,
      clock,
      store: watchStore(memoryStore({ clock }), (method) => {
        if (method === failing.method) {
          throw failing.error;
        }
      }),
      hashing: {
        ...hasher,
        verify(input, stored) {
          compared += 1;
          return hasher.verify(input, stored);
        },
      },
    });
    ann = new SampleClient(otp, bank, 'ann');
  });

  afterEach(() => otp.close());

  const lose = (method: StoreMethod) => {
    failing = { method, error: new StoreUnavailableError('10.0.0.7:6379 refused the connection') };
  };

  it.each<[StoreMethod, messages: number]>([
    ['marks.get', 0],
    ['limits.take', 0],
    ['challenges.create', 0],
  ])('L1 case 83 a first request without %s is 503 and nothing is sent', async (method, messages) => {
    lose(method);
    const answer = await ann.pay();
    expectProblem(answer, 503, 'store_unavailable');
    expect(answer.text).not.toMatch(/10\.0\.0\.7|6379|challenge/);
    expect(otp.transport.messages).toHaveLength(messages);
    expect(bank.handlers).toEqual([]);
  });

  it.each<[StoreMethod]>([['marks.get'], ['challenges.find'], ['limits.count']])(
    'L1 case 83 a first request that is repeated without %s is 503 and sends no second message',
    async (method) => {
      const stepped = await ann.stepUp();
      lose(method);
      expectProblem(await ann.pay(), 503, 'store_unavailable');
      expect(otp.transport.messages).toHaveLength(1);
      failing = { error: failing.error };
      expect((await ann.pay(TRANSFER, codeHeaders(stepped))).status).toBe(201);
    },
  );

  it('what was sent is told, though it cannot be found again', async () => {
    lose('marks.put');
    const stepped = await ann.stepUp();
    expect((await ann.pay(TRANSFER, codeHeaders(stepped))).status).toBe(201);
  });

  it.each<[StoreMethod, comparisons: number]>([
    ['challenges.reserveAttempt', 0],
    ['challenges.replaceIf', 1],
  ])('L1 case 83 a right code without %s is 503, and the handler does not run', async (method, comparisons) => {
    const stepped = await ann.stepUp();
    lose(method);
    expectProblem(await ann.pay(TRANSFER, codeHeaders(stepped)), 503, 'store_unavailable');
    expect(compared).toBe(comparisons);
    expect(bank.handlers).toEqual([]);
  });

  it.each<[StoreMethod]>([['marks.get'], ['marks.putIfAbsent']])(
    'L1 case 83 a proof without %s is 503 and starts no challenge',
    async (method) => {
      const call = { method: 'POST', path: '/payouts', body: TRANSFER };
      const headers = { 'OTP-Proof': await ann.proveFor(call) };
      const reasons: string[] = [];
      otp.app.get(OtpEvents).on('proof.refused', ({ reason }) => reasons.push(reason));
      lose(method);
      expectProblem(await ann.call({ ...call, headers }), 503, 'store_unavailable');
      expect(reasons).toEqual(['store_unavailable']);
      expect(bank.handlers).toEqual([]);
      expect(otp.transport.messages).toHaveLength(1);
    },
  );

  it('L2 a full store is 503 busy', async () => {
    failing = { method: 'challenges.create', error: new StoreFullError('full') };
    expectProblem(await ann.pay(), 503, 'busy');
    expect(bank.handlers).toEqual([]);
  });

  it.each<[StoreMethod]>([['marks.get'], ['challenges.create']])(
    'L1 case 75 any other fault of %s is 500 and the handler does not run',
    async (method) => {
      failing = { method, error: new Error('secret') };
      const answer = await ann.pay();
      expect(answer.status).toBe(500);
      expect(answer.text).not.toContain('secret');
      expect(bank.handlers).toEqual([]);
    },
  );
});
