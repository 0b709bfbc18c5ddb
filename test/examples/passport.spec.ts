import type { INestApplication } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Test } from '@nestjs/testing';
import { FakeOtp } from 'nestjs-sms-otp/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { callHttp, NUMBER } from '../support/http.js';
import { ADAPTERS, listen } from '../support/otp-app.js';
import { challengeIdOf, codeHeaders } from '../support/sample-app/sample-client.js';
import { AppModule } from './passport.js';

vi.hoisted(() => {
  vi.stubEnv('OTP_SECRET', 'Hq2Lw9Zx4Cv7Bn1Mk6Jt3Rf8Ys5Pd0Ga');
  vi.stubEnv('JWT_SECRET', 'uB5nE8wQ1zT4yC7vX0kL3mJ6hG9fD2sA');
});

const tokens = new JwtService({ secret: 'uB5nE8wQ1zT4yC7vX0kL3mJ6hG9fD2sA' });
const PAYOUT = { amount: '12.00 EUR', iban: 'NL91ABNA0417164300' };

describe.each(ADAPTERS)('@nestjs/passport, on %s', (adapter) => {
  let fake: FakeOtp;
  let app: INestApplication;

  beforeEach(async () => {
    fake = new FakeOtp();
    const ref = await fake.override(Test.createTestingModule({ imports: [AppModule] })).compile();
    app = await listen(ref, { adapter });
  });

  afterEach(() => app.close());

  const pay = async (headers: Record<string, string>, body: unknown = PAYOUT) =>
    callHttp(await app.getUrl(), { method: 'POST', path: '/payouts', body, headers });
  const tokenOf = (sub: string) => ({ Authorization: `Bearer ${tokens.sign({ sub })}` });

  it('A4 a strategy authenticates, then the code is asked for and pays once', async () => {
    const asked = await pay(tokenOf('ada'));
    expectProblem(asked, 401, 'otp_required');
    const entered = {
      ...tokenOf('ada'),
      ...codeHeaders({ challengeId: challengeIdOf(asked), code: fake.lastCodeTo(NUMBER) }),
    };
    expect(await pay(entered)).toMatchObject({ status: 201, body: { ...PAYOUT, by: 'ada' } });
    expectProblem(await pay(entered), 410, 'challenge_gone');
  });

  it('case 20 another account’s code does not pay', async () => {
    const asked = await pay(tokenOf('ada'));
    const answer = codeHeaders({ challengeId: challengeIdOf(asked), code: fake.lastCodeTo(NUMBER) });
    expectProblem(await pay({ ...tokenOf('bob'), ...answer }), 410, 'challenge_gone');
  });

  it('case 74 what the strategy refuses is its own 401, and nobody’s phone rings', async () => {
    const forged = new JwtService({ secret: 'another' }).sign({ sub: 'ada' });
    for (const headers of [{}, { Authorization: 'Bearer x' }, { Authorization: `Bearer ${forged}` }]) {
      expect((await pay(headers)).body).toEqual({ statusCode: 401, message: 'Unauthorized' });
    }
    expect(fake.transport.messages).toEqual([]);
  });

  it.each([undefined, {}, { amount: 12 }])('a body that is no payout (%j) is 400 and no message', async (body) => {
    const headers = body === undefined ? { ...tokenOf('ada'), 'Content-Length': '0' } : tokenOf('ada');
    const answer = await callHttp(await app.getUrl(), {
      method: 'POST',
      path: '/payouts',
      headers,
      ...(body && { body }),
    });
    expectProblem(answer, 400, 'invalid_request');
    expect(fake.transport.messages).toEqual([]);
  });
});
