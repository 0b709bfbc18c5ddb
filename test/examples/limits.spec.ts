import { afterEach, describe, expect, it } from 'vitest';
import { OtpEvents, type OtpEvent, type OtpLimitOptions } from 'nestjs-sms-otp';
import { OtpHttpClient, wrongCode } from '../support/http.js';
import { type OtpApp, startOtpApp } from '../support/otp-app.js';
import { looser, stricter } from './limits.js';

/** A number of a prefix of its own. */
const number = (index: number) => `+31612${String(100 + index)}678`;

describe('sets of limits', () => {
  let otp: OtpApp;
  afterEach(() => otp.close());

  const start = async (limits: OtpLimitOptions) => {
    otp = await startOtpApp({ limits, trustedProxies: ['loopback'] });
    return new OtpHttpClient(otp);
  };

  /** Asks for messages to many numbers from many addresses, two minutes apart; tells how many went out. */
  const pump = async (client: OtpHttpClient, count: number) => {
    for (let index = 0; index < count; index += 1) {
      const headers = { 'X-Forwarded-For': `198.51.${index}.7` };
      await client.call({ method: 'POST', path: '/otp/challenges', body: { phoneNumber: number(index) }, headers });
      otp.clock.advanceSeconds(121);
    }
    return otp.transport.messages.length;
  };

  it('B5 the stricter one locks a number after five wrong codes', async () => {
    const client = await start(stricter);
    const { challengeId, code } = await client.start(number(0));
    for (let guess = 0; guess < 5; guess += 1) {
      await client.verify(challengeId, wrongCode(code));
    }
    otp.clock.advanceSeconds(3600);
    expect((await client.create({ phoneNumber: number(0) })).status).toBe(429);
  });

  it('C2 the stricter one stops pumping into a country after ten messages an hour and a trickle', async () => {
    // 29 messages, 121 s apart, are within the hour.
    expect(await pump(await start(stricter), 29)).toBe(11);
  });

  it('C2 the looser one only tells, and sends', async () => {
    expect(await pump(await start(looser), 29)).toBe(29);
    await otp.close();
    const client = await start({
      ...looser,
      country: { unansweredSends: [{ limit: 5, windowSeconds: 3600, mode: 'observe' }] },
    });
    const told: OtpEvent<'limit.used_up'>[] = [];
    otp.app.get(OtpEvents).on('limit.used_up', (event) => told.push(event));
    expect(await pump(client, 20)).toBe(20);
    expect(told.map(({ limit, refused, country }) => [limit, refused, country])).toEqual([
      ['country.unansweredSends.3600', false, 'NL'],
    ]);
  });

  it('C1 the looser one sends for 4500 a day to strangers, the stricter one for 10', async () => {
    const priced = (set: OtpLimitOptions, price: number): OtpLimitOptions =>
      set.money === undefined ? {} : { ...set, money: { ...set.money, prices: { default: price } } };
    expect(await pump(await start(priced(looser, 1000)), 6)).toBe(4);
    await otp.close();
    expect(await pump(await start(priced(stricter, 4)), 6)).toBe(2);
  });
});
