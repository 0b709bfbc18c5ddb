import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { FakeOtp } from 'nestjs-sms-otp/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { expectProblem } from '../support/expect-problem.js';
import { callHttp, type HttpAnswer, NUMBER } from '../support/http.js';
import { ADAPTERS, listen } from '../support/otp-app.js';
import { AppModule, PayoutsService } from './step-up.js';

vi.hoisted(() => vi.stubEnv('OTP_SECRET', 'Hq2Lw9Zx4Cv7Bn1Mk6Jt3Rf8Ys5Pd0Ga'));

const PROBLEM = z.object({ challenge: z.object({ challengeId: z.string() }) });
const PAYOUT = { amount: '12.00 EUR', iban: 'NL91ABNA0417164300' };

describe.each(ADAPTERS)('the step-up, on %s', (adapter) => {
  let fake: FakeOtp;
  let app: INestApplication;

  beforeEach(async () => {
    fake = new FakeOtp();
    const ref = await fake.override(Test.createTestingModule({ imports: [AppModule] })).compile();
    app = await listen(ref, { adapter });
  });

  afterEach(() => app.close());

  const pay = async (body: unknown, { account, ...headers }: Record<string, string> = {}) =>
    callHttp(await app.getUrl(), {
      method: 'POST',
      path: '/payouts',
      body,
      headers: { ...(account === undefined ? {} : { Authorization: `Bearer ${account}` }), ...headers },
    });
  const answerOf = ({ body }: HttpAnswer) => {
    const { challenge } = PROBLEM.parse(body);
    return { 'OTP-Challenge': challenge.challengeId, 'OTP-Code': fake.lastCodeTo(NUMBER) };
  };
  const paid = () => app.get(PayoutsService, { strict: false }).paid;

  it('A4, H8 asks for a code, tells what it stands for, and pays once when the request comes again with it', async () => {
    const asked = await pay(PAYOUT, { account: 'ada' });
    const challenge = { purpose: 'payout', destination: '+31*******78', attemptsRemaining: 5 };
    expect(asked).toMatchObject({ status: 401, body: { code: 'otp_required', challenge } });
    expect(asked.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(asked.headers['www-authenticate']).toContain('error="insufficient_user_authentication"');
    expect(fake.transport.lastTo(NUMBER)?.text).toMatch(/12\.00 EUR.*NL91 ABNA 0417 1643 00/);
    const answer = answerOf(asked);
    expect(await pay(PAYOUT, { account: 'ada', ...answer })).toMatchObject({
      status: 201,
      body: { ...PAYOUT, by: 'ada' },
    });
    expectProblem(await pay(PAYOUT, { account: 'ada', ...answer }), 410, 'challenge_gone');
    expect(paid()).toEqual([{ ...PAYOUT, by: 'ada', codeId: expect.any(String) }]);
  });

  it.each([
    ['amount', { amount: '1200.00 EUR' }],
    ['payee', { iban: 'NL02ABNA0123456789' }],
  ])('case 23 for another %s the code is wrong, which costs an attempt', async (_member, change) => {
    const answer = answerOf(await pay(PAYOUT, { account: 'ada' }));
    const refused = await pay({ ...PAYOUT, ...change }, { account: 'ada', ...answer });
    expectProblem(refused, 422, 'incorrect_code');
    expect(refused.body['attemptsRemaining']).toBe(4);
    expect(paid()).toEqual([]);
  });

  it('case 20 nobody else’s code pays', async () => {
    const answer = answerOf(await pay(PAYOUT, { account: 'ada' }));
    expectProblem(await pay(PAYOUT, { account: 'bob', ...answer }), 410, 'challenge_gone');
    expect(paid()).toEqual([]);
  });

  it('A4 strangers get a plain 401, and nobody’s phone rings', async () => {
    expect((await pay(PAYOUT)).body).not.toHaveProperty('challenge');
    expect((await pay(PAYOUT)).status).toBe(401);
    expect(fake.transport.messages).toEqual([]);
  });

  it('what is no payout is refused before a message is sent', async () => {
    for (const body of [{ amount: ['12.00'], iban: 'NL91' }, { iban: 'NL91' }, [], undefined]) {
      expectProblem(await pay(body, { account: 'ada' }), 400, 'invalid_request');
    }
    expect(fake.transport.messages).toEqual([]);
  });
});
