import { APP_GUARD } from '@nestjs/core';
import { memoryStore, OtpGuard, StoreUnavailableError } from 'nestjs-sms-otp';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { ACCOUNTS } from '../support/guarded-app.js';
import { GRAPHQL_SERVERS, type GraphqlApp, type GraphqlAppOptions, startGraphqlApp } from '../support/graphql-app.js';
import { answering, expectRefused, type GraphqlCall } from '../support/graphql-client.js';
import { NUMBER, OtpHttpClient, OTHER_NUMBER, textMember, wrongCode } from '../support/http.js';
import { SILENT_LOGGER } from '../support/otp-app.js';
import { eventsOf } from '../support/risk.js';
import { watchStore } from '../support/store-doubles.js';

const PAY = `mutation ($amount: String!, $payee: String!) {
  pay(amount: $amount, payee: $payee) { amount payee phoneNumber purpose }
}`;
const TEN_TO_ANN = { amount: '10.00 EUR', payee: 'Ann' };

describe.each(GRAPHQL_SERVERS)('guards of GraphQL, $name', (server) => {
  let otp: GraphqlApp;
  afterEach(() => otp.close());

  const start = async (options: Partial<GraphqlAppOptions> = {}) => {
    otp = await startGraphqlApp({ server, ...options });
    return otp.client;
  };

  const pay = (call: GraphqlCall = {}) => otp.client.run(PAY, { variables: TEN_TO_ANN, ...call });

  /** A challenge for ten euros to Ann, and the headers that answer it. */
  const askToPay = async (): Promise<Record<string, string>> =>
    answering(expectRefused(await pay(), 'otp_required'), otp.codeTo(NUMBER));

  describe('inline', () => {
    it('A4 case 16 the first call is refused with a challenge, the repeated one passes, once', async () => {
      await start();
      const { challenge } = expectRefused(await pay(), 'otp_required');
      expect(challenge).toMatchObject({ purpose: 'payout', destination: '+31*******78', attemptsRemaining: 5 });
      expect(otp.transport.lastTo(NUMBER)?.text).toContain('amount 10.00 EUR, payee Ann');
      expect(otp.calls).toEqual([]);
      const headers = { 'OTP-Challenge': challenge?.challengeId ?? '', 'OTP-Code': otp.codeTo(NUMBER) };
      const receipt = { ...TEN_TO_ANN, phoneNumber: NUMBER, purpose: 'payout' };
      expect(await pay({ headers })).toMatchObject({ data: { pay: receipt }, errors: [] });
      expectRefused(await pay({ headers }), 'challenge_gone');
      expect(otp.calls).toEqual(['pay 10.00 EUR Ann']);
    });

    it('without a code the same challenge is answered again, without another message', async () => {
      await start();
      const { challenge } = expectRefused(await pay(), 'otp_required');
      expect(expectRefused(await pay(), 'otp_required').challenge).toEqual(challenge);
      expect(otp.transport.messages).toHaveLength(1);
    });

    it.each([
      ['amount', { ...TEN_TO_ANN, amount: '10000.00 EUR' }],
      ['payee', { ...TEN_TO_ANN, payee: 'Mallory' }],
    ])('case 23 for another %s the code is wrong, which costs an attempt', async (_member, variables) => {
      await start();
      const headers = await askToPay();
      expect(expectRefused(await pay({ headers, variables }), 'incorrect_code').attemptsRemaining).toBe(4);
      expect(otp.calls).toEqual([]);
      expect((await pay({ headers })).errors).toEqual([]);
    });

    it('case 23 arguments are bound without a `binding` too, and so is the field', async () => {
      const client = await start();
      const refused = expectRefused(await client.run('mutation { rename(name: "mine") }'), 'otp_required');
      const headers = answering(refused, otp.codeTo(NUMBER));
      for (const other of ['rename(name: "theirs")', 'remove(name: "mine")']) {
        expectRefused(await client.run(`mutation { ${other} }`, { headers }), 'incorrect_code');
      }
      expect((await client.run('mutation { rename(name: "mine") }', { headers })).data).toEqual({
        rename: 'rename mine',
      });
      expect(otp.calls).toEqual(['rename mine']);
    });

    it('the spelling of the operation does not matter', async () => {
      const client = await start();
      const headers = await askToPay();
      const query = 'mutation Other { mine: pay(payee: "Ann", amount: "10.00 EUR") { amount } }';
      expect((await client.run(query, { headers })).data).toEqual({ mine: { amount: '10.00 EUR' } });
    });

    it('case 20 case 21 another user’s challenge and code are worth nothing', async () => {
      await start();
      const headers = await askToPay();
      expectRefused(await pay({ headers, account: 'attacker' }), 'challenge_gone');
      expect(otp.calls).toEqual([]);
      expect((await pay({ headers })).errors).toEqual([]);
    });

    it('case 1 five wrong codes end the challenge', async () => {
      await start();
      const headers = await askToPay();
      const wrong = { ...headers, 'OTP-Code': wrongCode(headers['OTP-Code'] ?? '') };
      for (const left of [4, 3, 2, 1, 0]) {
        expect(expectRefused(await pay({ headers: wrong }), 'incorrect_code').attemptsRemaining).toBe(left);
      }
      expectRefused(await pay({ headers }), 'attempts_exhausted');
      expect(otp.calls).toEqual([]);
    });

    it('a code needs its challenge, and a challenge its code', async () => {
      await start();
      const { 'OTP-Code': code = '', 'OTP-Challenge': challenge = '' } = await askToPay();
      expectRefused(await pay({ headers: { 'OTP-Code': code } }), 'invalid_request');
      expectRefused(await pay({ headers: { 'OTP-Challenge': challenge } }), 'invalid_request');
    });

    it('J1 what the purpose’s schema does not take sends no message', async () => {
      await start();
      const refused = expectRefused(await pay({ variables: { ...TEN_TO_ANN, amount: '' } }), 'invalid_request');
      expect(refused.errors).toEqual([{ pointer: '#/amount', detail: expect.any(String) }]);
      expect(otp.transport.messages).toEqual([]);
    });

    it('J1 half a character in an argument is refused as the client’s mistake', async () => {
      const client = await start();
      const query = 'mutation ($name: String!) { rename(name: $name) }';
      expectRefused(await client.run(query, { variables: { name: '\ud800' } }), 'invalid_request');
      expect(otp.transport.messages).toEqual([]);
    });

    it('case 75 nobody signed in: unauthorized in words that a client understands, and no message', async () => {
      await start();
      const { data, errors } = await pay({ account: undefined });
      expect(data).toBeNull();
      expect(errors).toMatchObject([{ message: 'Unauthorized', path: ['pay'] }]);
      expect(JSON.stringify(errors)).not.toMatch(/node_modules|stack|\.ts/);
      expect(otp.transport.messages).toEqual([]);
    });

    it('L1 with the store lost it is store_unavailable, and the handler does not run', async () => {
      const clock = new ManualClock();
      let lost = false;
      const store = watchStore(memoryStore({ clock }), () => {
        if (lost) {
          throw new StoreUnavailableError('10.0.0.7:6379 refused the connection');
        }
      });
      await start({ clock, store });
      const headers = await askToPay();
      lost = true;
      expectRefused(await pay({ headers }), 'store_unavailable');
      expect(otp.calls).toEqual([]);
    });

    it('C3 the address and the language are those of the HTTP request', async () => {
      await start({ trustedProxies: ['loopback'] });
      const events = eventsOf(otp);
      await pay({ headers: { 'X-Forwarded-For': '203.0.113.9', 'Accept-Language': 'en-GB,nl;q=0.5' } });
      const issued = events.find(({ type }) => type === 'challenge.issued');
      expect(issued).toMatchObject({ clientNetwork: expect.stringContaining('203.0.113.') });
    });
  });

  describe('proofs', () => {
    const enter = (proof: string, call: GraphqlCall = {}, field = 'enter') =>
      otp.client.run(`mutation { ${field} }`, { ...call, headers: { 'OTP-Proof': proof } });

    it('H8 a proof opens its handler, which learns the number', async () => {
      const client = await start();
      expectRefused(await client.run('mutation { enter }'), 'otp_required');
      const proof = await new OtpHttpClient(otp).prove(NUMBER, 'login');
      for (let times = 0; times < 2; times++) {
        expect((await enter(proof)).data).toEqual({ enter: `enter ${NUMBER}` });
      }
      expectRefused(
        await client.run('mutation { enter }', { headers: { 'OTP-Proof': 'a.b.c' } }),
        'insufficient_proof',
      );
    });

    it('case 25 a single-use proof opens one call', async () => {
      await start();
      const proof = await new OtpHttpClient(otp).prove(NUMBER, 'login');
      expect((await enter(proof, {}, 'enterOnce')).errors).toEqual([]);
      expectRefused(await enter(proof, {}, 'enterOnce'), 'insufficient_proof');
      expect(otp.calls).toEqual([`enterOnce ${NUMBER}`]);
    });

    it('case 20 a proof of another number opens nothing of the caller’s', async () => {
      await start();
      const proof = await new OtpHttpClient(otp).prove(OTHER_NUMBER, 'login');
      expectRefused(await enter(proof), 'insufficient_proof');
      expect((await enter(proof, { account: 'attacker' })).data).toEqual({ enter: `enter ${OTHER_NUMBER}` });
    });

    it('case 23 a proof of a payout opens that payout, once', async () => {
      await start();
      const { 'OTP-Challenge': challengeId = '', 'OTP-Code': code = '' } = await askToPay();
      const headers = { 'OTP-Proof': textMember(await new OtpHttpClient(otp).verify(challengeId, code), 'proof') };
      const toMallory = { headers, variables: { ...TEN_TO_ANN, payee: 'Mallory' } };
      expectRefused(await pay(toMallory), 'insufficient_proof');
      expect((await pay({ headers })).errors).toEqual([]);
      otp.clock.advanceSeconds(31);
      expectRefused(await pay({ headers }), 'insufficient_proof');
      expect(otp.calls).toEqual(['pay 10.00 EUR Ann']);
    });
  });

  describe('metadata', () => {
    it('a class asks for a code on its handlers but those of @SkipOtp', async () => {
      const client = await start();
      expect((await client.run('mutation { cancel }', { account: undefined })).data).toEqual({ cancel: 'cancel' });
      const refused = expectRefused(await client.run('mutation { transfer }'), 'otp_required');
      const headers = answering(refused, otp.codeTo(NUMBER));
      expect((await client.run('mutation { transfer }', { headers })).data).toEqual({ transfer: 'transfer' });
    });

    it('A3 the guards of a class and its handler spend one code', async () => {
      const client = await start();
      const refused = expectRefused(await client.run('mutation { transferFresh }'), 'otp_required');
      const headers = answering(refused, otp.codeTo(NUMBER));
      expect((await client.run('mutation { transferFresh }', { headers })).errors).toEqual([]);
      expectRefused(await client.run('mutation { transferFresh }', { headers }), 'challenge_gone');
    });

    it('A3 a global guard and the decorator’s spend one code; other fields are left alone', async () => {
      const client = await start({ metadata: { providers: [{ provide: APP_GUARD, useExisting: OtpGuard }] } });
      expect((await client.run('{ open }', { account: undefined })).data).toEqual({ open: 'open' });
      const headers = await askToPay();
      expect((await pay({ headers })).errors).toEqual([]);
      expectRefused(await pay({ headers }), 'challenge_gone');
    });

    it('A4 no warning at boot that arguments are not bound, for they are', async () => {
      const warnings: unknown[] = [];
      const logger = { ...SILENT_LOGGER, warn: (...entry: unknown[]) => void warnings.push(entry) };
      await start({ configure: (app) => app.useLogger(logger) });
      expect(JSON.stringify(warnings)).not.toContain('bound');
    });

    it('skipIf lets a call through, and nothing else does', async () => {
      const client = await start();
      const headers = { 'X-Roll-Out': 'not-yet' };
      expect((await client.run('mutation { rolledOut }', { headers })).data).toEqual({ rolledOut: 'rolledOut' });
      expectRefused(await client.run('mutation { rolledOut }', { headers: { 'X-Roll-Out': 'done' } }), 'otp_required');
    });

    it('case 75 @VerifiedPhone() without a guard refuses', async () => {
      const client = await start();
      const proof = await new OtpHttpClient(otp).prove(ACCOUNTS['victim']?.phoneNumber, 'login');
      const { data, errors } = await client.run('mutation { forgotten }', { headers: { 'OTP-Proof': proof } });
      expect(data).toBeNull();
      expect(errors).toMatchObject([{ message: expect.stringContaining('@VerifiedPhone(): nothing was proved') }]);
      expect(otp.calls).toEqual([]);
    });

    it('I2 a refusal of a handler itself reaches the client as those of the guard do', async () => {
      const client = await start();
      expectRefused(await client.run('mutation { refusing }'), 'challenge_gone');
    });
  });
});
