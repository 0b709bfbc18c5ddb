import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectProblem, expectThrottled } from '../support/expect-problem.js';
import { NUMBER, OtpHttpClient, wrongCode } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';

describe.each(ADAPTERS)('resending over HTTP, on %s', (adapter) => {
  let otp: OtpApp;
  let client: OtpHttpClient;

  beforeEach(async () => {
    otp = await startOtpApp({ adapter });
    client = new OtpHttpClient(otp);
  });

  afterEach(() => otp.close());

  it('I3 before the cooldown is over it is 429, and nothing is sent or taken', async () => {
    const { challengeId, code } = await client.start();
    expectThrottled(await client.resend(challengeId), 30);
    otp.clock.advanceSeconds(29);
    expectThrottled(await client.resend(challengeId), 1);
    expect(otp.transport.messages).toHaveLength(1);
    expect((await client.status(challengeId)).body['sendsRemaining']).toBe(2);
    expect((await client.verify(challengeId, code)).status).toBe(200);
  });

  it('A5 K2 after it, the challenge goes on with a new code and a new lifetime', async () => {
    const { challengeId } = await client.start();
    otp.clock.advanceSeconds(31);
    const answer = await client.resend(challengeId);
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body).toEqual({
      challengeId,
      purpose: 'login',
      channel: 'sms',
      destination: '+31*******78',
      codeLength: 6,
      expiresAt: '2026-01-01T00:05:31.000Z',
      resendAt: '2026-01-01T00:01:31.000Z',
      attemptsRemaining: 5,
      sendsRemaining: 1,
    });
    expect(otp.transport.messages).toHaveLength(2);
  });

  it('A5 case 18 the old code is dead and the new one works', async () => {
    const { challengeId, code: old } = await client.start();
    otp.clock.advanceSeconds(31);
    await client.resend(challengeId);
    const code = otp.codeTo(NUMBER);
    // Two codes are the same once in a million; then there is no old code to refuse.
    const dead = old === code ? wrongCode(old) : old;
    expectProblem(await client.verify(challengeId, dead), 422, 'incorrect_code');
    expect((await client.verify(challengeId, code)).status).toBe(200);
  });

  it('B2 case 4 attempts are not renewed: one shared budget ends it', async () => {
    const { challengeId, code } = await client.start();
    for (let attempt = 0; attempt < 4; attempt++) {
      await client.verify(challengeId, wrongCode(code));
    }
    otp.clock.advanceSeconds(31);
    expect((await client.resend(challengeId)).body['attemptsRemaining']).toBe(1);
    expectProblem(await client.verify(challengeId, wrongCode(otp.codeTo(NUMBER))), 422, 'incorrect_code');
    expectProblem(await client.verify(challengeId, otp.codeTo(NUMBER)), 410, 'attempts_exhausted');
  });

  it('C1 a challenge has three messages in all; then it is 429 until it ends', async () => {
    const { challengeId } = await client.start();
    otp.clock.advanceSeconds(31);
    expect((await client.resend(challengeId)).body['sendsRemaining']).toBe(1);
    otp.clock.advanceSeconds(61);
    expect((await client.resend(challengeId)).body['sendsRemaining']).toBe(0);
    otp.clock.advanceSeconds(121);
    const answer = await client.resend(challengeId);
    expectThrottled(answer, 300 - 121);
    expect(otp.transport.messages).toHaveLength(3);
    expect((await client.verify(challengeId, otp.codeTo(NUMBER))).status).toBe(200);
  });

  it('case 7 the cooldown is the number’s: a new challenge waits as long as a resend', async () => {
    const { challengeId } = await client.start();
    otp.clock.advanceSeconds(31);
    await client.resend(challengeId);
    expectThrottled(await client.create(), 60);
    expectThrottled(await client.resend(challengeId), 60);
  });

  it('A2 an expired challenge is 410', async () => {
    const { challengeId } = await client.start();
    otp.clock.advanceSeconds(300);
    expectProblem(await client.resend(challengeId), 410, 'challenge_gone');
  });

  it('A5 case 28 of a right answer and resends at once one wins as a whole', async () => {
    const { challengeId, code } = await client.start();
    otp.clock.advanceSeconds(31);
    const [verified, ...resent] = await Promise.all([
      client.verify(challengeId, code),
      client.resend(challengeId),
      client.resend(challengeId),
      client.resend(challengeId),
    ]);
    const sentAgain = resent.filter(({ status }) => status === 200).length;
    if (verified.status === 200) {
      expectProblem(await client.verify(challengeId, otp.codeTo(NUMBER)), 410, 'challenge_gone');
    } else {
      expectProblem(verified, 422, 'incorrect_code');
      expect(sentAgain).toBe(1);
      expect((await client.verify(challengeId, otp.codeTo(NUMBER))).status).toBe(200);
    }
  });

  it.each([[undefined], [{}], [{ channel: 'sms' }]])('body %j will do', async (body) => {
    const { challengeId } = await client.start();
    otp.clock.advanceSeconds(31);
    expect((await client.resend(challengeId, body)).status).toBe(200);
  });

  it.each([
    [[]],
    [null],
    ['"sms"'],
    ['1'],
    [{ channel: 'voice' }],
    [{ channel: ['sms'] }],
    [{ phoneNumber: NUMBER }],
    [{ code: '1' }],
  ])('J2 body %j is 400', async (body) => {
    const { challengeId } = await client.start();
    otp.clock.advanceSeconds(31);
    expectProblem(await client.resend(challengeId, body), 400, 'invalid_request');
    expect(otp.transport.messages).toHaveLength(1);
  });
});
