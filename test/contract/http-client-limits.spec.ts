import { afterEach, describe, expect, it } from 'vitest';
import { expectProblem, expectThrottled } from '../support/expect-problem.js';
import { named, OtpHttpClient, wrongCode } from '../support/http.js';
import { ADAPTERS, type OtpApp, type OtpAppOptions, startOtpApp } from '../support/otp-app.js';

/** Distinct numbers, so that only the client's own limits count. */
const number = (index: number) => `+316123${String(10_000 + index)}`;

describe.each(ADAPTERS)('limits of a client over HTTP, on %s', (adapter) => {
  let otp: OtpApp;

  afterEach(() => otp.close());

  const start = async (options: OtpAppOptions = {}) => {
    otp = await startOtpApp({ adapter, ...options });
    return new OtpHttpClient(otp);
  };

  const behindProxy = () => start({ trustedProxies: ['loopback'] });

  /** Sends messages to `count` numbers with the headers of each, and gives the statuses. */
  async function sendMany(client: OtpHttpClient, count: number, headersOf: (index: number) => Record<string, string>) {
    const statuses: number[] = [];
    for (let index = 0; index < count; index++) {
      const body = { phoneNumber: number(index) };
      const answer = await client.call({ method: 'POST', path: '/otp/challenges', body, headers: headersOf(index) });
      statuses.push(answer.status);
    }
    return statuses;
  }

  const allSent = (count: number) => Array.from({ length: count }, () => 201);

  it('B7 C1 20 messages an hour whose codes nobody enters', async () => {
    const client = await start();
    expect(await sendMany(client, 20, () => ({}))).toEqual(allSent(20));
    const refused = await client.create({ phoneNumber: number(20) });
    expectThrottled(refused, 3600);
    expect(otp.transport.messages).toHaveLength(20);
  });

  it('B7 C1 60 messages in 24 hours, answered or not', async () => {
    const client = await start();
    for (let index = 0; index < 60; index++) {
      await client.prove(number(index));
    }
    expectThrottled(await client.create({ phoneNumber: number(60) }), 24 * 3600);
  });

  it('B7 case 8 30 wrong codes an hour over many numbers; then 429 for the right code too', async () => {
    const client = await start();
    for (let index = 0; index < 6; index++) {
      const { challengeId, code } = await client.start(number(index));
      for (let guess = 0; guess < 5; guess++) {
        expectProblem(await client.verify(challengeId, wrongCode(code)), 422, 'incorrect_code');
      }
    }
    const { challengeId, code } = await client.start(number(6));
    expectThrottled(await client.verify(challengeId, code), 3600);
    expectThrottled(await client.verify(challengeId, wrongCode(code)), 3600);
    expect((await client.status(challengeId)).body['attemptsRemaining']).toBe(5);
  });

  it('C3 case 43 without listed proxies no header makes another client', async () => {
    const client = await start();
    const forged = (index: number) => ({
      'X-Forwarded-For': `203.0.113.${index}`,
      'X-Real-IP': `203.0.113.${index}`,
      Forwarded: `for=203.0.113.${index}`,
      'CF-Connecting-IP': `203.0.113.${index}`,
      'True-Client-IP': `203.0.113.${index}`,
      'X-Client-IP': `203.0.113.${index}`,
    });
    expect(await sendMany(client, 21, forged)).toEqual([...allSent(20), 429]);
  });

  it('C3 through a listed proxy each client has its own budget', async () => {
    const client = await behindProxy();
    const own = (index: number) => ({ 'X-Forwarded-For': `203.0.113.${index}` });
    expect(await sendMany(client, 25, own)).toEqual(allSent(25));
  });

  it('C3 case 43 through a listed proxy only the hop that it saw counts, whatever stands left of it', async () => {
    const client = await behindProxy();
    const forged = (index: number) => ({
      'X-Forwarded-For': `198.51.100.${index}, 127.0.0.1, 203.0.113.7`,
      'X-Real-IP': `198.51.100.${index}`,
      Forwarded: `for=198.51.100.${index}`,
    });
    expect(await sendMany(client, 21, forged)).toEqual([...allSent(20), 429]);
  });

  it('C3 case 43 of several X-Forwarded-For lines the last hop counts', async () => {
    const client = await behindProxy();
    const statuses: number[] = [];
    for (let index = 0; index < 21; index++) {
      const headers = { 'X-Forwarded-For': [`198.51.100.${index}`, '203.0.113.7'] };
      const body = { phoneNumber: number(index) };
      statuses.push((await client.call({ method: 'POST', path: '/otp/challenges', body, headers })).status);
    }
    expect(statuses).toEqual([...allSent(20), 429]);
  });

  it('C4 case 44 rotation inside a /64 is one client, another /64 is another', async () => {
    const client = await behindProxy();
    const rotating = (index: number) => ({ 'X-Forwarded-For': `2001:db8:1:2:${index.toString(16)}::${index + 1}` });
    expect(await sendMany(client, 21, rotating)).toEqual([...allSent(20), 429]);
    const other = await client.call({
      method: 'POST',
      path: '/otp/challenges',
      body: { phoneNumber: number(30) },
      headers: { 'X-Forwarded-For': '2001:db8:1:3::1' },
    });
    expect(other.status).toBe(201);
  });

  it('C4 case 45 an IPv4-mapped address is its IPv4 address', async () => {
    const client = await behindProxy();
    const spelled = (index: number) => ({
      'X-Forwarded-For': index % 2 === 0 ? '203.0.113.7' : '::ffff:203.0.113.7',
    });
    expect(await sendMany(client, 21, spelled)).toEqual([...allSent(20), 429]);
  });

  it.each(named(['garbage', '', '0x7f.1', '203.0.113.7:80', 'unknown', '<script>', 'a'.repeat(2000)]))(
    'C3 case 43 what is no address (%s) shares one budget',
    async (_name, text) => {
      const client = await behindProxy();
      const statuses = await sendMany(client, 21, () => ({ 'X-Forwarded-For': text }));
      expect(statuses).toEqual([...allSent(20), 429]);
    },
  );

  it('B5 case 46 rotation over many clients does not help against one number', async () => {
    const client = await behindProxy();
    const statuses: number[] = [];
    for (let index = 0; index < 5; index++) {
      const headers = { 'X-Forwarded-For': `203.0.113.${index}` };
      const body = { phoneNumber: number(0) };
      statuses.push((await client.call({ method: 'POST', path: '/otp/challenges', body, headers })).status);
    }
    expect(statuses).toEqual([201, 429, 429, 429, 429]);
  });
});
