import type { INestApplication } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Test } from '@nestjs/testing';
import { FakeOtp } from 'nestjs-sms-otp/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { callHttp, NUMBER, textMember } from '../support/http.js';
import { ADAPTERS, listen } from '../support/otp-app.js';
import { challengeIdOf, codeHeaders } from '../support/sample-app/sample-client.js';
import { AppModule } from './jwt.js';

vi.hoisted(() => {
  vi.stubEnv('OTP_SECRET', 'Hq2Lw9Zx4Cv7Bn1Mk6Jt3Rf8Ys5Pd0Ga');
  // The same, to show that even then nothing is confused.
  vi.stubEnv('JWT_SECRET', 'Hq2Lw9Zx4Cv7Bn1Mk6Jt3Rf8Ys5Pd0Ga');
});

const PAYOUT = { amount: '12.00 EUR', iban: 'NL91ABNA0417164300' };

describe.each(ADAPTERS)('@nestjs/jwt as a global guard, on %s', (adapter) => {
  let fake: FakeOtp;
  let app: INestApplication;

  beforeEach(async () => {
    fake = new FakeOtp();
    const ref = await fake.override(Test.createTestingModule({ imports: [AppModule] })).compile();
    app = await listen(ref, { adapter });
  });

  afterEach(() => app.close());

  const call = async (path: string, headers: Record<string, string> = {}, body?: unknown) =>
    callHttp(await app.getUrl(), {
      method: body === undefined ? 'GET' : 'POST',
      path,
      headers,
      ...(body === undefined ? {} : { body }),
    });
  const tokenOf = (sub: string) => ({
    Authorization: `Bearer ${app.get(JwtService, { strict: false }).sign({ sub })}`,
  });

  it('A4 the token tells who it is, then the code is asked for and pays once', async () => {
    const asked = await call('/payouts', tokenOf('ada'), PAYOUT);
    expectProblem(asked, 401, 'otp_required');
    const entered = {
      ...tokenOf('ada'),
      ...codeHeaders({ challengeId: challengeIdOf(asked), code: fake.lastCodeTo(NUMBER) }),
    };
    expect(await call('/payouts', entered, PAYOUT)).toMatchObject({ status: 201, body: { ...PAYOUT, by: 'ada' } });
    expectProblem(await call('/payouts', entered, PAYOUT), 410, 'challenge_gone');
  });

  it('case 74 without a token of this application it is the guard’s own 401, and nobody’s phone rings', async () => {
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"ada"}').toString('base64url')}.`;
    for (const headers of [{}, { Authorization: `Bearer ${unsigned}` }]) {
      expect((await call('/payouts', headers, PAYOUT)).body).toEqual({ statusCode: 401, message: 'Unauthorized' });
    }
    expect(fake.transport.messages).toEqual([]);
  });

  it('case 74 a proof is no token of the application, and a token no proof', async () => {
    const challengeId = textMember(await call('/otp/challenges', {}, { phoneNumber: NUMBER }), 'challengeId');
    const proof = textMember(
      await call(`/otp/challenges/${challengeId}/verify`, {}, { code: fake.lastCodeTo(NUMBER) }),
      'proof',
    );
    expect((await call('/payouts', { Authorization: `Bearer ${proof}` }, PAYOUT)).status).toBe(401);
    const token = tokenOf('ada').Authorization.slice('Bearer '.length);
    fake.clock.advanceSeconds(30);
    expectProblem(await call('/payouts', { ...tokenOf('ada'), 'OTP-Proof': token }, PAYOUT), 401, 'insufficient_proof');
  });

  it('what is marked stays open: the built-in routes and the application’s own', async () => {
    expect((await call('/otp/challenges', {}, { phoneNumber: NUMBER })).status).toBe(201);
    expect((await call('/payouts/fees')).body).toEqual({ percent: 1 });
  });
});
