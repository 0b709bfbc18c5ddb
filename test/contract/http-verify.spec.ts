import { ManualClock } from 'nestjs-sms-otp/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { NUMBER, OTHER_NUMBER, OtpHttpClient, wrongCode } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';
import { type CountedParts, countedParts } from '../support/store-doubles.js';

describe.each(ADAPTERS)('answering over HTTP, on %s', (adapter) => {
  let otp: OtpApp;
  let client: OtpHttpClient;
  let counted: CountedParts;

  beforeEach(async () => {
    const clock = new ManualClock();
    counted = countedParts({ clock });
    otp = await startOtpApp({ adapter, clock, store: counted.store, hashing: counted.hashing });
    client = new OtpHttpClient(otp);
  });

  afterEach(() => otp.close());

  it('A3 K2 the right code earns a proof', async () => {
    const { challengeId, code } = await client.start();
    const answer = await client.verify(challengeId, code);
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body).toEqual({
      proof: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      expiresAt: '2026-01-01T00:10:00.000Z',
      phoneNumber: NUMBER,
      purpose: 'login',
    });
  });

  it('A3 case 16 a used code is 410 like a challenge that never was', async () => {
    const { challengeId, code } = await client.start();
    await client.verify(challengeId, code);
    const again = await client.verify(challengeId, code);
    expectProblem(again, 410, 'challenge_gone');
    expect(again.body).toEqual((await client.verify('A'.repeat(75), code)).body);
    expectProblem(await client.status(challengeId), 410, 'challenge_gone');
  });

  it('A3 case 3 of 50 right answers at once one succeeds', async () => {
    const { challengeId, code } = await client.start();
    const answers = await Promise.all(Array.from({ length: 50 }, () => client.verify(challengeId, code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => 'proof' in body)).toHaveLength(1);
  });

  it.each([
    ['TTL−1 s', 299, 200],
    ['TTL', 300, 410],
    ['TTL+1 s', 301, 410],
  ])('A2 case 17 the right code at %s', async (_name, ageSeconds, status) => {
    const { challengeId, code } = await client.start();
    otp.clock.advanceSeconds(ageSeconds);
    expect((await client.verify(challengeId, code)).status).toBe(status);
  });

  it('J2 case 59 a body with a member that is not known is 400 and costs no attempt', async () => {
    const { challengeId, code } = await client.start();
    const path = `/otp/challenges/${challengeId}/verify`;
    expectProblem(await client.call({ method: 'POST', path, body: { code, verified: true } }), 400, 'invalid_request');
    expect((await client.status(challengeId)).body['attemptsRemaining']).toBe(5);
    expect((await client.verify(challengeId, code)).status).toBe(200);
  });

  it('B1 cases 1 and 9 wrong codes count down to 410, for right and wrong codes alike', async () => {
    const { challengeId, code } = await client.start();
    for (const attemptsRemaining of [4, 3, 2, 1, 0]) {
      const answer = await client.verify(challengeId, wrongCode(code));
      expectProblem(answer, 422, 'incorrect_code');
      expect(answer.body['attemptsRemaining']).toBe(attemptsRemaining);
    }
    const wrong = await client.verify(challengeId, wrongCode(code));
    const right = await client.verify(challengeId, code);
    expectProblem(wrong, 410, 'attempts_exhausted');
    expect(right.status).toBe(410);
    expect(right.text).toBe(wrong.text);
    expect(Object.keys(right.headers)).toEqual(Object.keys(wrong.headers));
    expect(counted.comparisons).toBe(5);
  });

  it('B1 case 2 of 30 guesses in one burst five are compared', async () => {
    const { challengeId, code } = await client.start();
    const answers = await Promise.all(Array.from({ length: 30 }, () => client.verify(challengeId, wrongCode(code))));
    expect(counted.comparisons).toBe(5);
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 410)).toHaveLength(25);
  });

  it('case 20 a code is worth nothing for the challenge of another number', async () => {
    const mine = await client.start(OTHER_NUMBER);
    const victims = await client.start(NUMBER);
    const code = mine.code === victims.code ? wrongCode(mine.code) : mine.code;
    expectProblem(await client.verify(victims.challengeId, code), 422, 'incorrect_code');
  });

  it('U1 a code may be typed with spaces, hyphens and the digits of one’s keyboard', async () => {
    const spellings: readonly ((code: string) => string)[] = [
      (code) => ` ${code.slice(0, 3)} ${code.slice(3)} `,
      (code) => `${code.slice(0, 3)}-${code.slice(3)}`,
      (code) => code.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
      (code) => code.replace(/\d/g, (digit) => String.fromCodePoint(0x0660 + Number(digit))),
    ];
    for (const spell of spellings) {
      const { challengeId, code } = await client.start();
      expect((await client.verify(challengeId, spell(code))).status).toBe(200);
    }
  });

  it.each([
    [123456],
    [['123456']],
    [{ code: '123456' }],
    [true],
    [null],
    [undefined],
    [''],
    ['12345'],
    ['123456789'],
    ['1e5000'],
    ['0x1234'],
    ['+123456'],
    ['-1.5e10'],
    ['123456,654321'],
    ['123456\r\nSet-Cookie: a=b'],
    ['%00123456'],
    ['123456\u0000'],
    ['1'.repeat(65)],
    ['１２３４５'],
  ])('J1 cases 11, 15, 57 and 58 code %j is 400 and costs nothing', async (code) => {
    const { challengeId } = await client.start();
    counted.forget();
    expectProblem(await client.verify(challengeId, code), 400, 'invalid_request');
    expect(counted.calls).toEqual([]);
    expect((await client.status(challengeId)).body['attemptsRemaining']).toBe(5);
  });

  it('case 58 `12345` is not `012345`, and a code of another length is a wrong one', async () => {
    const { challengeId } = await client.start();
    expectProblem(await client.verify(challengeId, '12345'), 400, 'invalid_request');
    expectProblem(await client.verify(challengeId, '1234567'), 422, 'incorrect_code');
    expectProblem(await client.verify(challengeId, '12345678'), 422, 'incorrect_code');
  });

  it('A4 case 22 another application’s challenge id is 410 without a store call', async () => {
    const { challengeId, code } = await client.start();
    const foreign = await startOtpApp({ adapter, secrets: ['Yw7uQ2zR5tX8vB1nC4mL0dF3gH6jSaKp'] });
    try {
      const { challengeId: theirs } = await new OtpHttpClient(foreign).start();
      counted.forget();
      expectProblem(await client.verify(theirs, code), 410, 'challenge_gone');
      expect(counted.calls).toEqual([]);
    } finally {
      await foreign.close();
    }
    expect((await client.verify(challengeId, code)).status).toBe(200);
  });

  it('cases 62 and 91 forged and truncated ids are 410 on every route, without store or hash', async () => {
    const { challengeId, code } = await client.start();
    const flipped = challengeId.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
    const ids = [
      challengeId.slice(0, -1),
      `${challengeId}A`,
      flipped,
      Array.from(challengeId).toReversed().join(''),
      challengeId.toLowerCase(),
      'A'.repeat(75),
      'x',
      '1',
      'null',
      'undefined',
      '__proto__',
      'constructor',
      '*',
      '%7Bn0%7D',
    ].filter((id) => id !== challengeId);
    counted.forget();
    for (const id of ids) {
      for (const answer of [
        await client.verify(id, code),
        await client.resend(id),
        await client.status(id),
        await client.cancel(id),
      ]) {
        expectProblem(answer, 410, 'challenge_gone');
      }
    }
    expect(counted.calls).toEqual([]);
    expect(counted.comparisons).toBe(0);
    expect((await client.verify(challengeId, code)).status).toBe(200);
  });

  it('case 91 the last character of an id has one spelling', async () => {
    const { challengeId } = await client.start();
    const last = challengeId.at(-1) ?? '';
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (const other of Array.from(alphabet).filter((character) => character !== last)) {
      expectProblem(await client.status(challengeId.slice(0, -1) + other), 410, 'challenge_gone');
    }
  });
});
