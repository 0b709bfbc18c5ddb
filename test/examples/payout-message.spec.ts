import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { OtpProblemFilter } from 'nestjs-sms-otp';
import { FakeOtp } from 'nestjs-sms-otp/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { callHttp, NUMBER } from '../support/http.js';
import { ADAPTERS, listen } from '../support/otp-app.js';
import { AppModule } from './payout-message.js';

vi.hoisted(() => vi.stubEnv('OTP_SECRET', 'Hq2Lw9Zx4Cv7Bn1Mk6Jt3Rf8Ys5Pd0Ga'));

describe.each(ADAPTERS)('the message of a payout, on %s', (adapter) => {
  let fake: FakeOtp;
  let app: INestApplication;

  beforeEach(async () => {
    fake = new FakeOtp();
    const ref = await fake.override(Test.createTestingModule({ imports: [AppModule] })).compile();
    app = await listen(ref, {
      adapter,
      configure: (created) => created.useGlobalFilters(created.get(OtpProblemFilter)),
    });
  });

  afterEach(() => app.close());

  const payout = { amount: '12.00', payee: 'Ann Jansen', iban: 'NL91ABNA0417164300' };
  const pay = async (body: object, headers: Record<string, string> = {}) =>
    callHttp(await app.getUrl(), { method: 'POST', path: '/payouts', body, headers });
  const challengeOf = (body: Readonly<Record<string, unknown>>) => {
    const challenge: unknown = body['challenge'];
    if (typeof challenge === 'object' && challenge !== null && 'challengeId' in challenge) {
      return String(challenge.challengeId);
    }
    throw new Error('an answer without a challenge');
  };

  it('A4, U3 the person sees what the code pays, and the code pays it', async () => {
    const asked = await pay(payout);
    expect(asked.status).toBe(401);
    const code = fake.lastCodeTo(NUMBER);
    expect(fake.transport.lastTo(NUMBER)?.text).toBe(
      `${code} pays 12.00 EUR to "Ann Jansen", NL91 ABNA 0417 1643 00. Acme never asks for this code.\n\n@app.acme.com #${code}`,
    );
    const paid = await pay(payout, { 'OTP-Challenge': challengeOf(asked.body), 'OTP-Code': code });
    expect(paid).toMatchObject({ status: 201, body: { paid: '12.00 EUR', payee: 'Ann Jansen' } });
  });

  it('case 23 for another payee the code is wrong', async () => {
    const asked = await pay(payout);
    const headers = { 'OTP-Challenge': challengeOf(asked.body), 'OTP-Code': fake.lastCodeTo(NUMBER) };
    expectProblem(await pay({ ...payout, payee: 'Mallory' }, headers), 422, 'incorrect_code');
  });

  it.each([
    ['amount', { amount: '12' }],
    ['iban', { iban: 'NL91' }],
    ['payee', { payee: '' }],
    ['payee', { payee: 'x'.repeat(65) }],
  ])('what cannot be shown or is no payout sends nothing and names the %s', async (member, change) => {
    const answer = await pay({ ...payout, ...change });
    expectProblem(answer, 400, 'invalid_request');
    expect(answer.body['errors']).toEqual([{ pointer: `#/${member}`, detail: expect.any(String) }]);
    expect(fake.transport.messages).toEqual([]);
  });
});
