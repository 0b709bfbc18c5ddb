import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEPLOYMENTS } from '../support/deployments.js';
import { expectProblem, expectThrottled } from '../support/expect-problem.js';
import { OtpHttpClient, wrongCode } from '../support/http.js';
import type { OtpApp } from '../support/otp-app.js';

const HOUR = 3600;

describe.each(DEPLOYMENTS)('limits of a number over HTTP, on $name', (deployment) => {
  let otp: OtpApp;
  let client: OtpHttpClient;

  beforeEach(async () => {
    otp = await deployment.start();
    client = new OtpHttpClient(otp);
  });

  afterEach(() => otp.close());

  async function guessWrong(challengeId: string, code: string, times: number): Promise<void> {
    for (let guess = 0; guess < times; guess++) {
      expectProblem(await client.verify(challengeId, wrongCode(code)), 422, 'incorrect_code');
    }
  }

  it('B7 C1 the cooldown doubles with every message that nobody answers', async () => {
    for (const waitSeconds of [30, 60, 120, 240]) {
      await client.start();
      expectThrottled(await client.create(), waitSeconds);
      otp.clock.advanceSeconds(waitSeconds - 1);
      expectThrottled(await client.create(), 1);
      otp.clock.advanceSeconds(1);
    }
  });

  it('an answered message leaves no cooldown behind', async () => {
    await client.prove();
    expect((await client.create()).status).toBe(201);
  });

  it('B7 C1 five messages an hour', async () => {
    for (const waitSeconds of [30, 60, 120, 240, 240]) {
      await client.start();
      otp.clock.advanceSeconds(waitSeconds);
    }
    expectThrottled(await client.create(), HOUR - 690);
    otp.clock.advanceSeconds(HOUR - 691);
    expectThrottled(await client.create(), 1);
    otp.clock.advanceSeconds(1);
    expect((await client.create()).status).toBe(201);
    expect(otp.transport.messages).toHaveLength(6);
  });

  it('B7 C1 answered messages count as well', async () => {
    for (let login = 0; login < 5; login++) {
      await client.prove();
    }
    expectThrottled(await client.create(), HOUR);
  });

  it('B7 C1 ten messages in 24 hours', async () => {
    for (let message = 0; message < 10; message++) {
      await client.start();
      otp.clock.advanceSeconds(2 * HOUR);
    }
    expectThrottled(await client.create(), 4 * HOUR);
    otp.clock.advanceSeconds(4 * HOUR);
    expect((await client.create()).status).toBe(201);
  });

  it('C1 case 50 of 30 requests at once one sends', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => client.create()));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(29);
    expect(otp.transport.messages).toHaveLength(1);
  });

  it('B5 case 53 every spelling of the number meets one counter', async () => {
    await client.start();
    for (const body of [
      { phoneNumber: '+31 (0)6 1234 5678', country: 'NL' },
      { phoneNumber: '0612345678', country: 'NL' },
      { phoneNumber: '0031612345678', country: 'NL' },
      { phoneNumber: '+31-6-12-34-56-78' },
      { phoneNumber: '＋３１６１２３４５６７８' },
      { phoneNumber: '+٣١٦١٢٣٤٥٦٧٨' },
    ]) {
      const answer = await client.create(body);
      expect([400, 429]).toContain(answer.status);
    }
    expect(otp.transport.messages).toHaveLength(1);
  });

  it('case 56 a message that no provider took gives the send back, but not the cooldown', async () => {
    for (let failure = 0; failure < 5; failure++) {
      otp.transport.failNext('transient');
      expectProblem(await client.create(), 503, 'delivery_failed');
      const refused = await client.create();
      expectProblem(refused, 429, 'throttled');
      expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(30);
      otp.clock.advanceSeconds(241);
    }
    for (let message = 0; message < 5; message++) {
      await client.start();
      otp.clock.advanceSeconds(241);
    }
    expectProblem(await client.create(), 429, 'throttled');
    expect(otp.transport.messages).toHaveLength(5);
  });

  it('case 56 a message whose fate is unknown keeps the send', async () => {
    for (let message = 0; message < 5; message++) {
      otp.transport.throwNext();
      expect((await client.create()).status).toBe(201);
      otp.clock.advanceSeconds(241);
    }
    expectProblem(await client.create(), 429, 'throttled');
  });

  it('B2 B5 cases 5 and 9 15 wrong codes over several challenges lock the number, also for the right code', async () => {
    for (const waitSeconds of [31, 61, 121]) {
      const { challengeId, code } = await client.start();
      await guessWrong(challengeId, code, 5);
      otp.clock.advanceSeconds(waitSeconds);
    }
    expectProblem(await client.create(), 429, 'throttled');
    expect(otp.transport.messages).toHaveLength(3);
  });

  it('B2 B5 case 9 a challenge that was live before the lock answers right and wrong codes alike', async () => {
    const waits = [31, 61, 121];
    for (const waitSeconds of waits) {
      const { challengeId, code } = await client.start();
      await guessWrong(challengeId, code, waitSeconds === 121 ? 4 : 5);
      otp.clock.advanceSeconds(waitSeconds);
    }
    const last = await client.start();
    await guessWrong(last.challengeId, last.code, 1);
    const wrong = await client.verify(last.challengeId, wrongCode(last.code));
    const right = await client.verify(last.challengeId, last.code);
    expectProblem(wrong, 410, 'attempts_exhausted');
    expect(right.text).toBe(wrong.text);
    expect(right.status).toBe(wrong.status);
    expect((await client.resend(last.challengeId)).status).toBe(429);
  });

  it('B6 the lock ends 24 hours after the first wrong code, however often it was tried meanwhile', async () => {
    for (const waitSeconds of [31, 61, 121]) {
      const { challengeId, code } = await client.start();
      await guessWrong(challengeId, code, 5);
      otp.clock.advanceSeconds(waitSeconds);
    }
    for (let hour = 0; hour < 23; hour++) {
      otp.clock.advanceSeconds(HOUR);
      expectProblem(await client.create(), 429, 'throttled');
    }
    const lockedSeconds = 31 + 61 + 121 + 23 * HOUR;
    expectThrottled(await client.create(), 24 * HOUR - lockedSeconds);
    otp.clock.advanceSeconds(24 * HOUR - lockedSeconds);
    const { challengeId, code } = await client.start();
    expect((await client.verify(challengeId, code)).status).toBe(200);
  });

  it('B6 guesses at a live challenge during the lock do not extend it', async () => {
    const waits = [31, 61, 121];
    for (const waitSeconds of waits) {
      const { challengeId, code } = await client.start();
      await guessWrong(challengeId, code, waitSeconds === 121 ? 4 : 5);
      otp.clock.advanceSeconds(waitSeconds);
    }
    const last = await client.start();
    await guessWrong(last.challengeId, last.code, 1);
    for (let minute = 0; minute < 4; minute++) {
      otp.clock.advanceSeconds(60);
      expectProblem(await client.verify(last.challengeId, wrongCode(last.code)), 410, 'attempts_exhausted');
    }
    otp.clock.advanceSeconds(24 * HOUR - (31 + 61 + 121) - 4 * 60);
    const { challengeId, code } = await client.start();
    expect((await client.verify(challengeId, code)).status).toBe(200);
  });

  it('B2 B4 case 10 a success returns its own charge and no other', async () => {
    for (let login = 0; login < 3; login++) {
      const { challengeId, code } = await client.start();
      await guessWrong(challengeId, code, 4);
      expect((await client.verify(challengeId, code)).status).toBe(200);
    }
    const { challengeId, code } = await client.start();
    await guessWrong(challengeId, code, 3);
    expectProblem(await client.verify(challengeId, code), 410, 'attempts_exhausted');
  });
});
