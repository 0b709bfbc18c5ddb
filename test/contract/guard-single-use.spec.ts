import { memoryStore, StoreFullError, StoreUnavailableError } from 'nestjs-sms-otp';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { AccountCaller, guardedControllers } from '../support/guarded-app.js';
import { type HttpAnswer, OtpHttpClient } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';
import { watchStore } from '../support/store-doubles.js';

describe.each(ADAPTERS)('proofs that are used once, on %s', (adapter) => {
  let otp: OtpApp;
  let client: OtpHttpClient;
  let calls: readonly string[];
  let fault: Error | undefined;

  beforeEach(async () => {
    fault = undefined;
    const clock = new ManualClock();
    const guarded = guardedControllers();
    ({ calls } = guarded);
    otp = await startOtpApp({
      adapter,
      clock,
      purposes: { login: { start: 'public' }, second: {} },
      store: watchStore(memoryStore({ clock }), (method) => {
        if (method.startsWith('marks.') && fault !== undefined) {
          throw fault;
        }
      }),
      caller: AccountCaller,
      metadata: { controllers: guarded.controllers, providers: [AccountCaller] },
    });
    client = new OtpHttpClient(otp);
  });

  afterEach(() => otp.close());

  const use = (proof: string, path = '/once'): Promise<HttpAnswer> =>
    client.call({ method: 'POST', path, headers: { 'OTP-Proof': proof } });

  it('case 25 the second use is refused', async () => {
    const proof = await client.prove();
    expect((await use(proof)).status).toBe(201);
    expectProblem(await use(proof), 401, 'insufficient_proof');
    expect(calls).toEqual(['once']);
  });

  it('case 25 of 50 uses at once one passes', async () => {
    const proof = await client.prove();
    const answers = await Promise.all(Array.from({ length: 50 }, () => use(proof)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(49);
    expect(calls).toEqual(['once']);
  });

  it('case 25 it is spent for every handler, and even where the handler fails', async () => {
    const proof = await client.prove();
    expect((await use(proof, '/once-failing')).status).toBe(500);
    expectProblem(await use(proof), 401, 'insufficient_proof');
    expectProblem(await use(proof, '/once-failing'), 401, 'insufficient_proof');
  });

  it('case 25 once spent it opens no handler that would not spend it either', async () => {
    const proof = await client.prove();
    expect((await use(proof, '/session')).status).toBe(201);
    expect((await use(proof)).status).toBe(201);
    expectProblem(await use(proof, '/session'), 401, 'insufficient_proof');
  });

  it('H3 case 69 in a cookie it is spent for a page of this site alone, also by what only reads', async () => {
    const Cookie = `proof=${await client.prove()}`;
    const read = (site: string) => client.call({ path: '/once-read', headers: { Cookie, 'Sec-Fetch-Site': site } });
    expectProblem(await read('cross-site'), 401, 'otp_required');
    expect((await read('same-origin')).status).toBe(200);
    expectProblem(await read('same-origin'), 401, 'insufficient_proof');
  });

  it('case 25 it stays spent as long as the proof could live', async () => {
    const proof = await client.prove();
    await use(proof);
    for (let seconds = 0; seconds < 700; seconds += 50) {
      otp.clock.advanceSeconds(50);
      expectProblem(await use(proof), 401, 'insufficient_proof');
    }
  });

  it('case 25 another spelling of the signature is not another proof', async () => {
    const proof = await client.prove();
    await use(proof);
    const last = proof.at(-1) ?? '';
    for (const other of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=') {
      const answer = await use(other === '=' ? `${proof}=` : proof.slice(0, -1) + other);
      expectProblem(answer, 401, 'insufficient_proof');
    }
    expect(last).not.toBe('');
    expect(calls).toEqual(['once']);
  });

  it('a proof that is refused for another reason is not spent', async () => {
    const proof = await client.prove();
    expectProblem(await use(`${proof}x`), 401, 'insufficient_proof');
    expect((await use(proof)).status).toBe(201);
  });

  it('H3 a handler without singleUse spends nothing', async () => {
    const proof = await client.prove();
    expect((await use(proof, '/session')).status).toBe(201);
    expect((await use(proof, '/session')).status).toBe(201);
    expect((await use(proof)).status).toBe(201);
  });

  it('L1 case 83 with the store lost it is 503, the handler does not run and the proof is not spent', async () => {
    const proof = await client.prove();
    fault = new StoreUnavailableError('10.0.0.7:6379 refused the connection');
    const answer = await use(proof);
    expectProblem(answer, 503, 'store_unavailable');
    expect(answer.text).not.toContain('6379');
    expect(calls).toEqual([]);
    fault = undefined;
    expect((await use(proof)).status).toBe(201);
  });

  it('L1 L2 with the store full it is 503 busy and the handler does not run', async () => {
    const proof = await client.prove();
    fault = new StoreFullError('full');
    expectProblem(await use(proof), 503, 'busy');
    expect(calls).toEqual([]);
  });

  it('L1 case 75 any other fault is 500 and the handler does not run', async () => {
    const proof = await client.prove();
    fault = new Error('secret');
    const answer = await use(proof);
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('secret');
    expect(calls).toEqual([]);
  });
});
