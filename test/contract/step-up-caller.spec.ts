import { ForbiddenException } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IN_MEMORY } from '../support/deployments.js';
import { expectProblem } from '../support/expect-problem.js';
import { type HttpCall, NUMBER, OTHER_NUMBER } from '../support/http.js';
import { Evidence, textCanary } from '../support/leak-search.js';
import { codeHeaders, type SampleClient, TRANSFER } from '../support/sample-app/sample-client.js';
import { type Sample, startSample } from '../support/sample-app/start-sample.js';

const ATTEMPTS = 5;
const COOLDOWN_SECONDS = 30;

describe.each(IN_MEMORY)('whose code it is, on $name', (deployment) => {
  let sample: Sample;
  let ann: SampleClient;
  let eve: SampleClient;
  let evidence: Evidence;

  beforeEach(async () => {
    evidence = new Evidence();
    sample = await startSample(deployment, { configure: (app) => app.useLogger(evidence.logger()) });
    [ann, eve] = [sample.client('ann'), sample.client('eve')];
  });

  afterEach(() => sample.otp.close());

  const refusals = () => sample.events.flatMap((event) => (event.type === 'answer.refused' ? [event.reason] : []));
  const attemptsLeft = async (challengeId: string) =>
    (await ann.otpRoutes.status(challengeId)).body['attemptsRemaining'];

  it('A4 case 20 the attacker’s own code for the attacker’s own number opens nothing in the victim’s session', async () => {
    const own = await eve.stepUp();
    expectProblem(await ann.pay(TRANSFER, codeHeaders(own)), 410, 'challenge_gone');
    expect(sample.bank.handlers).toEqual([]);
    expect(refusals()).toEqual(['not_the_caller']);
    // Still good where it belongs, and it has cost nobody an attempt.
    expect(await attemptsLeft(own.challengeId)).toBe(ATTEMPTS);
    expect((await eve.pay(TRANSFER, codeHeaders(own))).status).toBe(201);
  });

  it('A4 case 20 case 21 the victim’s challenge in the attacker’s session is gone, and the victim keeps all attempts', async () => {
    const victims = await ann.stepUp();
    for (let tries = 0; tries < 2 * ATTEMPTS; tries += 1) {
      expectProblem(await eve.pay(TRANSFER, codeHeaders(victims)), 410, 'challenge_gone');
    }
    expect(sample.bank.handlers).toEqual([]);
    expect(await attemptsLeft(victims.challengeId)).toBe(ATTEMPTS);
    expect((await ann.pay(TRANSFER, codeHeaders(victims))).status).toBe(201);
  });

  it('A4 case 20 another account with the same number is another caller', async () => {
    const stepped = await ann.stepUp();
    expectProblem(await sample.client('ben').pay(TRANSFER, codeHeaders(stepped)), 410, 'challenge_gone');
    expect(refusals()).toEqual(['not_the_caller']);
    expect(sample.bank.handlers).toEqual([]);
  });

  it.each([
    ['number', { phoneNumber: OTHER_NUMBER }],
    ['account', { subject: 'user-other' }],
    ['number, to none that can be used,', { phoneNumber: 'unknown' }],
    ['number, to none,', { phoneNumber: '' }],
  ])('D4 case 29 with another %s since then the code is worth nothing', async (_name, change) => {
    const stepped = await ann.stepUp();
    sample.bank.change('ann', change);
    expectProblem(await ann.pay(TRANSFER, codeHeaders(stepped)), 410, 'challenge_gone');
    expect(sample.bank.handlers).toEqual([]);
  });

  it('D4 case 29 the new number gets a challenge of its own', async () => {
    const { challengeId } = await ann.stepUp();
    sample.bank.change('ann', { phoneNumber: OTHER_NUMBER });
    const stepped = await ann.stepUp();
    expect(stepped.challengeId).not.toBe(challengeId);
    expect(sample.otp.transport.messages.map(({ to }) => to)).toEqual([NUMBER, OTHER_NUMBER]);
    expect((await ann.pay(TRANSFER, codeHeaders(stepped))).status).toBe(201);
  });

  it('another spelling of the number is the same handset', async () => {
    const stepped = await ann.stepUp();
    sample.bank.change('ann', { phoneNumber: '+31 (0)6 1234-5678' });
    expect((await ann.pay()).body['challenge']).toMatchObject({ challengeId: stepped.challengeId });
    expect((await ann.pay(TRANSFER, codeHeaders(stepped))).status).toBe(201);
    expect(sample.otp.transport.messages).toHaveLength(1);
  });

  it.each([
    ['empty', ''],
    ['too long', 'é'.repeat(128)],
  ])('A4 a subject that is %s is a fault of the application: 500, and nothing is sent', async (_name, subject) => {
    sample.bank.change('ann', { subject });
    expect((await ann.pay()).status).toBe(500);
    expect(sample.otp.transport.messages).toEqual([]);
  });

  it('a caller without a usable number is refused, and nothing is sent', async () => {
    for (const phoneNumber of ['', 'unknown', '0612345678']) {
      sample.bank.change('ann', { phoneNumber });
      expectProblem(await ann.pay(), 400, 'invalid_phone_number');
    }
    expect(sample.otp.transport.messages).toEqual([]);
  });

  describe('nobody is signed in', () => {
    it.each<[string, HttpCall]>([
      ['the application’s own guard refuses first', { method: 'POST', path: '/payouts', body: TRANSFER }],
      ['guards in the wrong order', { method: 'POST', path: '/orders/wrong' }],
      ['the short form knows no number', { method: 'POST', path: '/support' }],
    ])('C1 case 75 %s: a plain 401 and no message', async (_name, call) => {
      const own = await eve.stepUp();
      for (const headers of [{}, codeHeaders(own), { 'OTP-Proof': 'x' }]) {
        const answer = await sample.client().call({ ...call, headers });
        expect(answer.status).toBe(401);
        expect(answer.headers['www-authenticate']).toBeUndefined();
        expect(answer.text).not.toMatch(/challenge|phone/i);
      }
      expect(sample.otp.transport.messages).toHaveLength(1);
      expect(sample.bank.handlers).toEqual([]);
    });

    it('case 75 in the wrong order nobody passes, and one warning says what to do', async () => {
      for (let times = 0; times < 3; times += 1) {
        expect((await ann.post('/orders/wrong')).status).toBe(401);
      }
      expect(sample.events.filter(({ type }) => type === 'proof.refused')).toMatchObject([
        { purpose: 'confirm', reason: 'no_caller' },
        { reason: 'no_caller' },
        { reason: 'no_caller' },
      ]);
      expect(evidence.search([textCanary('warning', 'met no caller')], /^log warn/)).toHaveLength(1);
      const call = { method: 'POST', path: '/orders/right' };
      expect((await ann.repeat(call, await ann.stepUp(call))).status).toBe(201);
      expect(sample.bank.handlers).toEqual(['right']);
    });

    it('A4 case 20 a login’s proof before authentication: in the end it must be of who is signed in', async () => {
      const call = { method: 'POST', path: '/orders/wrong/login' };
      const eves = { 'OTP-Proof': await ann.otpRoutes.prove(OTHER_NUMBER, 'login') };
      const refused = await ann.call({ ...call, headers: eves });
      expect(refused.status).toBe(401);
      expect(refused.text).not.toMatch(/challenge|phone/i);
      expect(sample.bank.handlers).toEqual([]);
      expect((await eve.call({ ...call, headers: eves })).status).toBe(201);
    });

    it('C1 a public purpose asks for a proof and sends nothing', async () => {
      const stranger = sample.client();
      const answer = await stranger.post('/accounts');
      expectProblem(answer, 401, 'otp_required');
      expect(answer.body).not.toHaveProperty('challenge');
      expect(sample.otp.transport.messages).toEqual([]);
      const { challengeId, code } = await stranger.otpRoutes.start(NUMBER, 'signup');
      expect((await stranger.post('/accounts', {}, codeHeaders({ challengeId, code }))).status).toBe(401);
      expect(sample.bank.handlers).toEqual([]);
    });
  });

  it.each([
    [
      'throws',
      500,
      () => {
        throw new Error('the accounts of user-ann are not there');
      },
    ],
    [
      'refuses',
      403,
      () => {
        throw new ForbiddenException();
      },
    ],
  ])('L1 case 75 a caller that %s lets nobody through', async (_name, status, fault) => {
    const stepped = await ann.stepUp();
    sample.bank.callerFault = fault;
    for (const headers of [{}, codeHeaders(stepped)]) {
      const answer = await ann.pay(TRANSFER, headers);
      expect(answer.status).toBe(status);
      expect(answer.text).not.toContain('user-ann');
    }
    expect(sample.bank.handlers).toEqual([]);
    expect(sample.otp.transport.messages).toHaveLength(1);
  });

  it('case 75 a caller that answers null is nobody', async () => {
    const stepped = await ann.stepUp();
    sample.bank.answersNull = true;
    for (const headers of [{}, codeHeaders(stepped), { 'OTP-Proof': 'x' }]) {
      expect((await ann.pay(TRANSFER, headers)).status).toBe(401);
    }
    expect(sample.bank.handlers).toEqual([]);
    expect(sample.otp.transport.messages).toHaveLength(1);
  });

  describe('codes that are bound to a session', () => {
    beforeEach(() => void (sample.bank.bindsSessions = true));

    it('A4 case 21 case 70 in another session of the same account the code is wrong', async () => {
      const stepped = await ann.stepUp();
      const elsewhere = sample.client('ann');
      expectProblem(await elsewhere.pay(TRANSFER, codeHeaders(stepped)), 422, 'incorrect_code');
      expect(sample.events.filter(({ type }) => type === 'challenge.failed')).toMatchObject([
        { reason: 'wrong_binding' },
      ]);
      expect((await ann.pay(TRANSFER, codeHeaders(stepped))).status).toBe(201);
    });

    it('case 70 a live challenge is not answered to another session', async () => {
      const { challengeId } = await ann.stepUp();
      sample.otp.clock.advanceSeconds(COOLDOWN_SECONDS);
      expect((await sample.client('ann').stepUp()).challengeId).not.toBe(challengeId);
    });

    it('the built-in route knows no sessions, so it takes no such code', async () => {
      const { challengeId, code } = await ann.stepUp();
      expectProblem(await ann.otpRoutes.verify(challengeId, code), 422, 'incorrect_code');
    });
  });

  describe('the short form of a caller', () => {
    const call = { method: 'POST', path: '/support', headers: { 'X-Number': NUMBER } };

    it('gives the number alone', async () => {
      const stepped = await ann.stepUp(call);
      expect((await ann.repeat(call, stepped)).status).toBe(201);
      expect(sample.bank.ran).toEqual([{ handler: 'support', seen: { phoneNumber: NUMBER } }]);
    });

    it('case 20 for another number the code is worth nothing', async () => {
      const stepped = await ann.stepUp(call);
      const other = { ...call, headers: { 'X-Number': OTHER_NUMBER } };
      expectProblem(await ann.repeat(other, stepped), 410, 'challenge_gone');
      expect(sample.bank.handlers).toEqual([]);
    });

    it('case 20 a challenge of an account is not one of its number alone', async () => {
      const account = { method: 'DELETE', path: '/settings/account' };
      expectProblem(await ann.repeat(call, await ann.stepUp(account)), 410, 'challenge_gone');
      expect(sample.bank.handlers).toEqual([]);
    });
  });
});
