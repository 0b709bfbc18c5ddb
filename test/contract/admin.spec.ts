import { randomBytes } from 'node:crypto';
import { memoryStore, OtpEvents, type OtpEvent, StoreUnavailableError } from 'nestjs-sms-otp';
import { redisStore } from 'nestjs-sms-otp/redis';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OtpAdmin } from '../../libs/otp/src/admin/otp-admin.js';
import type { OtpParts } from '../../libs/otp/src/flows/otp-parts.js';
import { OTP_PARTS } from '../../libs/otp/src/http/otp-tokens.js';
import { trustDevice } from '../support/devices.js';
import { expectProblem } from '../support/expect-problem.js';
import { NUMBER, OTHER_NUMBER, OtpHttpClient, wrongCode } from '../support/http.js';
import { type OtpApp, type OtpAppOptions, startOtpApp } from '../support/otp-app.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { watchStore } from '../support/store-doubles.js';

const UNLOCK = { actor: 'ann', reason: 'SUP-1234' };
const LIMITS = { number: { wrongCodes: [{ limit: 3, windowSeconds: 86_400 }] } };
const DAY_MS = 86_400_000;

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

describe.each(['memory', 'redis'] as const)('OtpAdmin on %s', (kind) => {
  let clock: ManualClock;
  let otp: OtpApp;
  let client: OtpHttpClient;
  let admin: OtpAdmin;
  let events: OtpEvent[];
  let isLost: boolean;

  async function start(options: Partial<OtpAppOptions> = {}): Promise<void> {
    clock = new ManualClock();
    const namespace = `t${randomBytes(8).toString('hex')}`;
    const store = kind === 'memory' ? memoryStore({ clock }) : redisStore({ url: redis.url, namespace, clock });
    isLost = false;
    const watched = watchStore(store, () => {
      if (isLost) {
        throw new StoreUnavailableError('lost');
      }
    });
    otp = await startOtpApp({ clock, store: watched, limits: LIMITS, ...options });
    client = new OtpHttpClient(otp);
    admin = new OtpAdmin(otp.app.get<OtpParts>(OTP_PARTS, { strict: false }));
    events = [];
    otp.app.get(OtpEvents, { strict: false }).on('*', (event) => events.push(event));
  }

  beforeEach(() => start());
  afterEach(() => otp.close());

  const later = (ms: number) => new Date(clock.now() + ms).toISOString();
  const adminEvents = () => events.filter(({ type }) => type.startsWith('admin.'));

  /** A number whose wrong codes are used up, and what its owner holds. */
  async function lock() {
    const started = await client.start();
    for (let i = 0; i < 3; i++) {
      expectProblem(await client.verify(started.challengeId, wrongCode(started.code)), 422, 'incorrect_code');
    }
    return started;
  }

  it('tells of a number that nobody has asked for', async () => {
    expect(await admin.status(NUMBER)).toEqual({
      outcome: 'ok',
      number: {
        destination: '+31*******78',
        country: 'NL',
        numberRef: expect.stringMatching(/^[\w-]{16}$/),
        wrongCodes: [{ name: 'number.wrongCodes.86400', used: 0, limit: 3, windowSeconds: 86_400 }],
        sends: [
          { name: 'number.sends.3600', used: 0, limit: 5, windowSeconds: 3600 },
          { name: 'number.sends.86400', used: 0, limit: 10, windowSeconds: 86_400 },
        ],
        liveChallenges: 0,
        consecutiveFailures: { used: 0, limit: 100 },
        trustedDevices: 0,
      },
    });
  });

  it('tells of sends, cooldown and live challenges, however the number is spelled, and takes nothing', async () => {
    await client.start();
    for (const spelling of [NUMBER, '+31 6 1234-5678', '+31 (6) 12 34 56 78']) {
      expect(await admin.status(spelling)).toMatchObject({
        number: { cooldownUntil: later(30_000), sends: [{ used: 1 }, { used: 1 }], liveChallenges: 1 },
      });
    }
    clock.advanceSeconds(30);
    const { number } = await told();
    expect(number).not.toHaveProperty('cooldownUntil');
    await client.start();
    expect(await admin.status(NUMBER)).toMatchObject({
      number: { sends: [{ used: 2 }, { used: 2 }], liveChallenges: 2 },
    });
  });

  async function told() {
    const status = await admin.status(NUMBER);
    return status.outcome === 'ok' ? status : expect.fail(status.outcome);
  }

  it('B6 tells of a lock and when it ends by itself', async () => {
    const { challengeId, code } = await lock();
    const end = later(DAY_MS);
    const { number } = await told();
    expect(number.lockedUntil).toBe(end);
    expect(number.wrongCodes).toMatchObject([{ used: 3, limit: 3, refusesUntil: end }]);
    expectProblem(await client.verify(challengeId, code), 410, 'attempts_exhausted');
    expect((await told()).number.lockedUntil).toBe(end);
  });

  it('B1 K1 unlock ends the lock, leaves sends and attempts, and is an event', async () => {
    const { challengeId, code } = await lock();
    const { sends } = (await told()).number;
    expect(await admin.unlock('+31 6 12345678', UNLOCK)).toEqual({ outcome: 'unlocked' });
    expect(adminEvents()).toEqual([
      {
        type: 'admin.unlocked',
        time: later(0),
        destination: '+31*******78',
        country: 'NL',
        numberRef: (await told()).number.numberRef,
        ...UNLOCK,
      },
    ]);
    const { number } = await told();
    expect(number).not.toHaveProperty('lockedUntil');
    expect(number).toMatchObject({ wrongCodes: [{ used: 0 }], sends });
    const answer = await client.verify(challengeId, wrongCode(code));
    expectProblem(answer, 422, 'incorrect_code');
    expect(answer.body['attemptsRemaining']).toBe(1);
    expect((await client.verify(challengeId, code)).status).toBe(200);
  });

  it('erase removes what is live, leaves every count, and is an event', async () => {
    const { challengeId, code } = await lock();
    await client.start(OTHER_NUMBER);
    const before = (await told()).number;
    expect(await admin.erase(NUMBER, { actor: 'ann' })).toEqual({ outcome: 'erased', challenges: 1 });
    expect(await admin.erase(NUMBER, { actor: 'ann' })).toEqual({ outcome: 'erased', challenges: 0 });
    expect(adminEvents()).toMatchObject([
      { type: 'admin.erased', actor: 'ann', challenges: 1, numberRef: before.numberRef, destination: '+31*******78' },
      { type: 'admin.erased', actor: 'ann', challenges: 0 },
    ]);
    expectProblem(await client.verify(challengeId, code), 410, 'challenge_gone');
    expectProblem(await client.status(challengeId), 410, 'challenge_gone');
    expect((await told()).number).toEqual({ ...before, liveChallenges: 0 });
    expectProblem(await client.create(), 429, 'throttled');
    expect(await admin.status(OTHER_NUMBER)).toMatchObject({ number: { liveChallenges: 1 } });
  });

  it('tells of trusted devices, of the last right code, and of wrong codes in a row', async () => {
    await trustDevice(client);
    const answeredAt = later(0);
    expect((await told()).number).toMatchObject({ trustedDevices: 1, answeredAt, consecutiveFailures: { used: 0 } });
    clock.advanceSeconds(DAY_MS / 1000);
    await lock();
    expect((await told()).number).toMatchObject({ trustedDevices: 1, answeredAt, consecutiveFailures: { used: 3 } });
    clock.advanceSeconds(DAY_MS / 1000);
    const { number } = await told();
    expect(number).not.toHaveProperty('lockedUntil');
    expect(number.consecutiveFailures).toEqual({ used: 3, limit: 100 });
    await trustDevice(client);
    expect((await told()).number).toMatchObject({ trustedDevices: 2, consecutiveFailures: { used: 0 } });
    clock.advanceSeconds((90 * DAY_MS) / 1000);
    const { number: forgotten } = await told();
    expect(forgotten.trustedDevices).toBe(0);
    expect(forgotten).not.toHaveProperty('answeredAt');
  });

  it('B6 unlock opens a number that wrong codes in a row have closed', async () => {
    await otp.close();
    await start({ limits: { number: { consecutiveFailures: 3 } } });
    await lock();
    clock.advanceSeconds((2 * DAY_MS) / 1000);
    const { number } = await told();
    expect(number.consecutiveFailures).toEqual({ used: 3, limit: 3 });
    expectProblem(await client.create(), 429, 'throttled');
    await admin.unlock(NUMBER, UNLOCK);
    expect((await told()).number.consecutiveFailures).toEqual({ used: 0, limit: 3 });
    await trustDevice(client);
  });

  it('B6 unlock opens the lanes of trusted devices, too', async () => {
    const device = new OtpHttpClient(otp, { 'OTP-Device': await trustDevice(client) });
    const { challengeId, code } = await device.start();
    for (let i = 0; i < 5; i++) {
      expectProblem(await device.verify(challengeId, wrongCode(code)), 422, 'incorrect_code');
    }
    clock.advanceSeconds(30);
    expectProblem(await device.create(), 429, 'throttled');
    await admin.unlock(NUMBER, UNLOCK);
    const { challengeId: id, code: right } = await device.start();
    expect((await device.verify(id, right)).status).toBe(200);
  });

  it('B6 K1 revokeDevices forgets the devices of one number and nothing else, and is an event', async () => {
    const token = await trustDevice(client);
    await trustDevice(client);
    await trustDevice(client, OTHER_NUMBER);
    const { challengeId, code } = await client.start();
    const before = (await told()).number;
    events.length = 0;
    expect(await admin.revokeDevices('+31 6 1234-5678', { actor: 'ann' })).toEqual({ outcome: 'revoked', devices: 2 });
    expect(events).toEqual([
      {
        type: 'admin.devices_revoked',
        time: later(0),
        destination: '+31*******78',
        country: 'NL',
        numberRef: before.numberRef,
        actor: 'ann',
        devices: 2,
      },
    ]);
    expect((await told()).number).toEqual({ ...before, trustedDevices: 0 });
    expect(await admin.status(OTHER_NUMBER)).toMatchObject({ number: { trustedDevices: 1 } });
    const device = new OtpHttpClient(otp, { 'OTP-Device': token });
    expectProblem(await device.create(), 429, 'throttled');
    expect((await client.verify(challengeId, code)).status).toBe(200);
    expect(await admin.revokeDevices(NUMBER, { actor: 'ann' })).toEqual({ outcome: 'revoked', devices: 0 });
  });

  it('B6 erase revokes the devices of the number, and forgets that it is known', async () => {
    await trustDevice(client);
    clock.advanceSeconds(3600);
    await lock();
    const before = (await told()).number;
    expect(before).toMatchObject({ trustedDevices: 1, answeredAt: expect.any(String) });
    await admin.erase(NUMBER, { actor: 'ann' });
    const { answeredAt: _forgotten, ...counts } = before;
    expect((await told()).number).toEqual({ ...counts, liveChallenges: 0, trustedDevices: 0 });
  });

  it('A6 no answer and no event has the number or a code that was typed as the reason', async () => {
    const { code } = await lock();
    const results = [
      await admin.status(NUMBER),
      await admin.unlock(NUMBER, { actor: 'ann', reason: `${NUMBER} got ${code}` }),
      await admin.revokeDevices(NUMBER, { actor: 'ann' }),
      await admin.revokeProofs(NUMBER, { actor: 'ann' }),
      await admin.erase(NUMBER, { actor: 'ann' }),
    ];
    const text = JSON.stringify([results, events]);
    expect(text).toContain('"reason":"+… got …"');
    expect(text).not.toContain(NUMBER.slice(3));
    expect(text).not.toContain(code);
  });

  it.each([
    ['nothing', ''],
    ['no number', 'Robert'],
    ['a national number', '0612345678'],
    ['a number of no plan', '+31999999999999'],
    ['a landline', '+31206241111'],
  ])('%s is a clear answer that does not repeat it', async (name, phoneNumber) => {
    const outcome = name === 'a landline' ? 'destination_not_allowed' : 'invalid_phone_number';
    const refused = { outcome, detail: expect.stringMatching(/^[A-Z][^0-9]*(0 to 9)?[^0-9]*\.$/) };
    expect(await admin.status(phoneNumber)).toEqual(refused);
    expect(await admin.unlock(phoneNumber, UNLOCK)).toEqual(refused);
    expect(await admin.erase(phoneNumber, UNLOCK)).toEqual(refused);
    expect(await admin.revokeDevices(phoneNumber, UNLOCK)).toEqual(refused);
    expect(await admin.revokeProofs(phoneNumber, UNLOCK)).toEqual(refused);
    expect(adminEvents()).toEqual([]);
  });

  it('K1 without a proper actor and reason nothing changes', async () => {
    await lock();
    for (const options of [
      { ...UNLOCK, actor: '' },
      { ...UNLOCK, actor: 'ann\nbob' },
      { ...UNLOCK, actor: OTHER_NUMBER },
      { ...UNLOCK, reason: ' ' },
    ]) {
      expect(await admin.unlock(NUMBER, options)).toMatchObject({ outcome: 'invalid_request' });
    }
    expect(await admin.erase(NUMBER, { actor: '' })).toMatchObject({ outcome: 'invalid_request' });
    expect(await admin.revokeDevices(NUMBER, { actor: '' })).toMatchObject({ outcome: 'invalid_request' });
    expect(await told()).toMatchObject({ number: { lockedUntil: expect.any(String), liveChallenges: 1 } });
    expect(adminEvents()).toEqual([]);
  });

  it('L1 a lost store is told, and is no event', async () => {
    isLost = true;
    const lost = { outcome: 'store_unavailable' };
    expect(await admin.status(NUMBER)).toEqual(lost);
    expect(await admin.unlock(NUMBER, UNLOCK)).toEqual(lost);
    expect(await admin.erase(NUMBER, UNLOCK)).toEqual(lost);
    expect(await admin.revokeDevices(NUMBER, UNLOCK)).toEqual(lost);
    expect(events).toEqual([]);
  });

  it('E6 a number whose country is not admitted any more can still be looked at and erased', async () => {
    await otp.close();
    await start({ destinations: { countries: ['BE'] } });
    expectProblem(await client.create(), 403, 'destination_not_allowed');
    expect(await admin.status(NUMBER)).toMatchObject({ outcome: 'ok', number: { country: 'NL' } });
    expect(await admin.erase(NUMBER, { actor: 'ann' })).toMatchObject({ outcome: 'erased' });
  });

  it('A3 an erasure racing right answers: a code is accepted or erased, never both', async () => {
    for (const answersFirst of [true, false]) {
      const { challengeId, code } = await client.start(answersFirst ? NUMBER : OTHER_NUMBER);
      const verify = () => client.verify(challengeId, code);
      const erase = () => admin.erase(answersFirst ? NUMBER : OTHER_NUMBER, { actor: 'ann' });
      const answering = [verify(), verify()];
      const erasing = answersFirst ? Promise.all(answering).then(erase) : erase();
      const erased = await erasing;
      const accepted = (await Promise.all(answering)).filter(({ status }) => status === 200);
      expect(accepted.length + (erased.outcome === 'erased' ? erased.challenges : Number.NaN)).toBe(1);
    }
  });
});
