import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { OtpProblemFilter } from 'nestjs-sms-otp';
import { FakeOtp } from 'nestjs-sms-otp/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { callHttp, NUMBER, textMember, wrongCode } from '../support/http.js';
import { ADAPTERS, listen } from '../support/otp-app.js';
import { AppModule } from './second-factor.js';

vi.hoisted(() => vi.stubEnv('OTP_SECRET', 'Hq2Lw9Zx4Cv7Bn1Mk6Jt3Rf8Ys5Pd0Ga'));

describe.each(ADAPTERS)('the second factor, on %s', (adapter) => {
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

  const post = async (path: string, body: unknown) => callHttp(await app.getUrl(), { method: 'POST', path, body });
  const login = (password = 'correct horse') => post('/login', { name: 'ada', password });

  it('password and code give a session of the account', async () => {
    const challenge = await login();
    expect(challenge.status).toBe(201);
    expect(challenge.body).toMatchObject({ purpose: 'second', destination: '+31*******78', attemptsRemaining: 5 });
    const challengeId = textMember(challenge, 'challengeId');
    const session = await post('/login/code', { challengeId, code: fake.lastCodeTo(NUMBER) });
    expect(session.status).toBe(201);
    expect(session.body).toMatchObject({ subject: 'user-1', methods: ['pwd', 'sms'] });
  });

  it('a wrong password sends nothing', async () => {
    expect((await login('guess')).status).toBe(401);
    expect(fake.transport.messages).toEqual([]);
  });

  it('refusals are the problems of the built-in routes', async () => {
    const challengeId = textMember(await login(), 'challengeId');
    const code = fake.lastCodeTo(NUMBER);
    expectProblem(await post('/login/code', { challengeId, code: wrongCode(code) }), 422, 'incorrect_code');
    expectProblem(await post('/login/code', { challengeId, code: 123 }), 400, 'invalid_request');
    expectProblem(await login(), 429, 'throttled');
    expectProblem(await post('/login/code', { challengeId: 'x', code }), 410, 'challenge_gone');
  });

  it('J1 a challenge id that is no string is 410 and no fault', async () => {
    for (const challengeId of [undefined, null, 7, ['x'], {}]) {
      expectProblem(await post('/login/code', { challengeId, code: '123456' }), 410, 'challenge_gone');
    }
  });

  it('A4 the built-in route does not start it', async () => {
    expectProblem(await post('/otp/challenges', { phoneNumber: NUMBER, purpose: 'second' }), 400, 'invalid_request');
  });
});
