import { OtpService } from 'nestjs-sms-otp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IN_MEMORY } from '../support/deployments.js';
import { expectProblem } from '../support/expect-problem.js';
import { type HttpCall, textMember } from '../support/http.js';
import type { SampleClient } from '../support/sample-app/sample-client.js';
import { type Sample, startSample } from '../support/sample-app/start-sample.js';

const monthly: HttpCall = { path: '/reports/monthly' };

describe.each(IN_MEMORY)('requests that only read, on $name', (deployment) => {
  let sample: Sample;
  let ann: SampleClient;

  beforeEach(async () => {
    sample = await startSample(deployment);
    ann = sample.client('ann');
  });

  afterEach(() => sample.otp.close());

  it.each<[string, HttpCall]>([
    ['GET', monthly],
    ['GET with a proof that does not do', { ...monthly, headers: { 'OTP-Proof': 'x' } }],
    ['GET with a query string', { path: '/reports/monthly?start=true' }],
    ['GET with a method override', { ...monthly, headers: { 'X-HTTP-Method-Override': 'POST' } }],
  ])('H3 C1 %s is refused without a message, however often', async (_name, call) => {
    for (let times = 0; times < 5; times += 1) {
      const answer = await ann.call(call);
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer error="insufficient_user_authentication"/);
      expect(answer.body).not.toHaveProperty('challenge');
      sample.otp.clock.advanceSeconds(60);
    }
    expect(sample.otp.transport.messages).toEqual([]);
    expect(sample.bank.handlers).toEqual([]);
  });

  it.each(['HEAD', 'OPTIONS'])('H3 C1 %s sends nothing and runs nothing', async (method) => {
    for (const path of ['/reports/monthly', '/payouts', '/settings/limits']) {
      expect((await ann.call({ method, path })).status).toBeGreaterThanOrEqual(400);
    }
    expect(sample.otp.transport.messages).toEqual([]);
    expect(sample.bank.handlers).toEqual([]);
  });

  it('a proof that the application had asked for opens them', async () => {
    const otp = sample.otp.app.get(OtpService);
    const issued = await otp.issue({ purpose: 'confirm', ...sample.bank.account('ann'), client: 'none' });
    const challengeId = issued.outcome === 'issued' ? issued.challenge.challengeId : '';
    const proof = textMember(await ann.otpRoutes.verify(challengeId, ann.code()), 'proof');
    expect((await ann.call({ ...monthly, headers: { 'OTP-Proof': proof } })).status).toBe(200);
    expect(sample.bank.handlers).toEqual(['monthly']);
  });

  it('startOnSafeMethods: the application wants a message for them', async () => {
    const call = { path: '/reports/yearly' };
    const stepped = await ann.stepUp(call);
    expectProblem(stepped.answer, 401, 'otp_required');
    expect((await ann.repeat(call, stepped)).status).toBe(200);
    expect(sample.bank.handlers).toEqual(['yearly']);
    expect(sample.otp.transport.messages).toHaveLength(1);
  });
});
