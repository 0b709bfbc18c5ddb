import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { OtpProblemFilter } from 'nestjs-sms-otp';
import { FakeOtp } from 'nestjs-sms-otp/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { callHttp, type HttpCall, NUMBER, textMember } from '../support/http.js';
import { ADAPTERS, listen } from '../support/otp-app.js';
import { AppModule } from './trusted-devices.js';

vi.hoisted(() => vi.stubEnv('OTP_SECRET', 'Hq2Lw9Zx4Cv7Bn1Mk6Jt3Rf8Ys5Pd0Ga'));

describe.each(ADAPTERS)('trusted devices of an application’s own login, on %s', (adapter) => {
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
  const ask = (headers: HttpCall['headers'] = {}) =>
    post('/otp/challenges', { body: { phoneNumber: NUMBER }, headers });

  async function signIn(remember: boolean, headers: HttpCall['headers'] = {}): Promise<string | undefined> {
    const challengeId = textMember(await ask(headers), 'challengeId');
    const body = { challengeId, code: fake.lastCodeTo(NUMBER), remember };
    const answer = await post('/session', { body, headers });
    expect(answer.body).toMatchObject({ phoneNumber: NUMBER });
    const [cookie] = answer.headers['set-cookie'] ?? [];
    return cookie?.split(';')[0];
  }

  it('B6 case 54 a remembered device signs in while strangers have used up the number', async () => {
    const cookie = await signIn(true);
    for (const waitSeconds of [31, 61, 121, 241]) {
      expect((await ask()).status).toBe(201);
      fake.clock.advanceSeconds(waitSeconds);
    }
    expectProblem(await ask(), 429, 'throttled');
    const rotated = await signIn(false, { Cookie: cookie });
    expect(rotated).toMatch(/^otp-device=[\w-]{67}$/);
    expect(rotated).not.toBe(cookie);
  });

  it('who did not ask is not remembered', async () => {
    expect(await signIn(false)).toBeUndefined();
  });

  it('a shared computer forgets', async () => {
    const answer = await post('/session/forget-this-device');
    expect(answer.status).toBe(204);
    expect(answer.headers['set-cookie']).toEqual(['otp-device=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict']);
  });
});
