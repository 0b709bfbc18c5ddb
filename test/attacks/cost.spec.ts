import { OtpAdmin, OtpService } from 'nestjs-sms-otp';
import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../libs/otp/src/limits/limit-settings.js';
import { attacked } from '../support/attack-record.js';
import { clientAt, type DeployedApp, type DeploymentOptions, eventsOfAll, STORES } from '../support/deployments.js';
import { deviceTokenOf, trustDevice, verifyRemembering } from '../support/devices.js';
import { expectProblem } from '../support/expect-problem.js';
import { NUMBER, OTHER_NUMBER, type OtpHttpClient, wrongCode } from '../support/http.js';
import { DAY, HOUR, limitOf, MINUTE, numberApart } from '../support/limits.js';
import { addressOf, numberOf } from '../support/otp-instances.js';
import { ScriptedAssessor } from '../support/risk.js';

const { country: COUNTRY, prefix: PREFIX, number: PER_NUMBER } = DEFAULT_LIMITS;
/** Nothing is overlooked: what is asked counts at once. */
const NOT_YOUNG = { seconds: 10, upTo: 0 };

/**
 * Cases 51 to 55 of somebody who lets others pay, and of those who are to get a code all the same. Seen to fail: 51, 52
 * and 55 when what is shared is only observed.
 */
describe.each(STORES)('cost and abuse, $name', (deployment) => {
  let otp: DeployedApp;
  let clients = 0;

  afterEach(() => otp.close());

  async function start(options: DeploymentOptions = {}): Promise<void> {
    otp = await deployment.start({ trustedProxies: ['loopback'], ...options });
    clients = 0;
  }

  /** Somebody who was never seen before. */
  function stranger(headers: Readonly<Record<string, string>> = {}): OtpHttpClient {
    clients += 1;
    return clientAt(otp, addressOf(clients), headers);
  }

  const vouch = (phoneNumber: string) =>
    otp.app
      .get(OtpService, { strict: false })
      .issue({ purpose: 'login', phoneNumber, client: { ip: addressOf((clients += 1)) }, vouched: true });

  /** Strangers ask for one message each, to the numbers in turn; gives the statuses. */
  async function askAll(numbers: readonly string[], pauseSeconds = 0): Promise<number[]> {
    const statuses: number[] = [];
    for (const phoneNumber of numbers) {
      statuses.push((await stranger().create({ phoneNumber })).status);
      otp.clock.advanceSeconds(pauseSeconds);
    }
    return statuses;
  }

  const countOf = (statuses: readonly number[]) => statuses.filter((status) => status === 201).length;
  const apart = (count: number, from = 0) => Array.from({ length: count }, (_, index) => numberApart(from + index));

  it('C2 case 51 sequential numbers of one prefix, each from an address of its own, are stopped', async () => {
    await start();
    const events = eventsOfAll(otp);
    const row = Array.from({ length: 60 }, (_, index) => numberOf(index));
    const sent = countOf(await askAll(row, MINUTE - 1));
    const allowed = limitOf(PREFIX.unansweredSends, HOUR);
    attacked({ tried: row.length, through: sent, allowed });
    expect(sent).toBe(allowed);
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'limit.used_up', limit: `prefix.unansweredSends.${HOUR}`, refused: true }),
    );
    // Who has a number of another row does not notice.
    expect((await stranger().create({ phoneNumber: OTHER_NUMBER })).status).toBe(201);
    otp.clock.advanceSeconds(DAY);
    expect((await stranger().create({ phoneNumber: numberOf(100) })).status).toBe(201);
  });

  it('C2 case 51 in one burst as many as the limit are sent', async () => {
    await start();
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => stranger().create({ phoneNumber: numberOf(index) })),
    );
    const sent = countOf(answers.map(({ status }) => status));
    const allowed = limitOf(PREFIX.unansweredSends, HOUR);
    attacked({ tried: answers.length, through: sent, allowed });
    expect(sent).toBe(allowed);
  });

  it('C2 case 52 without one answer, under every other limit, a country gets no more than its own', async () => {
    await start();
    const events = eventsOfAll(otp);
    const pauseSeconds = 200;
    const statuses = await askAll(apart(DAY / pauseSeconds), pauseSeconds);
    const trickle = Math.max(...COUNTRY.unansweredSends.map(({ trickleSeconds = DAY }) => DAY / trickleSeconds));
    const perDay = limitOf(COUNTRY.unansweredSends, DAY);
    expect(countOf(statuses)).toBeGreaterThanOrEqual(perDay);
    attacked({ tried: statuses.length, through: countOf(statuses), allowed: perDay + trickle + 1 });
    expect(events.findLast(({ type }) => type === 'challenge.refused')).toMatchObject({
      limit: expect.stringMatching(/^country\.unansweredSends\./),
    });
    expect((await stranger().create({ phoneNumber: '+32470123456' })).status).toBe(201);
  });

  it('C2 case 52 as fast as can be, the first minutes admit no more than what may be under way', async () => {
    await start();
    const { upTo = 0 } = COUNTRY.youngSends ?? {};
    const most = limitOf(COUNTRY.unansweredSends, HOUR) + upTo;
    // The trickle admits one beyond.
    const sent = countOf(await askAll(apart(most + 20)));
    attacked({ tried: most + 20, through: sent, allowed: most + 1 });
    expect(sent).toBe(most + 1);
  });

  it('B5 C1 case 53 one victim, bombed across purposes and spellings, has one budget', async () => {
    await start({
      purposes: { login: { start: 'public' }, signup: { start: 'public' }, recovery: { start: 'public' } },
    });
    const purposes = ['login', 'signup', 'recovery'];
    const spellings = [{ phoneNumber: NUMBER }, { phoneNumber: '06 1234 5678', country: 'NL' }];
    for (let tries = 0; tries < 60; tries++) {
      await stranger().create({ ...spellings[tries % 2], purpose: purposes[tries % 3] });
      otp.clock.advanceSeconds(MINUTE - 1);
    }
    const allowed = limitOf(PER_NUMBER.sends, HOUR);
    attacked({ tried: 60, through: otp.transport.messages.length, allowed });
    expect(otp.transport.messages).toHaveLength(allowed);
  });

  it('B5 case 53 resends are of the same budget', async () => {
    await start();
    const { challengeId } = await stranger().start();
    for (let tries = 0; tries < 20; tries++) {
      await stranger().resend(challengeId);
      await stranger().create();
      otp.clock.advanceSeconds(3 * MINUTE - 1);
    }
    const allowed = limitOf(PER_NUMBER.sends, HOUR);
    attacked({ tried: 40, through: otp.transport.messages.length, allowed });
    expect(otp.transport.messages).toHaveLength(allowed);
  });

  describe('B6 case 54 a lockout used against a victim', () => {
    async function lock(): Promise<void> {
      for (const waitSeconds of [31, 61, 121]) {
        const { challengeId, code } = await stranger().start();
        for (let guess = 0; guess < 5; guess++) {
          expect((await stranger().verify(challengeId, wrongCode(code))).status).toBe(422);
        }
        otp.clock.advanceSeconds(waitSeconds);
      }
      expectProblem(await stranger().create(), 429, 'throttled');
    }

    it('a trusted device still works', async () => {
      await start();
      const device = stranger({ 'OTP-Device': await trustDevice(stranger()) });
      await lock();
      const { challengeId, code } = await device.start();
      expect((await device.verify(challengeId, code)).status).toBe(200);
      expectProblem(await stranger().create(), 429, 'throttled');
    });

    it('whom the application vouches for still gets in', async () => {
      await start();
      await lock();
      const issued = await vouch(NUMBER);
      const { challengeId = '' } = issued.outcome === 'issued' ? issued.challenge : {};
      expect((await stranger().verify(challengeId, otp.codeTo(NUMBER))).status).toBe(200);
    });

    it('and another lane’s guesses are few as well', async () => {
      await start();
      const device = stranger({ 'OTP-Device': await trustDevice(stranger()) });
      const { challengeId, code } = await device.start();
      for (let guess = 0; guess < limitOf(DEFAULT_LIMITS.device.wrongCodes, DAY); guess++) {
        expect((await device.verify(challengeId, wrongCode(code))).status).toBe(422);
      }
      otp.clock.advanceSeconds(HOUR);
      expectProblem(await device.create(), 429, 'throttled');
    });
  });

  describe('case 55 everything is used up', () => {
    const TRICKLE = 10 * MINUTE;
    const limits = {
      all: {
        unansweredSends: [{ limit: 3, windowSeconds: HOUR, trickleSeconds: TRICKLE }],
        youngSends: NOT_YOUNG,
      },
    };
    const assessor = new ScriptedAssessor(({ phoneNumber }) =>
      phoneNumber === numberApart(500) ? { decision: 'allow', cleared: true } : { decision: 'allow' },
    );

    async function useUp(): Promise<void> {
      // The fourth is the first of the trickle.
      expect(await askAll(apart(5, 100))).toEqual([201, 201, 201, 201, 429]);
    }

    it('B7 C1 strangers are refused but for the trickle, and an alert says so once', async () => {
      await start({ limits });
      const events = eventsOfAll(otp);
      await useUp();
      otp.clock.advanceSeconds(TRICKLE - 1);
      expect(await askAll(apart(1, 200))).toEqual([429]);
      otp.clock.advanceSeconds(1);
      expect(await askAll(apart(2, 201))).toEqual([201, 429]);
      const alerts = events.filter(({ type }) => type === 'limit.used_up');
      expect(alerts).toContainEqual(expect.objectContaining({ limit: `all.unansweredSends.${HOUR}`, refused: true }));
      // Once an hour, instance and kind.
      expect(alerts.length).toBeLessThanOrEqual(2 * otp.instances.length);
      expect((await stranger().create({ phoneNumber: numberApart(300) })).text).not.toMatch(/all|unanswered|budget/);
    });

    it('C1 trusted devices, known numbers, vouched or not, and cleared requests pass', async () => {
      await start({ limits, risk: { assessor } });
      const token = await trustDevice(stranger(), NUMBER);
      await stranger().prove(OTHER_NUMBER);
      await stranger().prove(numberApart(400));
      await useUp();
      expect((await stranger({ 'OTP-Device': token }).create()).status).toBe(201);
      expect(await vouch(numberApart(400))).toMatchObject({ outcome: 'issued' });
      expect((await stranger().create({ phoneNumber: OTHER_NUMBER })).status).toBe(201);
      expect((await stranger().create({ phoneNumber: numberApart(500) })).status).toBe(201);
      expect(assessor.asked.at(-1)).toMatchObject({ usedUp: [`all.unansweredSends.${HOUR}`] });
      // Who may write any number into his account is vouched for as well.
      expect(await vouch(numberApart(401))).toMatchObject({ outcome: 'throttled' });
      expect(await askAll(apart(1, 501))).toEqual([429]);
    });

    it('C1 a known number passes with two messages that it does not answer; the third is a stranger’s', async () => {
      await start({ limits });
      await stranger().prove();
      await useUp();
      const waits = [31, 61, 121];
      const statuses: number[] = [];
      for (const waitSeconds of waits) {
        statuses.push((await stranger().create()).status);
        otp.clock.advanceSeconds(waitSeconds);
      }
      expect(statuses).toEqual([201, 201, 429]);
    });

    it('C1 each answer lets a known number pass again', async () => {
      await start({ limits });
      await stranger().prove();
      await useUp();
      for (let login = 0; login < 3; login++) {
        await stranger().prove();
      }
      expect((await stranger().create()).status).toBe(201);
    });

    it('B6 C1 strangers use up no passes of a device or a vouched request', async () => {
      await start({ limits });
      const device = stranger({ 'OTP-Device': await trustDevice(stranger()) });
      await useUp();
      expect(await askAll([NUMBER, NUMBER, NUMBER], 121)).toEqual([201, 201, 429]);
      expect((await device.create()).status).toBe(201);
      expect(await vouch(NUMBER)).toMatchObject({ outcome: 'issued' });
    });

    it('C1 a device that never answers is a stranger after two messages', async () => {
      await start({ limits });
      const device = stranger({ 'OTP-Device': await trustDevice(stranger()) });
      await useUp();
      const statuses: number[] = [];
      for (const waitSeconds of [31, 61, 121]) {
        statuses.push((await device.create()).status);
        otp.clock.advanceSeconds(waitSeconds);
      }
      expect(statuses).toEqual([201, 201, 429]);
    });
  });

  describe('C1 owners who answer some messages', () => {
    /** Sends three messages from the device, answers the last and is remembered: gives how many were sent. */
    async function chain(
      token: string,
      remembers: 'with the token' | 'without',
    ): Promise<[sent: number, token: string]> {
      const device = stranger({ 'OTP-Device': token });
      let last = '';
      let sent = 0;
      for (const waitSeconds of [31, 61, 0]) {
        const answer = await device.create();
        last = answer.status === 201 ? String(answer.body['challengeId']) : last;
        sent += answer.status === 201 ? 1 : 0;
        otp.clock.advanceSeconds(waitSeconds);
      }
      if (sent === 0) {
        return [0, token];
      }
      const answering = remembers === 'without' ? stranger() : device;
      const answer = await verifyRemembering(answering, { challengeId: last, code: otp.codeTo(NUMBER) });
      return [sent, answer.status === 200 ? deviceTokenOf(answer) : token];
    }

    it.each(['with the token', 'without'] as const)(
      'a chain of devices, each remembered %s of the one before, gets no more messages than one',
      async (remembers) => {
        await start();
        let token = await trustDevice(stranger());
        let sent = 0;
        for (let round = 0; round < 6; round++) {
          const [more, next] = await chain(token, remembers);
          sent += more;
          token = next;
        }
        expect(sent).toBe(limitOf(DEFAULT_LIMITS.device.sends, HOUR));
      },
    );

    it('a resend that no provider took settles nobody else’s message', async () => {
      await start({
        limits: { country: { unansweredSends: [{ limit: 6, windowSeconds: HOUR }], youngSends: NOT_YOUNG } },
      });
      const { challengeId } = await stranger().start();
      otp.clock.advanceSeconds(31);
      otp.transport.failNext('transient');
      expectProblem(await stranger().resend(challengeId), 503, 'delivery_failed');
      otp.clock.advanceSeconds(61);
      expect((await stranger().resend(challengeId)).status).toBe(200);
      expect(await askAll(apart(3))).toEqual([201, 201, 201]);
      expect((await stranger().verify(challengeId, otp.codeTo(NUMBER))).status).toBe(200);
      // Three of the country's six are others'.
      expect(await askAll(apart(4, 10))).toEqual([201, 201, 201, 429]);
    });

    it('a challenge of a device that is trusted no more gets no message that nobody could answer', async () => {
      await start();
      const device = stranger({ 'OTP-Device': await trustDevice(stranger()) });
      const { challengeId } = await device.start();
      await otp.app.get(OtpAdmin, { strict: false }).revokeDevices(NUMBER, { actor: 'ann' });
      otp.clock.advanceSeconds(31);
      expectProblem(await device.resend(challengeId), 410, 'challenge_gone');
      expect(otp.transport.messages).toHaveLength(2);
    });

    it('what an assessor is asked for in vain ends at the address’s limit', async () => {
      const assessor = new ScriptedAssessor({ decision: 'deny' });
      await start({ risk: { assessor } });
      const client = stranger();
      for (let message = 0; message < 30; message++) {
        await client.create({ phoneNumber: numberApart(message) });
      }
      expect(assessor.asked).toHaveLength(limitOf(DEFAULT_LIMITS.ip.failedSends, HOUR));
    });
  });

  describe('C1 a day’s money', () => {
    const money = { perDay: 1, reserve: 0.3, prices: { default: 0.5, countries: { NL: 0.1 } } } as const;

    it('strangers may spend all but the reserve; devices and known numbers, vouched or not, the rest', async () => {
      await start({ limits: { money: { ...money, perDay: 1.1, reserve: 0.2 } } });
      const token = await trustDevice(stranger(), NUMBER);
      await stranger().prove(OTHER_NUMBER);
      await stranger().prove(numberApart(400));
      expect(await askAll(apart(6))).toEqual([201, 201, 201, 201, 201, 429]);
      expect((await stranger({ 'OTP-Device': token }).create()).status).toBe(201);
      expect(await vouch(numberApart(400))).toMatchObject({ outcome: 'issued' });
      expect((await stranger().create({ phoneNumber: OTHER_NUMBER })).status).toBe(201);
      // 1.10 is spent: nobody passes.
      otp.clock.advanceSeconds(61);
      expectProblem(await stranger({ 'OTP-Device': token }).create(), 429, 'throttled');
      expect(await vouch(numberApart(400))).toMatchObject({ outcome: 'throttled' });
      otp.clock.advanceSeconds(DAY);
      expect(await askAll(apart(1, 50))).toEqual([201]);
    });

    it('a country costs what the table says, and an alert tells when the money is used up', async () => {
      await start({ limits: { money } });
      const events = eventsOfAll(otp);
      expect(await askAll(['+32470123456', numberApart(0), numberApart(1), numberApart(2)])).toEqual([
        201, 201, 201, 429,
      ]);
      const limit = `all.spendingOfStrangers.${DAY}`;
      expect(events).toContainEqual(expect.objectContaining({ type: 'limit.used_up', limit, refused: true }));
    });

    it('what no provider took costs nothing; what may have arrived does', async () => {
      await start({ limits: { money } });
      for (let failure = 0; failure < 10; failure++) {
        otp.transport.failNext('transient');
        expectProblem(await stranger().create({ phoneNumber: numberApart(failure) }), 503, 'delivery_failed');
      }
      otp.transport.throwNext();
      expect(await askAll(apart(8, 10))).toEqual([201, 201, 201, 201, 201, 201, 201, 429]);
    });

    it('of 30 at once no more are sent than are paid for', async () => {
      await start({ limits: { money } });
      const answers = await Promise.all(apart(30).map((phoneNumber) => stranger().create({ phoneNumber })));
      expect(countOf(answers.map(({ status }) => status))).toBe(7);
    });
  });

  describe('C1 observe: counted and told, never refused', () => {
    const ONE = [{ limit: 1, windowSeconds: HOUR, mode: 'observe' }] as const;
    const observed: readonly (readonly [string, NonNullable<DeploymentOptions['limits']>])[] = [
      ['ip.unansweredSends', { ip: { unansweredSends: ONE, youngSends: NOT_YOUNG } }],
      ['ip.sends', { ip: { sends: ONE } }],
      ['ip.unansweredCountries', { ip: { unansweredCountries: ONE } }],
      ['prefix.unansweredSends', { prefix: { unansweredSends: ONE } }],
      ['country.unansweredSends', { country: { unansweredSends: ONE, youngSends: NOT_YOUNG } }],
      ['all.unansweredSends', { all: { unansweredSends: ONE, youngSends: NOT_YOUNG } }],
      ['all.spending', { money: { perDay: 0.1, prices: { default: 0.1 }, mode: 'observe' } }],
    ];

    it.each(observed)('%s', async (name, limits) => {
      await start({ limits });
      const events = eventsOfAll(otp);
      const client = stranger();
      const numbers = name === 'ip.unansweredCountries' ? ['+32470123456', '+33612345678'] : [numberOf(1), numberOf(2)];
      for (const phoneNumber of [NUMBER, ...numbers, '+34612345678'].slice(0, 3)) {
        expect((await client.create({ phoneNumber })).status).toBe(201);
      }
      // One prefix counts only its own.
      expect((await client.create({ phoneNumber: numberOf(3) })).status).toBe(201);
      const told = events.filter((event) => event.type === 'limit.used_up' && event.limit.startsWith(`${name}.`));
      expect(told.length).toBeGreaterThanOrEqual(1);
      expect(told).toEqual(told.map(() => expect.objectContaining({ refused: false })));
    });

    it('ip.wrongCodes and ip.failedSends', async () => {
      await start({ limits: { ip: { wrongCodes: ONE, failedSends: ONE } } });
      const client = stranger();
      const { challengeId, code } = await client.start();
      for (let guess = 0; guess < 3; guess++) {
        expect((await client.verify(challengeId, wrongCode(code))).status).toBe(422);
      }
      for (let failure = 0; failure < 3; failure++) {
        otp.transport.failNext('transient');
        expectProblem(await client.create({ phoneNumber: numberApart(failure) }), 503, 'delivery_failed');
      }
      expect((await client.create({ phoneNumber: OTHER_NUMBER })).status).toBe(201);
    });
  });
});
