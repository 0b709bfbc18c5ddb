import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { OtpProblemFilter } from 'nestjs-sms-otp';
import { FakeOtp } from 'nestjs-sms-otp/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { callHttp, type HttpCall, NUMBER, textMember } from '../support/http.js';
import { ADAPTERS, listen } from '../support/otp-app.js';
import { AppModule } from './passwordless.js';

vi.hoisted(() => vi.stubEnv('OTP_SECRET', 'Hq2Lw9Zx4Cv7Bn1Mk6Jt3Rf8Ys5Pd0Ga'));

describe.each(ADAPTERS)('passwordless, on %s', (adapter) => {
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

  const post = async (path: string, call: Omit<HttpCall, 'path'> = {}) =>
    callHttp(await app.getUrl(), { method: 'POST', path, ...call });

  it('a proof is traded for a session, once', async () => {
    const challengeId = textMember(await post('/otp/challenges', { body: { phoneNumber: NUMBER } }), 'challengeId');
    const body = { code: fake.lastCodeTo(NUMBER) };
    const proof = textMember(await post(`/otp/challenges/${challengeId}/verify`, { body }), 'proof');
    const headers = { 'OTP-Proof': proof };
    expect((await post('/session', { headers })).body).toMatchObject({ phoneNumber: NUMBER });
    expectProblem(await post('/session', { headers }), 401, 'insufficient_proof');
  });

  it('without a proof there is none', async () => {
    expectProblem(await post('/session'), 401, 'otp_required');
  });
});
