import { APP_GUARD } from '@nestjs/core';
import { OtpGuard, OtpService } from 'nestjs-sms-otp';
import { afterEach, describe, expect, it } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { AccountCaller, AccountGuard, ACCOUNTS, guardedControllers } from '../support/guarded-app.js';
import { type HttpAnswer, NUMBER, OTHER_NUMBER, OtpHttpClient } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';

describe.each(ADAPTERS)('the caller at the guard, on %s', (adapter) => {
  let otp: OtpApp;
  let client: OtpHttpClient;
  let calls: readonly string[];

  const start = async ({ globally = false } = {}) => {
    const guarded = guardedControllers();
    ({ calls } = guarded);
    otp = await startOtpApp({
      adapter,
      purposes: { login: { start: 'public' }, second: {} },
      caller: AccountCaller,
      metadata: {
        controllers: guarded.controllers,
        providers: [AccountCaller, AccountGuard, ...(globally ? [{ provide: APP_GUARD, useExisting: OtpGuard }] : [])],
      },
    });
    client = new OtpHttpClient(otp);
  };

  afterEach(() => otp.close());

  const post = (path: string, { account, proof }: { account?: string; proof?: string } = {}): Promise<HttpAnswer> =>
    client.call({
      method: 'POST',
      path,
      headers: {
        ...(account === undefined ? {} : { 'X-Account': account }),
        ...(proof === undefined ? {} : { 'OTP-Proof': proof }),
      },
    });

  /** A proof of the purpose that only the application starts. */
  async function proveSecond(account: keyof typeof ACCOUNTS, withSubject = true): Promise<string> {
    const identity = ACCOUNTS[account];
    const phoneNumber = identity?.phoneNumber ?? NUMBER;
    const service = otp.app.get(OtpService);
    const subject = withSubject && identity?.subject !== undefined ? { subject: identity.subject } : {};
    const issued = await service.issue({ purpose: 'second', phoneNumber, client: 'none', ...subject });
    if (issued.outcome !== 'issued') {
      throw new Error(`not issued: ${issued.outcome}`);
    }
    const code = otp.codeTo(phoneNumber);
    const { challengeId } = issued.challenge;
    const verified = await service.verify({ purpose: 'second', challengeId, code, client: 'none' });
    if (verified.outcome !== 'verified') {
      throw new Error(`not verified: ${verified.outcome}`);
    }
    return verified.proof;
  }

  it('A4 the caller’s own proof passes', async () => {
    await start();
    const answer = await post('/class/transfer', { account: 'victim', proof: await proveSecond('victim') });
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({ phoneNumber: NUMBER });
  });

  it('A4 case 20 a proof of the attacker’s own number is refused on the victim’s request', async () => {
    await start();
    const proof = await proveSecond('attacker');
    expectProblem(await post('/class/transfer', { account: 'victim', proof }), 401, 'insufficient_proof');
    expect(calls).toEqual([]);
    expect((await post('/class/transfer', { account: 'attacker', proof })).status).toBe(201);
  });

  it('A4 case 20 the same number under another account is refused where the proof has a subject', async () => {
    await start();
    const proof = await proveSecond('victim');
    expectProblem(await post('/class/transfer', { account: 'national', proof }), 401, 'insufficient_proof');
    expect(calls).toEqual([]);
  });

  it('A4 another spelling of the caller’s number is the same handset', async () => {
    await start();
    const proof = await proveSecond('victim', false);
    expect((await post('/class/transfer', { account: 'national', proof })).status).toBe(201);
  });

  it('A4 case 29 a caller without a usable number is refused', async () => {
    await start();
    const proof = await proveSecond('victim', false);
    expectProblem(await post('/class/transfer', { account: 'numberless', proof }), 401, 'insufficient_proof');
  });

  it('A4 case 19 a public login’s proof is worth nothing for another purpose', async () => {
    await start();
    const proof = await client.prove(NUMBER);
    expectProblem(await post('/class/transfer', { account: 'victim', proof }), 401, 'insufficient_proof');
  });

  it('H8 case 24 nobody signed in: a purpose of the application is a plain 401', async () => {
    await start();
    const proof = await proveSecond('victim');
    const answer = await post('/class/transfer', { proof });
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBeUndefined();
    expect(answer.text).not.toContain('phone');
    expect(calls).toEqual([]);
  });

  it('a public purpose may do without a caller: that is the login itself', async () => {
    await start();
    expect((await post('/session', { proof: await client.prove() })).status).toBe(201);
  });

  it('A4 case 20 a public purpose with a caller must be the caller’s own', async () => {
    await start();
    const proof = await client.prove(OTHER_NUMBER);
    expectProblem(await post('/class/login', { account: 'victim', proof }), 401, 'insufficient_proof');
    const own = await client.prove(NUMBER);
    expect((await post('/class/login', { account: 'victim', proof: own })).status).toBe(201);
  });

  it('the handler’s requirement replaces its class’s', async () => {
    await start();
    const second = await proveSecond('victim');
    expectProblem(await post('/class/login', { account: 'victim', proof: second }), 401, 'insufficient_proof');
    expectProblem(await post('/class/login', { account: 'victim' }), 401, 'otp_required');
  });

  it('L1 case 75 a caller that throws refuses the request as the application’s own error', async () => {
    await start();
    const answer = await post('/class/transfer', { account: 'broken', proof: await proveSecond('victim') });
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('accounts');
    expect(calls).toEqual([]);
  });

  it('case 24 @VerifiedPhone() without a guard refuses, whatever the request brings', async () => {
    await start();
    const proof = await client.prove();
    const answer = await client.call({
      method: 'POST',
      path: '/forgotten',
      body: { phoneNumber: NUMBER, verified: true },
      headers: { 'OTP-Proof': proof },
    });
    expect(answer.status).toBe(401);
    expect(calls).toEqual([]);
  });

  it('case 75 registered globally, the guard leaves unmarked handlers alone and protects marked ones', async () => {
    await start({ globally: true });
    expect((await client.call({ path: '/open' })).status).toBe(200);
    expectProblem(await post('/session'), 401, 'otp_required');
    expect((await client.create()).status).toBe(201);
    expect(calls).toEqual(['open']);
  });

  it('case 25 registered globally as well, the guard spends a single-use proof once and lets it through', async () => {
    await start({ globally: true });
    const proof = await client.prove();
    expect((await post('/once', { proof })).status).toBe(201);
    expectProblem(await post('/once', { proof }), 401, 'insufficient_proof');
    expect(calls).toEqual(['once']);
  });

  it('case 25 on class and handler, the guard spends a single-use proof once and lets it through', async () => {
    await start();
    const proof = await proveSecond('victim');
    expect((await post('/class/once', { account: 'victim', proof })).status).toBe(201);
    expectProblem(await post('/class/once', { account: 'victim', proof }), 401, 'insufficient_proof');
    expect(calls).toEqual(['once']);
  });

  it('L1 case 75 decorators in the wrong order let nobody through', async () => {
    await start();
    const answer = await post('/wrong-order/transfer', { account: 'victim', proof: await proveSecond('victim') });
    expect(answer.status).toBe(401);
    expect(calls).toEqual([]);
  });
});
