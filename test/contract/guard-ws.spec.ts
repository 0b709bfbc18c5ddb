import { APP_GUARD } from '@nestjs/core';
import { memoryStore, OtpGuard, StoreUnavailableError } from 'nestjs-sms-otp';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { NUMBER, OtpHttpClient, OTHER_NUMBER, textMember, wrongCode } from '../support/http.js';
import { ADAPTERS } from '../support/otp-app.js';
import { watchStore } from '../support/store-doubles.js';
import { startWsApp, WS_SERVERS, type WsApp, type WsAppOptions } from '../support/ws-app.js';
import { answerTo, expectRefusal, type WsClient } from '../support/ws-client.js';

const TEN_TO_ANN = { amount: '10.00 EUR', payee: 'Ann' };
const PAID = { event: 'done', data: { ran: 'pay', phoneNumber: NUMBER, purpose: 'payout' } };

const SERVERS = WS_SERVERS.flatMap((server) =>
  ADAPTERS.map((adapter) => ({ name: `${server.name} on ${adapter}`, server, adapter })),
);

describe.each(SERVERS)('guards of WebSockets, $name', ({ server, adapter }) => {
  let otp: WsApp;
  afterEach(() => otp.close());

  const start = async (options: Partial<WsAppOptions> = {}): Promise<WsClient> => {
    otp = await startWsApp({ server, adapter, ...options });
    return otp.connect();
  };

  /** Asks for a code for ten euros to Ann, and gives the payload that sends it. */
  const askToPay = async (client: WsClient) => ({
    ...TEN_TO_ANN,
    ...answerTo(expectRefusal(await client.call('pay', TEN_TO_ANN), 'otp_required'), otp.codeTo(NUMBER)),
  });

  describe('inline', () => {
    it('A4 case 16 the first message is refused with a challenge, the repeated one passes, once', async () => {
      const client = await start();
      const { challenge } = expectRefusal(await client.call('pay', TEN_TO_ANN), 'otp_required');
      expect(challenge).toMatchObject({ purpose: 'payout', destination: '+31*******78', attemptsRemaining: 5 });
      expect(otp.transport.lastTo(NUMBER)?.text).toContain('amount 10.00 EUR, payee Ann');
      expect(otp.calls).toEqual([]);
      const otpMember = { challengeId: challenge?.challengeId, code: otp.codeTo(NUMBER) };
      expect(await client.call('pay', { ...TEN_TO_ANN, otp: otpMember })).toEqual(PAID);
      expectRefusal(await client.call('pay', { ...TEN_TO_ANN, otp: otpMember }), 'challenge_gone');
      expect(otp.calls).toEqual([`pay ${JSON.stringify(TEN_TO_ANN)}`]);
    });

    it('without a code the same challenge is answered again, without another message', async () => {
      const client = await start();
      const { challenge } = expectRefusal(await client.call('pay', TEN_TO_ANN), 'otp_required');
      expect(expectRefusal(await client.call('pay', TEN_TO_ANN), 'otp_required').challenge).toEqual(challenge);
      expect(otp.transport.messages).toHaveLength(1);
    });

    it.each([
      ['amount', { amount: '10000.00 EUR' }],
      ['payee', { payee: 'Mallory' }],
    ])('case 23 for another %s the code is wrong, which costs an attempt', async (_member, change) => {
      const client = await start();
      const payload = await askToPay(client);
      const refused = expectRefusal(await client.call('pay', { ...payload, ...change }), 'incorrect_code');
      expect(refused.attemptsRemaining).toBe(4);
      expect(otp.calls).toEqual([]);
      expect(await client.call('pay', payload)).toEqual(PAID);
    });

    it('case 23 a code of one event is wrong for another', async () => {
      const client = await start();
      const refused = expectRefusal(await client.call('rename', {}), 'otp_required');
      const payload = answerTo(refused, otp.codeTo(NUMBER));
      expectRefusal(await client.call('remove', payload), 'incorrect_code');
      expect(await client.call('rename', payload)).toMatchObject({ data: { ran: 'rename' } });
      expect(otp.calls).toEqual(['rename {}']);
    });

    it('case 23 a code of one gateway is wrong for the same event of another', async () => {
      const client = await start();
      const elsewhere = await otp.connect({ place: '/elsewhere' });
      const refused = expectRefusal(await client.call('rename', {}), 'otp_required');
      const payload = answerTo(refused, otp.codeTo(NUMBER));
      expectRefusal(await elsewhere.call('rename', payload), 'incorrect_code');
      expect(await client.call('rename', payload)).toMatchObject({ data: { ran: 'rename' } });
    });

    it('case 20 case 21 another user’s challenge and code are worth nothing', async () => {
      const client = await start();
      const payload = await askToPay(client);
      const attacker = await otp.connect({ account: 'attacker' });
      expectRefusal(await attacker.call('pay', payload), 'challenge_gone');
      expect(otp.calls).toEqual([]);
      expect(await client.call('pay', payload)).toEqual(PAID);
    });

    it('two connections of one user may ask and answer', async () => {
      const client = await start();
      const payload = await askToPay(client);
      const other = await otp.connect();
      expect(await other.call('pay', payload)).toEqual(PAID);
    });

    it('case 70 a code that the caller binds to a session is wrong in another of the same user', async () => {
      await start();
      const [one, other] = [
        await otp.connect({ headers: { 'X-Session': 'one' } }),
        await otp.connect({ headers: { 'X-Session': 'other' } }),
      ];
      const payload = await askToPay(one);
      expectRefusal(await other.call('pay', payload), 'incorrect_code');
      expect(await one.call('pay', payload)).toEqual(PAID);
    });

    it('case 1 five wrong codes end the challenge', async () => {
      const client = await start();
      const payload = await askToPay(client);
      const wrong = { ...payload, otp: { ...payload.otp, code: wrongCode(payload.otp.code) } };
      for (const left of [4, 3, 2, 1, 0]) {
        const refused = expectRefusal(await client.call('pay', wrong), 'incorrect_code');
        expect(refused.attemptsRemaining).toBe(left);
      }
      expectRefusal(await client.call('pay', payload), 'attempts_exhausted');
      expect(otp.calls).toEqual([]);
    });

    it('J1 what the purpose’s schema does not take sends no message', async () => {
      const client = await start();
      const refused = expectRefusal(await client.call('pay', { payee: 'Ann' }), 'invalid_request');
      expect(refused.errors).toEqual([{ pointer: '#/amount', detail: expect.any(String) }]);
      expect(otp.transport.messages).toEqual([]);
    });

    it('case 75 nobody signed in: unauthorized in words that a client understands, and no message', async () => {
      await start();
      const stranger = await otp.connect({ account: undefined });
      const answer = await stranger.call('pay', TEN_TO_ANN);
      expect(answer).toEqual({ event: 'exception', data: { message: 'Unauthorized', statusCode: 401 } });
      expect(otp.transport.messages).toEqual([]);
    });

    it('case 16 a code is spent even where the handler fails', async () => {
      const client = await start();
      const payload = answerTo(expectRefusal(await client.call('failing', {}), 'otp_required'), otp.codeTo(NUMBER));
      const failed = await client.call('failing', payload);
      expect(failed).toMatchObject({ event: 'exception', data: { message: 'Internal server error' } });
      expect(JSON.stringify(failed)).not.toContain(payload.otp.code);
      expectRefusal(await client.call('failing', payload), 'challenge_gone');
      expect(otp.calls).toEqual(['failing {}']);
    });

    it('L1 with the store lost it is store_unavailable, and the handler does not run', async () => {
      const clock = new ManualClock();
      let lost = false;
      const store = watchStore(memoryStore({ clock }), () => {
        if (lost) {
          throw new StoreUnavailableError('10.0.0.7:6379 refused the connection');
        }
      });
      const client = await start({ clock, store });
      const payload = await askToPay(client);
      lost = true;
      expectRefusal(await client.call('pay', payload), 'store_unavailable');
      expect(otp.calls).toEqual([]);
    });
  });

  describe('proofs', () => {
    it('H8 a proof opens its handler, which learns the number', async () => {
      const client = await start();
      expectRefusal(await client.call('enter', {}), 'otp_required');
      const proof = await new OtpHttpClient(otp).prove(NUMBER, 'login');
      for (let times = 0; times < 2; times++) {
        expect(await client.call('enter', { otp: { proof } })).toMatchObject({ data: { phoneNumber: NUMBER } });
      }
      expectRefusal(await client.call('enter', { otp: { proof: 'a.b.c' } }), 'insufficient_proof');
      expect(otp.calls).toEqual(['enter {}', 'enter {}']);
    });

    it('case 25 a single-use proof opens one message', async () => {
      const client = await start();
      const proof = await new OtpHttpClient(otp).prove(NUMBER, 'login');
      expect(await client.call('enterOnce', { otp: { proof } })).toMatchObject({ event: 'done' });
      expectRefusal(await client.call('enterOnce', { otp: { proof } }), 'insufficient_proof');
    });

    it('case 20 a proof of another number opens nothing of the caller’s', async () => {
      const client = await start();
      const proof = await new OtpHttpClient(otp).prove(OTHER_NUMBER, 'login');
      expectRefusal(await client.call('enter', { otp: { proof } }), 'insufficient_proof');
      const owner = await otp.connect({ account: 'attacker' });
      expect(await owner.call('enter', { otp: { proof } })).toMatchObject({ data: { phoneNumber: OTHER_NUMBER } });
    });

    it('case 23 a proof of a payout opens that payout, once', async () => {
      const client = await start();
      const { otp: entered } = await askToPay(client);
      const verified = await new OtpHttpClient(otp).verify(entered.challengeId, entered.code);
      const payload = { ...TEN_TO_ANN, otp: { proof: textMember(verified, 'proof') } };
      expectRefusal(await client.call('pay', { ...payload, payee: 'Mallory' }), 'insufficient_proof');
      expect(await client.call('pay', payload)).toEqual(PAID);
      otp.clock.advanceSeconds(31);
      expectRefusal(await client.call('pay', payload), 'insufficient_proof');
      expect(otp.calls).toHaveLength(1);
    });
  });

  describe('metadata', () => {
    it('a class asks for a code on its handlers but those of @SkipOtp', async () => {
      const client = await start();
      const stranger = await otp.connect({ account: undefined });
      expect(await stranger.call('cancel', {})).toMatchObject({ data: { ran: 'cancel' } });
      const refused = expectRefusal(await client.call('transfer', {}), 'otp_required');
      const payload = answerTo(refused, otp.codeTo(NUMBER));
      expect(await client.call('transfer', payload)).toMatchObject({ data: { ran: 'transfer' } });
    });

    it('A3 the guards of a class and its handler spend one code', async () => {
      const client = await start();
      const refused = expectRefusal(await client.call('transferFresh', {}), 'otp_required');
      const payload = answerTo(refused, otp.codeTo(NUMBER));
      expect(await client.call('transferFresh', payload)).toMatchObject({ data: { ran: 'transferFresh' } });
      expectRefusal(await client.call('transferFresh', payload), 'challenge_gone');
    });

    it('A3 a global guard and the decorator’s spend one code; other events are left alone', async () => {
      const client = await start({ metadata: { providers: [{ provide: APP_GUARD, useExisting: OtpGuard }] } });
      expect(await client.call('open', {})).toMatchObject({ data: { ran: 'open' } });
      const payload = await askToPay(client);
      expect(await client.call('pay', payload)).toEqual(PAID);
      expectRefusal(await client.call('pay', payload), 'challenge_gone');
    });

    it('case 75 @VerifiedPhone() without a guard refuses', async () => {
      const client = await start();
      const proof = await new OtpHttpClient(otp).prove(NUMBER, 'login');
      expect(await client.call('forgotten', { otp: { proof } })).toMatchObject({ event: 'exception' });
      expect(otp.calls).toEqual([]);
    });

    it('I2 a refusal of a handler itself reaches the client as those of the guard do', async () => {
      const client = await start();
      expectRefusal(await client.call('refusing', {}), 'challenge_gone');
    });
  });
});
