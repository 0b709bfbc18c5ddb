import { OtpAdmin } from 'nestjs-sms-otp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deviceTokenOf, trustDevice, verifyRemembering } from '../support/devices.js';
import { expectProblem, expectThrottled } from '../support/expect-problem.js';
import { NUMBER, OTHER_NUMBER, OtpHttpClient, wrongCode } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';

const HOUR = 3600;
const DAY = 24 * HOUR;

describe.each(ADAPTERS)('trusted devices over HTTP, on %s', (adapter) => {
  let otp: OtpApp;
  let stranger: OtpHttpClient;
  let owner: OtpHttpClient;

  beforeEach(async () => {
    otp = await startOtpApp({ adapter, trustedProxies: ['loopback'] });
    stranger = new OtpHttpClient(otp, { 'X-Forwarded-For': '203.0.113.7' });
    owner = clientWith();
  });

  afterEach(() => otp.close());

  /** The owner of the number, at home: on the device with this token. */
  function clientWith(token?: string): OtpHttpClient {
    const device = token === undefined ? {} : { 'OTP-Device': token };
    return new OtpHttpClient(otp, { 'X-Forwarded-For': '198.51.100.7', ...device });
  }

  /** A stranger uses up the messages that anybody may ask for: five an hour. */
  async function useUpSends(): Promise<void> {
    for (const waitSeconds of [31, 61, 121, 241, 241]) {
      if ((await stranger.create()).status === 429) {
        break;
      }
      otp.clock.advanceSeconds(waitSeconds);
    }
    const refused = await stranger.create();
    expectProblem(refused, 429, 'throttled');
    // Longer than any pause: no message is left.
    expect(refused.body['retryAfter']).toBeGreaterThan(241);
  }

  async function guessWrong(client: OtpHttpClient, times: number): Promise<void> {
    const { challengeId, code } = await client.start();
    for (let guess = 0; guess < times; guess++) {
      expectProblem(await client.verify(challengeId, wrongCode(code)), 422, 'incorrect_code');
    }
  }

  /** A stranger guesses until the number is locked for everybody without a trusted device. */
  async function useUpWrongCodes(): Promise<void> {
    for (const waitSeconds of [31, 61, 121]) {
      await guessWrong(stranger, 5);
      otp.clock.advanceSeconds(waitSeconds);
    }
    expectProblem(await stranger.create(), 429, 'throttled');
  }

  async function signsIn(client: OtpHttpClient): Promise<boolean> {
    const answer = await client.create();
    if (answer.status !== 201) {
      expectProblem(answer, 429, 'throttled');
      return false;
    }
    const verified = await client.verify(String(answer.body['challengeId']), otp.codeTo(NUMBER));
    expect(verified.status, verified.text).toBe(200);
    return true;
  }

  it('B6 case 54 a stranger who uses up a number’s messages does not keep its owner out', async () => {
    const token = await trustDevice(owner);
    await useUpSends();
    expect(await signsIn(owner)).toBe(false);
    expect(await signsIn(clientWith(token))).toBe(true);
  });

  it('B6 case 54 a stranger who uses up a number’s wrong codes does not keep its owner out', async () => {
    const token = await trustDevice(owner);
    await useUpWrongCodes();
    expect(await signsIn(owner)).toBe(false);
    expect(await signsIn(clientWith(token))).toBe(true);
    expect(await signsIn(stranger)).toBe(false);
  });

  it('B6 case 54 a stranger’s guesses leave a challenge of the device as it is', async () => {
    const device = clientWith(await trustDevice(owner));
    const { challengeId, code } = await device.start();
    await useUpWrongCodes();
    expect((await device.verify(challengeId, code)).status).toBe(200);
  });

  it('B6 a token is worth nothing for another number', async () => {
    const token = await trustDevice(owner, OTHER_NUMBER);
    await useUpSends();
    expect(await signsIn(clientWith(token))).toBe(false);
  });

  it('B6 a forged or shortened token is worth nothing, and no error', async () => {
    const token = await trustDevice(owner);
    const flipped = token.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
    await useUpSends();
    for (const other of [flipped, token.slice(0, -1), `${token}A`, 'A'.repeat(67), 'x', token.toLowerCase()]) {
      expect(await signsIn(clientWith(other))).toBe(false);
    }
    await clientWith('x').start(OTHER_NUMBER);
    expect(await signsIn(clientWith(token))).toBe(true);
  });

  it('B6 a token is worth nothing in another application', async () => {
    const foreign = await startOtpApp({ adapter, secrets: ['Yw7uQ2zR5tX8vB1nC4mL0dF3gH6jSaKp'] });
    try {
      const token = await trustDevice(new OtpHttpClient(foreign));
      await useUpSends();
      expect(await signsIn(clientWith(token))).toBe(false);
    } finally {
      await foreign.close();
    }
  });

  it.each([
    ['a second before 90 days', 90 * DAY - 1200, true],
    ['after 90 days', 90 * DAY, false],
  ])('B6 a token of a device that was not used, %s', async (_name, ageSeconds, isTrusted) => {
    const token = await trustDevice(owner);
    otp.clock.advanceSeconds(ageSeconds);
    await useUpSends();
    expect(await signsIn(clientWith(token))).toBe(isTrusted);
  });

  it('B6 revoked devices are as good as none, until a right code makes one trusted again', async () => {
    const token = await trustDevice(owner);
    const admin = otp.app.get(OtpAdmin, { strict: false });
    expect(await admin.revokeDevices(NUMBER, { actor: 'ann' })).toEqual({ outcome: 'revoked', devices: 1 });
    const again = await trustDevice(clientWith(token));
    await useUpSends();
    expect(await signsIn(clientWith(token))).toBe(false);
    expect(await signsIn(clientWith(again))).toBe(true);
  });

  it('B6 a challenge of a device that was revoked meanwhile is gone', async () => {
    const device = clientWith(await trustDevice(owner));
    const { challengeId, code } = await device.start();
    await otp.app.get(OtpAdmin, { strict: false }).revokeDevices(NUMBER, { actor: 'ann' });
    expectProblem(await device.verify(challengeId, code), 410, 'challenge_gone');
  });

  it('B6 a token alone opens nothing: it is no code, no challenge and no proof', async () => {
    const token = await trustDevice(owner);
    const device = clientWith(token);
    const { challengeId, code } = await device.start();
    expectProblem(await device.verify(challengeId, wrongCode(code)), 422, 'incorrect_code');
    expectProblem(await device.verify(challengeId, token.slice(0, 6)), 400, 'invalid_request');
    expectProblem(await device.verify(token, code), 410, 'challenge_gone');
    expectProblem(await device.status(token), 410, 'challenge_gone');
  });

  it('B6 a stolen token lets nobody guess more than the device may', async () => {
    const token = await trustDevice(owner);
    await guessWrong(clientWith(token), 5);
    otp.clock.advanceSeconds(31);
    expect(await signsIn(clientWith(token))).toBe(false);
    otp.clock.advanceSeconds(DAY - 31);
    expect(await signsIn(clientWith(token))).toBe(true);
  });

  it('B6 a device whose wrong codes are used up leaves the public budget and other devices alone', async () => {
    const token = await trustDevice(owner);
    const other = await trustDevice(owner);
    await guessWrong(clientWith(token), 5);
    otp.clock.advanceSeconds(31);
    expect(await signsIn(clientWith(token))).toBe(false);
    expect(await signsIn(clientWith(other))).toBe(true);
    expect(await signsIn(stranger)).toBe(true);
  });

  it('B7 C1 a device has its own cooldown and three messages an hour, and takes nothing from the public ones', async () => {
    const device = clientWith(await trustDevice(owner));
    for (const waitSeconds of [30, 60]) {
      await device.start();
      expectThrottled(await device.create(), waitSeconds);
      otp.clock.advanceSeconds(waitSeconds);
    }
    await device.start();
    expectThrottled(await device.create(), HOUR - 90);
    for (const waitSeconds of [30, 60, 120]) {
      await stranger.start();
      otp.clock.advanceSeconds(waitSeconds);
    }
    await stranger.start();
  });

  it('B6 a number has five devices: the one that was used longest ago makes place for the next', async () => {
    const tokens: string[] = [];
    for (let device = 0; device < 6; device++) {
      tokens.push(await trustDevice(owner));
      otp.clock.advanceSeconds(HOUR);
    }
    await useUpSends();
    const [first, ...others] = tokens;
    expect(await signsIn(clientWith(first))).toBe(false);
    for (const token of others) {
      expect(await signsIn(clientWith(token))).toBe(true);
    }
  });

  it('H1 B6 every success makes a new token of a device’s, and the old one is worth nothing', async () => {
    const old = await trustDevice(owner);
    const { challengeId, code } = await clientWith(old).start();
    const token = deviceTokenOf(await clientWith(old).verify(challengeId, code));
    expect(token).not.toBe(old);
    await useUpSends();
    expect(await signsIn(clientWith(old))).toBe(false);
    expect(await signsIn(clientWith(token))).toBe(true);
  });

  it('H1 a success ends the other challenges of the device, for its old budget is no more', async () => {
    const device = clientWith(await trustDevice(owner));
    const first = await device.start();
    otp.clock.advanceSeconds(31);
    const second = await device.start();
    expect((await device.verify(second.challengeId, second.code)).status).toBe(200);
    expectProblem(await device.verify(first.challengeId, first.code), 410, 'challenge_gone');
  });

  it('B6 a new token forgets nothing of what the device used up', async () => {
    let token = await trustDevice(owner);
    for (let login = 0; login < 3; login++) {
      const { challengeId, code } = await clientWith(token).start();
      expectProblem(await clientWith(token).verify(challengeId, wrongCode(code)), 422, 'incorrect_code');
      token = deviceTokenOf(await clientWith(token).verify(challengeId, code));
    }
    expectThrottled(await clientWith(token).create(), HOUR);
    const admin = otp.app.get(OtpAdmin, { strict: false });
    expect(await admin.status(NUMBER)).toMatchObject({ number: { trustedDevices: 1 } });
  });

  it('B6 five devices stay five when the same ones sign in again and again', async () => {
    const first = await trustDevice(owner);
    let token = await trustDevice(owner);
    for (let login = 0; login < 6; login++) {
      otp.clock.advanceSeconds(HOUR);
      const { challengeId, code } = await clientWith(token).start();
      token = deviceTokenOf(await verifyRemembering(clientWith(token), { challengeId, code }));
    }
    await useUpSends();
    expect(await signsIn(clientWith(first))).toBe(true);
  });

  it('B6 only who asks is remembered, and only for the right code', async () => {
    const { challengeId, code } = await owner.start();
    const wrong = await verifyRemembering(owner, { challengeId, code: wrongCode(code) });
    const right = await verifyRemembering(owner, { challengeId, code }, false);
    const plain = await owner.verify((await owner.start()).challengeId, otp.codeTo(NUMBER));
    expectProblem(wrong, 422, 'incorrect_code');
    for (const answer of [wrong, right, plain]) {
      expect(answer.headers).not.toHaveProperty('otp-device');
      expect(answer.headers).not.toHaveProperty('set-cookie');
    }
    expect([right.status, plain.status]).toEqual([200, 200]);
  });

  it.each([['true'], [1], [0], [null], [[]], [{}]])('J1 rememberDevice %j is 400 and costs nothing', async (value) => {
    const { challengeId, code } = await owner.start();
    const answer = await verifyRemembering(owner, { challengeId, code }, value);
    expectProblem(answer, 400, 'invalid_request');
    expect(answer.body['errors']).toEqual([{ pointer: '#/rememberDevice', detail: 'must be a boolean' }]);
    expect((await owner.status(challengeId)).body['attemptsRemaining']).toBe(5);
  });

  it('J2 a token in a body is refused', async () => {
    const body = { phoneNumber: NUMBER, deviceToken: await trustDevice(owner) };
    expectProblem(await owner.create(body), 400, 'invalid_request');
  });
});
