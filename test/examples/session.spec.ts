import type { INestApplication } from '@nestjs/common';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { FakeOtp } from 'nestjs-sms-otp/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { callHttp, NUMBER, OTHER_NUMBER, textMember } from '../support/http.js';
import { ADAPTERS } from '../support/otp-app.js';
import { challengeIdOf, codeHeaders } from '../support/sample-app/sample-client.js';
import { useSessionsOnFastify } from './session-on-fastify.js';
import { AppModule, useSessions } from './session.js';

vi.hoisted(() => {
  vi.stubEnv('OTP_SECRET', 'Hq2Lw9Zx4Cv7Bn1Mk6Jt3Rf8Ys5Pd0Ga');
  vi.stubEnv('SESSION_SECRET', 'uB5nE8wQ1zT4yC7vX0kL3mJ6hG9fD2sA');
});

const PAYOUT = { amount: '12.00 EUR', iban: 'NL91ABNA0417164300' };

describe.each(ADAPTERS)('sessions, on %s', (adapter) => {
  let fake: FakeOtp;
  let app: INestApplication;

  beforeEach(async () => {
    fake = new FakeOtp();
    const ref = await fake.override(Test.createTestingModule({ imports: [AppModule] })).compile();
    if (adapter === 'express') {
      const express = ref.createNestApplication<NestExpressApplication>(new ExpressAdapter(), { logger: false });
      // TLS ends before the application; without it the cookie would not be set.
      useSessions(express.set('trust proxy', 'loopback'));
      app = express;
    } else {
      const fastify = ref.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
      useSessionsOnFastify(fastify);
      app = fastify;
    }
    await app.listen(0, '127.0.0.1');
  });

  afterEach(() => app.close());

  /** One browser: keeps the cookie of its session. */
  class Browser {
    constructor(public cookie = '') {}

    async call(method: string, path: string, { headers = {}, body }: { headers?: object; body?: unknown } = {}) {
      const answer = await callHttp(await app.getUrl(), {
        method,
        path,
        headers: { Cookie: this.cookie, 'X-Forwarded-Proto': 'https', ...headers },
        ...(body === undefined ? {} : { body }),
      });
      const [set] = answer.headers['set-cookie'] ?? [];
      this.cookie = set?.split(';')[0] ?? this.cookie;
      return answer;
    }

    async proof(phoneNumber: string): Promise<string> {
      fake.clock.advanceSeconds(300);
      const challenge = await this.call('POST', '/otp/challenges', { body: { phoneNumber } });
      const path = `/otp/challenges/${textMember(challenge, 'challengeId')}/verify`;
      return textMember(await this.call('POST', path, { body: { code: fake.lastCodeTo(phoneNumber) } }), 'proof');
    }

    async signIn(phoneNumber = NUMBER) {
      return this.call('POST', '/session', { headers: { 'OTP-Proof': await this.proof(phoneNumber) } });
    }

    pay(headers = {}) {
      return this.call('POST', '/payouts', { headers, body: PAYOUT });
    }

    async account(): Promise<unknown> {
      return (await this.call('GET', '/session')).body['userId'];
    }
  }

  it('A4 the session tells who it is, then the code is asked for and pays once', async () => {
    const browser = new Browser();
    expect(await browser.signIn()).toMatchObject({ status: 201, body: { userId: 'ada' } });
    const asked = await browser.pay();
    expectProblem(asked, 401, 'otp_required');
    const answer = codeHeaders({ challengeId: challengeIdOf(asked), code: fake.lastCodeTo(NUMBER) });
    expect(await browser.pay(answer)).toMatchObject({ status: 201, body: { ...PAYOUT, by: 'ada' } });
    expectProblem(await browser.pay(answer), 410, 'challenge_gone');
  });

  it('A4 case 21 a code is wrong in another session, even of the same account', async () => {
    const [own, other] = [new Browser(), new Browser()];
    await own.signIn();
    await other.signIn();
    const asked = await own.pay();
    const answer = codeHeaders({ challengeId: challengeIdOf(asked), code: fake.lastCodeTo(NUMBER) });
    const refused = await other.pay(answer);
    expectProblem(refused, 422, 'incorrect_code');
    expect(refused.body['attemptsRemaining']).toBe(4);
    expect((await own.pay(answer)).status).toBe(201);
  });

  it('A4 case 21 the built-in verify route is no session either', async () => {
    const browser = new Browser();
    await browser.signIn();
    const path = `/otp/challenges/${challengeIdOf(await browser.pay())}/verify`;
    expectProblem(await browser.call('POST', path, { body: { code: fake.lastCodeTo(NUMBER) } }), 422, 'incorrect_code');
  });

  it('H1 case 70 a login gives the session a new id, and the old one dies with what it held', async () => {
    const attacker = new Browser();
    await attacker.call('POST', '/basket', { body: { item: 'bait' } });
    expect(attacker.cookie).toMatch(/^__Host-session=.{32}/);
    const victim = new Browser(attacker.cookie);
    expect((await victim.signIn()).status).toBe(201);
    expect(victim.cookie).toMatch(/^__Host-session=.{32}/);
    expect(victim.cookie).not.toBe(attacker.cookie);
    expect(await victim.account()).toBe('ada');
    expect(await attacker.account()).toBeUndefined();
    const basket = await attacker.call('POST', '/basket', { body: { item: 'own' } });
    expect(basket.body).toEqual({ items: ['own'] });
  });

  it('H1 signing in again gives another id, and signing out ends it', async () => {
    const browser = new Browser();
    await browser.signIn();
    const before = new Browser(browser.cookie);
    await browser.signIn();
    expect([await before.account(), await browser.account()]).toEqual([undefined, 'ada']);
    const after = new Browser(browser.cookie);
    expect((await browser.call('DELETE', '/session')).status).toBe(204);
    expect(await after.account()).toBeUndefined();
  });

  it('case 25 a proof gives one session', async () => {
    const proof = await new Browser().proof(NUMBER);
    const headers = { 'OTP-Proof': proof };
    expect((await new Browser().call('POST', '/session', { headers })).status).toBe(201);
    expectProblem(await new Browser().call('POST', '/session', { headers }), 401, 'insufficient_proof');
  });

  it('case 70 in a session of somebody else’s nobody can sign in as themselves, nor is anything paid', async () => {
    const attacker = new Browser();
    await attacker.signIn(OTHER_NUMBER);
    const victim = new Browser(attacker.cookie);
    expectProblem(await victim.signIn(NUMBER), 401, 'insufficient_proof');
    expect(await victim.account()).toBe('bob');
  });

  it('H2 the cookie is for this host, HTTPS and no script', async () => {
    const answer = await new Browser().signIn();
    const attributes = answer.headers['set-cookie']?.[0]
      ?.split('; ')
      .slice(1)
      .map((text) => text.toLowerCase());
    expect(attributes?.toSorted()).toEqual(['httponly', 'path=/', 'samesite=lax', 'secure']);
  });

  it('strangers get the guard’s own 401, and nobody’s phone rings', async () => {
    expect((await new Browser().pay()).body).toEqual({ statusCode: 401, message: 'Unauthorized' });
    expectProblem(await new Browser().call('POST', '/session'), 401, 'otp_required');
    expect(fake.transport.messages).toEqual([]);
  });
});
