import { Logger } from '@nestjs/common';
import type { OtpLimitOptions, OtpRiskOptions, RiskVerdict } from 'nestjs-sms-otp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectProblem, expectThrottled } from '../support/expect-problem.js';
import { NUMBER, OTHER_NUMBER, OtpHttpClient } from '../support/http.js';
import { ADAPTERS, type OtpApp, type OtpAppOptions, startOtpApp } from '../support/otp-app.js';
import { eventsOf, numberOfPrefix, ScriptedAssessor } from '../support/risk.js';

const DENY: RiskVerdict = { decision: 'deny', reason: 'sim swapped' };
const ALLOW: RiskVerdict = { decision: 'allow' };
const CLEARED: RiskVerdict = { decision: 'allow', cleared: true };

/** Same prefix as `NUMBER`. */
const neighbour = (index: number) => `+3161234${String(1000 + index)}`;

describe.each(ADAPTERS)('a risk assessor over HTTP, on %s', (adapter) => {
  let otp: OtpApp;
  const error = vi.fn<(line: string) => void>();

  beforeEach(() => {
    vi.spyOn(Logger.prototype, 'error').mockImplementation(error);
  });

  afterEach(async () => {
    vi.restoreAllMocks();
    error.mockReset();
    await otp.close();
  });

  async function start(assessor: ScriptedAssessor, options: OtpAppOptions = {}, risk: Partial<OtpRiskOptions> = {}) {
    otp = await startOtpApp({ adapter, risk: { assessor, ...risk }, ...options });
    return new OtpHttpClient(otp);
  }

  it('D2 is asked before every message, resends included', async () => {
    const assessor = new ScriptedAssessor(ALLOW);
    const client = await start(assessor);
    const { challengeId } = await client.start();
    const first = {
      phoneNumber: NUMBER,
      country: 'NL',
      purpose: 'login',
      lane: 'public',
      client: { ip: '127.0.0.1' },
      resend: false,
      usedUp: [],
    };
    expect(assessor.asked).toEqual([first]);

    otp.clock.advanceSeconds(31);
    expect((await client.resend(challengeId)).status).toBe(200);
    expect(assessor.asked).toEqual([first, { ...first, resend: true }]);
  });

  it('D2 deny is answered like a limit, nothing is sent, and operators learn why', async () => {
    const client = await start(new ScriptedAssessor(DENY));
    const events = eventsOf(otp);
    const denied = await client.create();
    expectThrottled(denied, 30);
    const limited = await client.create();
    expectThrottled(limited, 30);
    expect(denied.body).toEqual(limited.body);
    expect(Object.keys(denied.headers)).toEqual(Object.keys(limited.headers));
    expect(denied.text).not.toContain('swapped');

    expect(otp.transport.messages).toHaveLength(0);
    expect(events).toMatchObject([
      { type: 'challenge.refused', reason: 'risk_denied', detail: 'sim swapped', country: 'NL', purpose: 'login' },
      { type: 'challenge.refused', reason: 'throttled', limit: 'number.cooldown' },
    ]);
    expect(JSON.stringify(events)).not.toContain(NUMBER.slice(3));
  });

  it('a denial gives nothing back: cooldown and hour of the number go on, without asking again', async () => {
    const assessor = new ScriptedAssessor(DENY);
    const client = await start(assessor);
    for (const pauseSeconds of [31, 61, 121, 241, 241]) {
      expectProblem(await client.create(), 429, 'throttled');
      expectProblem(await client.create(), 429, 'throttled');
      otp.clock.advanceSeconds(pauseSeconds);
    }
    expect(assessor.asked).toHaveLength(5);
    assessor.answer = () => ALLOW;
    const events = eventsOf(otp);
    expectProblem(await client.create(), 429, 'throttled');
    expect(events).toMatchObject([{ reason: 'throttled', limit: 'number.sends.3600' }]);
    expect(assessor.asked).toHaveLength(5);
  });

  it('after 10 denials an hour the client is refused without asking', async () => {
    const assessor = new ScriptedAssessor(DENY);
    const client = await start(assessor);
    for (let index = 0; index < 10; index++) {
      expectThrottled(await client.create({ phoneNumber: numberOfPrefix(index) }), 30);
    }
    expect(assessor.asked).toHaveLength(10);
    assessor.answer = () => ALLOW;
    const events = eventsOf(otp);
    expectThrottled(await client.create({ phoneNumber: numberOfPrefix(10) }), 3600);
    expect(events).toMatchObject([{ reason: 'throttled', limit: 'ip.failedSends.3600' }]);
    expect(assessor.asked).toHaveLength(10);
    otp.clock.advanceSeconds(3601);
    expect((await client.create({ phoneNumber: numberOfPrefix(10) })).status).toBe(201);
  });

  it('a denied resend leaves the code that was sent alive', async () => {
    const assessor = new ScriptedAssessor(ALLOW);
    const client = await start(assessor);
    const { challengeId, code } = await client.start();
    otp.clock.advanceSeconds(31);
    assessor.answer = () => DENY;
    expectThrottled(await client.resend(challengeId), 60);
    expect(otp.transport.messages).toHaveLength(1);
    expect((await client.status(challengeId)).body['sendsRemaining']).toBe(2);
    expect((await client.verify(challengeId, code)).status).toBe(200);
  });

  describe('where a budget that all share is used up', () => {
    const limits = { prefix: { unansweredSends: [{ limit: 1, windowSeconds: 3600 }] } };

    it('C2 a plain allow opens nothing; the assessor learns which budget it is', async () => {
      const assessor = new ScriptedAssessor(ALLOW);
      const client = await start(assessor, { limits });
      await client.start(neighbour(0));
      expectThrottled(await client.create({ phoneNumber: neighbour(1) }), 3600);
      expect(assessor.asked.at(-1)).toMatchObject({
        phoneNumber: neighbour(1),
        usedUp: ['prefix.unansweredSends.3600'],
      });
    });

    it('C2 a cleared request passes, and still has to answer', async () => {
      const client = await start(new ScriptedAssessor(CLEARED), { limits });
      await client.start(neighbour(0));
      const { challengeId, code } = await client.start(neighbour(1));
      expect((await client.verify(challengeId, code)).status).toBe(200);
    });

    it('C2 for one message the assessor is asked once: a CAPTCHA can be redeemed only once', async () => {
      const assessor = new ScriptedAssessor(CLEARED);
      const client = await start(assessor, { limits });
      await client.start(neighbour(0));
      await client.start(neighbour(1));
      expect(assessor.asked.map(({ phoneNumber }) => phoneNumber)).toEqual([neighbour(0), neighbour(1)]);
    });

    it.each<[string, OtpLimitOptions]>([
      ['an address', { ip: { sends: [{ limit: 1, windowSeconds: 86_400, mode: 'observe' }] } }],
      ['money', { money: { perDay: 0.1, prices: { default: 0.1 }, mode: 'observe' } }],
    ])('C2 a cleared request passes also where %s is observed and used up', async (_what, observed) => {
      const client = await start(new ScriptedAssessor(CLEARED), { limits: { ...limits, ...observed } });
      await client.start(neighbour(0));
      expect((await client.create({ phoneNumber: neighbour(1) })).status).toBe(201);
    });

    it('C2 what is observed is not told to refuse', async () => {
      const observed = { unansweredSends: [{ limit: 1, windowSeconds: 3600, mode: 'observe' as const }] };
      const client = await start(new ScriptedAssessor(ALLOW), {
        limits: { country: { ...observed, youngSends: { seconds: 10, upTo: 0 } } },
      });
      await client.start();
      const events = eventsOf(otp);
      expectThrottled(await client.create(), 30);
      expect(events.filter(({ type }) => type === 'limit.used_up')).toEqual([]);
    });

    it('what is denied is not cleared', async () => {
      const assessor = new ScriptedAssessor(ALLOW);
      const client = await start(assessor, { limits });
      await client.start(neighbour(0));
      assessor.answer = () => DENY;
      expectProblem(await client.create({ phoneNumber: neighbour(1) }), 429, 'throttled');
      expect(otp.transport.messages).toHaveLength(1);
    });
  });

  it('C1 cleared or not, number and IP have their limits', async () => {
    const client = await start(new ScriptedAssessor(CLEARED), {
      limits: { ip: { unansweredSends: [{ limit: 2, windowSeconds: 3600 }], youngSends: { seconds: 10, upTo: 0 } } },
    });
    await client.start();
    expectThrottled(await client.create(), 30);
    await client.start(OTHER_NUMBER);
    expectThrottled(await client.create({ phoneNumber: numberOfPrefix(0) }), 3600);
  });

  it('C1 cleared or not, money is money', async () => {
    const client = await start(new ScriptedAssessor(CLEARED), {
      limits: { money: { perDay: 0.25, reserve: 0, prices: { default: 0.1 } } },
    });
    await client.start(numberOfPrefix(0));
    await client.start(numberOfPrefix(1));
    expectThrottled(await client.create({ phoneNumber: numberOfPrefix(2) }), 86_400);
  });

  describe('without a verdict', () => {
    const silent = () => new ScriptedAssessor(() => new Promise(() => undefined));

    it('L1 closed: the message is refused, and operators learn why', async () => {
      const client = await start(silent(), {}, { timeoutSeconds: 0.1 });
      const events = eventsOf(otp);
      expectThrottled(await client.create(), 30);
      expect(otp.transport.messages).toHaveLength(0);
      expect(events).toMatchObject([{ reason: 'risk_denied', detail: 'the risk assessor gave no answer in time' }]);
    });

    it('L1 open: the message is sent', async () => {
      const client = await start(silent(), {}, { timeoutSeconds: 0.1, onFailure: 'allow' });
      const { challengeId, code } = await client.start();
      expect((await client.verify(challengeId, code)).status).toBe(200);
    });

    it('L1 what it throws is in no answer, event or log', async () => {
      const assessor = new ScriptedAssessor(() => Promise.reject(new Error(`no answer about ${NUMBER}`)));
      const client = await start(assessor);
      const events = eventsOf(otp);
      const answer = await client.create();
      expectThrottled(answer, 30);
      const seen = JSON.stringify([answer, events, error.mock.calls]);
      expect(seen).not.toContain('no answer about');
      expect(seen).not.toContain(NUMBER.slice(3));
    });

    it('L1 open, it clears nothing', async () => {
      const limits = { prefix: { unansweredSends: [{ limit: 1, windowSeconds: 3600 }] } };
      const client = await start(silent(), { limits }, { timeoutSeconds: 0.1, onFailure: 'allow' });
      await client.start(neighbour(0));
      expectThrottled(await client.create({ phoneNumber: neighbour(1) }), 3600);
    });
  });

  it('a decoy is a denial where decoys are off', async () => {
    vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const client = await start(new ScriptedAssessor({ decision: 'decoy', reason: 'not registered' }));
    const events = eventsOf(otp);
    expectThrottled(await client.create(), 30);
    expect(events).toMatchObject([{ reason: 'risk_denied', detail: 'not registered' }]);
  });
});
