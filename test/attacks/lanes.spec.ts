import { argon2id, type ChallengeStore, memoryStore, type OtpStore, type RiskVerdict } from 'nestjs-sms-otp';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { OtpHttpClient, textMember, wrongCode } from '../support/http.js';
import { numberApart, WIDE_SHARED_LIMITS } from '../support/limits.js';
import { type OtpApp, startOtpApp } from '../support/otp-app.js';
import { withChallenges } from '../support/unguarded-store.js';

const VICTIM = '+31612345678';

/** Attempts of the public lane wait in the store, holding their seats, from `hold()` on until what that answers is called. */
function heldStrangers(store: OtpStore): { readonly store: OtpStore; hold(): () => void } {
  let opened = Promise.resolve();
  const reserveAttempt: ChallengeStore['reserveAttempt'] = async (ref, requests) => {
    await (requests.some((request) => 'log' in request && request.lane === 'public') ? opened : undefined);
    return store.challenges.reserveAttempt(ref, requests);
  };
  return {
    store: withChallenges(store, { reserveAttempt }),
    hold: () => {
      let open = () => {};
      opened = new Promise((resolve) => (open = resolve));
      return () => open();
    },
  };
}

describe('what lanes and networks add up to', () => {
  let otp: OtpApp;
  afterEach(() => otp.close());

  const clientAt = (address: string, headers: Record<string, string> = {}) =>
    new OtpHttpClient(otp, { 'X-Forwarded-For': address, ...headers });

  it('one number gets no more than 30 messages a day, whoever makes devices of its answers', async () => {
    otp = await startOtpApp({ trustedProxies: ['loopback'] });
    let address = 0;
    const ask = async (headers: Record<string, string>, body: Record<string, unknown> = {}) => {
      const client = clientAt(`198.51.${Math.floor(address / 200)}.${address++ % 200}`, headers);
      const answer = await client.create({ phoneNumber: VICTIM, ...body });
      return answer.status === 201 ? { client, id: textMember(answer, 'challengeId') } : undefined;
    };
    const tokens: string[] = [];
    for (let minute = 0; minute < 24 * 60; minute += 5) {
      // Each answer without a token makes a device; each device then asks as often as it may.
      const open = await ask({});
      if (open) {
        const body = { code: otp.codeTo(VICTIM), rememberDevice: true };
        const path = `/otp/challenges/${open.id}/verify`;
        const verified = await open.client.call({ method: 'POST', path, body });
        tokens.push(String(verified.headers['otp-device']));
      }
      for (const token of tokens) {
        await ask({ 'OTP-Device': token });
      }
      otp.clock.advanceSeconds(300);
    }
    expect(tokens.length).toBeGreaterThan(5);
    expect(otp.transport.messages.length).toBe(30);
  });

  it('C4 rotating inside a /48 compares four times the wrong codes of one address, and no more', async () => {
    otp = await startOtpApp({
      trustedProxies: ['loopback'],
      limits: { ...WIDE_SHARED_LIMITS, ip: { unansweredSends: [{ limit: 1000, windowSeconds: 3600 }] } },
    });
    let compared = 0;
    for (let index = 0; index < 60; index += 1) {
      const phoneNumber = numberApart(index);
      const client = clientAt(`2001:db8:77:${(index * 256).toString(16)}::1`);
      const answer = await client.create({ phoneNumber });
      if (answer.status !== 201) {
        continue;
      }
      const wrong = wrongCode(otp.codeTo(phoneNumber));
      for (let guess = 0; guess < 5; guess += 1) {
        const { status } = await client.verify(textMember(answer, 'challengeId'), wrong);
        compared += status === 422 ? 1 : 0;
      }
    }
    expect(compared).toBe(120);
  });

  it('case 54 strangers who wait for an assessor keep no trusted device from a seat', async () => {
    let release = () => {};
    const waiting = new Promise<RiskVerdict>((resolve) => {
      release = () => resolve({ decision: 'allow' });
    });
    const assess = ({ lane }: { readonly lane: string }): RiskVerdict | Promise<RiskVerdict> =>
      lane === 'public' && isUnderAttack ? waiting : { decision: 'allow' };
    let isUnderAttack = false;
    otp = await startOtpApp({
      trustedProxies: ['loopback'],
      hashing: argon2id(),
      risk: { assessor: { assess }, timeoutSeconds: 10 },
      limits: {
        country: { unansweredSends: [{ limit: 1, windowSeconds: 3600 }], youngSends: { seconds: 10, upTo: 0 } },
      },
    });
    const owner = clientAt('203.0.113.7');
    const { challengeId, code } = await owner.start(VICTIM);
    const path = `/otp/challenges/${challengeId}/verify`;
    const verified = await owner.call({ method: 'POST', path, body: { code, rememberDevice: true } });
    const device = clientAt('203.0.113.7', { 'OTP-Device': String(verified.headers['otp-device']) });
    expect((await clientAt('198.51.100.1').create({ phoneNumber: numberApart(1) })).status).toBe(201);

    isUnderAttack = true;
    const strangers = Array.from({ length: 200 }, (_, index) =>
      clientAt(`198.51.101.${index}`).create({ phoneNumber: numberApart(2 + index) }),
    );
    expect((await device.create({ phoneNumber: VICTIM })).status).toBe(201);
    release();
    expect(new Set((await Promise.all(strangers)).map(({ status }) => status))).toEqual(new Set([429]));
  });

  it('L2 case 54 strangers who fill the seats of a number keep its trusted device from none', async () => {
    const clock = new ManualClock();
    const seats = heldStrangers(memoryStore({ clock }));
    otp = await startOtpApp({ clock, store: seats.store, trustedProxies: ['loopback'], hashing: argon2id() });
    const owner = clientAt('203.0.113.7');
    const first = await owner.start(VICTIM);
    const path = `/otp/challenges/${first.challengeId}/verify`;
    const verified = await owner.call({ method: 'POST', path, body: { code: first.code, rememberDevice: true } });
    const device = clientAt('203.0.113.7', { 'OTP-Device': String(verified.headers['otp-device']) });
    const own = await device.start(VICTIM);
    const stolen = await owner.start(VICTIM);

    const open = seats.hold();
    const guesses = Array.from({ length: 200 }, (_, index) =>
      clientAt(`198.51.101.${index}`).verify(stolen.challengeId, wrongCode(stolen.code)),
    );
    expect(await Promise.any(guesses)).toMatchObject({ status: 503, body: { code: 'busy' } });
    expect((await device.verify(own.challengeId, own.code)).status).toBe(200);
    open();
    await Promise.all(guesses);
  });
});
