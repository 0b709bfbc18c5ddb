import { Injectable } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { OtpGuard } from 'nestjs-sms-otp';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { IN_MEMORY } from '../support/deployments.js';
import { expectProblem } from '../support/expect-problem.js';
import { type HttpCall, NUMBER, OTHER_NUMBER } from '../support/http.js';
import { OWN_GUARDS } from '../support/sample-app/own-guards.js';
import { challengeIdOf, codeHeaders, type SampleClient, TRANSFER } from '../support/sample-app/sample-client.js';
import { type Sample, startSample } from '../support/sample-app/start-sample.js';

const LIMITS: HttpCall = { method: 'POST', path: '/settings/limits', body: {} };
const PAYOUT: HttpCall = { method: 'POST', path: '/payouts', body: TRANSFER };
const PROOF: HttpCall = { method: 'POST', path: '/payouts/proof', body: TRANSFER };

/** What each of the own guards changes, and what it leaves. */
const SHOWN: Readonly<Record<string, (sample: Sample, ann: SampleClient) => Promise<void>>> = {
  async getRequirement(_sample, ann) {
    expect((await ann.call(LIMITS)).body).not.toHaveProperty('challenge');
  },
  async getCall(_sample, ann) {
    expect((await ann.call(LIMITS)).status).toBe(403);
  },
  async isSkipped(_sample, ann) {
    expect((await ann.call(PROOF)).status).toBe(201);
    expectProblem(await ann.call(LIMITS), 401, 'otp_required');
  },
  async verify(_sample, ann) {
    expect((await ann.call(PAYOUT)).status).toBe(418);
    expectProblem(await ann.call(LIMITS), 401, 'otp_required');
  },
  async getCaller(sample, ann) {
    await ann.call(PAYOUT);
    expect(sample.otp.transport.messages).toMatchObject([{ to: OTHER_NUMBER }]);
  },
  async getCode(_sample, ann) {
    const stepped = await ann.stepUp(PAYOUT);
    expectProblem(await ann.repeat(PAYOUT, stepped), 401, 'otp_required');
    const headers = { Authorization: `OTP ${stepped.challengeId} ${stepped.code}` };
    expect((await ann.call({ ...PAYOUT, headers })).status).toBe(201);
  },
  async getProof(_sample, ann) {
    const proof = await ann.proveFor(PAYOUT);
    expectProblem(await ann.call({ ...PAYOUT, headers: { 'OTP-Proof': proof } }), 401, 'otp_required');
    expect((await ann.call({ ...PAYOUT, headers: { 'X-Acme-Proof': proof } })).status).toBe(201);
  },
  async getTransaction(_sample, ann) {
    const stepped = await ann.stepUp({ ...PAYOUT, path: '/payouts/inline' });
    expect((await ann.repeat(PAYOUT, stepped)).status).toBe(201);
  },
  async getBinding(sample, ann) {
    const dearer = { ...PAYOUT, body: { ...TRANSFER, amount: 'twelve' } };
    expect((await ann.repeat(dearer, await ann.stepUp(PAYOUT))).status).toBe(201);
    expect(sample.otp.transport.lastTo(NUMBER)?.text).toContain('amount 12.00');
  },
  async getClient(sample, ann) {
    await ann.call(PAYOUT);
    expect(sample.events).toContainEqual(expect.objectContaining({ clientNetwork: '198.51.100.0/24' }));
  },
  async mayBeForged(_sample, ann) {
    const answer = await ann.call({ ...PAYOUT, headers: { Origin: 'https://evil.example' } });
    expect(answer.body).toHaveProperty('challenge');
  },
  async getLocale(sample, ann) {
    await ann.call({ ...LIMITS, headers: { 'Accept-Language': 'nl' } });
    expect(sample.otp.transport.messages).toMatchObject([{ locale: 'en-AU' }]);
  },
  async answer(sample, ann) {
    await ann.repeat(PAYOUT, await ann.stepUp(PAYOUT));
    expect(sample.bank.ran).toMatchObject([{ seen: { proof: { amr: ['sms', 'mfa'] } } }]);
  },
  async checkProof(sample, ann) {
    expect((await ann.call({ ...PAYOUT, headers: { 'OTP-Proof': 'trust me' } })).status).toBe(201);
    expectProblem(await ann.call({ ...PROOF, headers: { 'OTP-Proof': 'trust you' } }), 401, 'insufficient_proof');
    expect(sample.bank.ran).toMatchObject([{ seen: { proof: { amr: ['hwk'] } } }]);
  },
  async refuseProof(_sample, ann) {
    const answer = await ann.call({ ...PAYOUT, headers: { 'OTP-Proof': 'x' } });
    expect(answer.body).toMatchObject({ code: 'insufficient_proof', detail: 'The proof is invalid.' });
    expect(answer.body).not.toHaveProperty('challenge');
  },
  async refuseStranger(_sample, ann) {
    expect((await ann.post('/orders/wrong')).status).toBe(418);
  },
  async stepUp(sample, ann) {
    expectProblem(await ann.call(PAYOUT), 403, 'forbidden');
    expect(sample.otp.transport.messages).toEqual([]);
    expect(challengeIdOf(await ann.call({ ...PAYOUT, headers: { 'X-Captcha': 'solved' } }))).not.toBe('');
  },
  async toException(_sample, ann) {
    const answer = await ann.call(PAYOUT);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="acme"');
    expect(challengeIdOf(answer)).not.toBe('');
  },
  async warnOnce(sample, ann) {
    expect((await ann.post('/orders/wrong')).status).toBe(401);
    expect(sample.bank.handlers).toEqual(['warned: @RequireOtp']);
  },
};

describe.each(IN_MEMORY)('steps of one’s own, on $name', (deployment) => {
  let sample: Sample;
  afterEach(() => sample.otp.close());

  it.each(Object.entries(SHOWN))('%s can be overridden', async (name, show) => {
    sample = await startSample(deployment, { guard: OWN_GUARDS[name] ?? OtpGuard });
    await show(sample, sample.client('ann'));
  });

  it('these are all of them', async () => {
    sample = await startSample(deployment);
    const prototypes: object[] = [OtpGuard.prototype, Object.getPrototypeOf(OtpGuard.prototype)];
    const own = new Set(prototypes.flatMap((prototype) => Object.getOwnPropertyNames(prototype)));
    const closed = ['constructor', 'canActivate', 'confirmCaller', 'whileConnected'];
    expect([...own].filter((name) => !closed.includes(name)).toSorted()).toEqual(Object.keys(OWN_GUARDS).toSorted());
  });

  it('the same guard stands wherever one is asked for', async () => {
    const asked = vi.fn<(purpose: string) => void>();
    @Injectable()
    class Counting extends OtpGuard {
      protected override isSkipped(...args: Parameters<OtpGuard['isSkipped']>) {
        asked(args[0].purpose);
        return super.isSkipped(...args);
      }
    }
    const providers = [{ provide: APP_GUARD, useExisting: OtpGuard }];
    sample = await startSample(deployment, { guard: Counting, metadata: { providers } });
    expect(sample.otp.app.get(OtpGuard, { strict: false })).toBeInstanceOf(Counting);
    const answer = await sample.client().otpRoutes.call({ method: 'POST', path: '/sessions' });
    expectProblem(answer, 401, 'otp_required');
    expect(asked.mock.calls).toEqual([['login']]);
    expect((await sample.client('ann').pay(TRANSFER, codeHeaders({ challengeId: 'x', code: '123456' }))).status).toBe(
      401,
    );
  });
});
