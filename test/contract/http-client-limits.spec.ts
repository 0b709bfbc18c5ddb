import { afterEach, describe, expect, it } from 'vitest';
import { DEPLOYMENTS, type DeploymentOptions } from '../support/deployments.js';
import { expectProblem, expectThrottled } from '../support/expect-problem.js';
import { named, OtpHttpClient, type Started, wrongCode } from '../support/http.js';
import { DEFAULT_LIMITS } from '../../libs/otp/src/limits/limit-settings.js';
import {
  DAY,
  HOUR,
  IP_SENDS,
  letMessagesAge,
  limitOf,
  numberApart as number,
  YOUNG_SECONDS,
} from '../support/limits.js';
import type { OtpApp } from '../support/otp-app.js';

const IP_DAY = limitOf(DEFAULT_LIMITS.ip.sends, DAY);
const ONE_CLIENT = [...allSent(IP_SENDS), 429];

function allSent(count: number): number[] {
  return Array.from({ length: count }, () => 201);
}

describe.each(DEPLOYMENTS)('limits of a client over HTTP, on $name', (deployment) => {
  let otp: OtpApp;

  afterEach(() => otp.close());

  const start = async (options: DeploymentOptions = {}) => {
    otp = await deployment.start(options);
    return new OtpHttpClient(otp);
  };

  const behindProxy = () => start({ trustedProxies: ['loopback'] });

  /**
   * Sends messages to `count` numbers of different prefixes with the headers of each, each old enough to count when the
   * next is asked for, and gives the statuses.
   */
  async function sendMany(
    client: OtpHttpClient,
    count: number,
    headersOf: (index: number) => Record<string, string | string[]>,
  ) {
    const statuses: number[] = [];
    for (let index = 0; index < count; index++) {
      const body = { phoneNumber: number(index) };
      const answer = await client.call({ method: 'POST', path: '/otp/challenges', body, headers: headersOf(index) });
      statuses.push(answer.status);
      letMessagesAge(otp.clock);
    }
    return statuses;
  }

  it(`B7 C1 ${IP_SENDS} messages whose codes nobody enters`, async () => {
    const client = await start();
    expect(await sendMany(client, IP_SENDS, () => ({}))).toEqual(allSent(IP_SENDS));
    expectProblem(await client.create({ phoneNumber: number(IP_SENDS) }), 429, 'throttled');
    expect(otp.transport.messages).toHaveLength(IP_SENDS);
  });

  it('B7 I3 the wait is until the oldest of them leaves the window', async () => {
    const client = await start({ limits: { ip: { unansweredSends: [{ limit: 5, windowSeconds: HOUR }] } } });
    await sendMany(client, 5, () => ({}));
    const waitSeconds = HOUR - 5 * (YOUNG_SECONDS + 1);
    expectThrottled(await client.create({ phoneNumber: number(5) }), waitSeconds);
    otp.clock.advanceSeconds(waitSeconds - 1);
    expectThrottled(await client.create({ phoneNumber: number(5) }), 1);
    otp.clock.advanceSeconds(1);
    expect((await client.create({ phoneNumber: number(5) })).status).toBe(201);
  });

  it('B7 C1 an hour and a day both count', async () => {
    const unansweredSends = [
      { limit: 5, windowSeconds: HOUR },
      { limit: 10, windowSeconds: DAY },
    ];
    const client = await start({ limits: { ip: { unansweredSends } } });
    for (const statuses of [[201, 201, 201, 201, 201, 429], [201, 201, 201, 201, 201, 429], [429]]) {
      const sent = otp.transport.messages.length;
      for (const [index, status] of statuses.entries()) {
        expect((await client.create({ phoneNumber: number(sent + index) })).status).toBe(status);
        letMessagesAge(otp.clock);
      }
      otp.clock.advanceSeconds(HOUR);
    }
    otp.clock.advanceSeconds(DAY);
    expect((await client.create({ phoneNumber: number(20) })).status).toBe(201);
  });

  it('B7 C1 messages that may still be answered do not count yet, so a class can log in at once', async () => {
    const youngSends = { seconds: YOUNG_SECONDS, upTo: 30 };
    const client = await start({
      limits: { ip: { unansweredSends: [{ limit: 10, windowSeconds: HOUR }], youngSends } },
    });
    const statuses: number[] = [];
    for (let person = 0; person < 41; person++) {
      statuses.push((await client.create({ phoneNumber: number(person) })).status);
    }
    expect(statuses).toEqual([...allSent(40), 429]);
    letMessagesAge(otp.clock);
    expectProblem(await client.create({ phoneNumber: number(41) }), 429, 'throttled');
  });

  it(`B7 C1 ${IP_DAY} messages in 24 hours, answered or not`, async () => {
    const client = await start();
    const [people, logins] = [6, IP_DAY / 6];
    for (let login = 0; login < logins; login++) {
      for (let person = 0; person < people; person++) {
        await client.prove(number(person));
      }
      otp.clock.advanceSeconds(HOUR);
    }
    const refused = await client.create({ phoneNumber: number(people) });
    expectThrottled(refused, DAY - logins * HOUR);
  });

  it('B7 C1 more messages where more numbers answer: three for each', async () => {
    const client = await start();
    const people = IP_DAY / 3 + 1;
    for (let login = 0; login < 3; login++) {
      for (let person = 0; person < people; person++) {
        await client.prove(number(person));
      }
    }
    expectThrottled(await client.create({ phoneNumber: number(people) }), DAY);
  });

  it('B7 case 8 30 wrong codes an hour over many numbers; then 429 for the right code too, and no more messages', async () => {
    const client = await start();
    const challenges: Started[] = [];
    for (let index = 0; index < 7; index++) {
      challenges.push(await client.start(number(index)));
    }
    const last = challenges.pop() ?? expect.fail('there is none');
    for (const { challengeId, code } of challenges) {
      for (let guess = 0; guess < 5; guess++) {
        expectProblem(await client.verify(challengeId, wrongCode(code)), 422, 'incorrect_code');
      }
    }
    expectThrottled(await client.verify(last.challengeId, last.code), HOUR);
    expectThrottled(await client.verify(last.challengeId, wrongCode(last.code)), HOUR);
    expect((await client.status(last.challengeId)).body['attemptsRemaining']).toBe(5);
    expectThrottled(await client.create({ phoneNumber: number(7) }), HOUR);
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
    expect(await sendMany(client, IP_SENDS + 1, forged)).toEqual(ONE_CLIENT);
  });

  it('C3 through a listed proxy each client has its own budget', async () => {
    const client = await behindProxy();
    const own = (index: number) => ({ 'X-Forwarded-For': `203.0.113.${index}` });
    expect(await sendMany(client, IP_SENDS + 5, own)).toEqual(allSent(IP_SENDS + 5));
  });

  it('C3 case 43 through a listed proxy only the hop that it saw counts, whatever stands left of it', async () => {
    const client = await behindProxy();
    const forged = (index: number) => ({
      'X-Forwarded-For': `198.51.100.${index}, 127.0.0.1, 203.0.113.7`,
      'X-Real-IP': `198.51.100.${index}`,
      Forwarded: `for=198.51.100.${index}`,
    });
    expect(await sendMany(client, IP_SENDS + 1, forged)).toEqual(ONE_CLIENT);
  });

  it('C3 case 43 of several X-Forwarded-For lines the last hop counts', async () => {
    const client = await behindProxy();
    const lines = (index: number) => ({ 'X-Forwarded-For': [`198.51.100.${index}`, '203.0.113.7'] });
    expect(await sendMany(client, IP_SENDS + 1, lines)).toEqual(ONE_CLIENT);
  });

  it('C4 case 44 rotation inside a /64 is one client, another /64 is another', async () => {
    const client = await behindProxy();
    const rotating = (index: number) => ({ 'X-Forwarded-For': `2001:db8:1:2:${index.toString(16)}::${index + 1}` });
    expect(await sendMany(client, IP_SENDS + 1, rotating)).toEqual(ONE_CLIENT);
    const other = await client.call({
      method: 'POST',
      path: '/otp/challenges',
      body: { phoneNumber: number(IP_SENDS + 10) },
      headers: { 'X-Forwarded-For': '2001:db8:1:3::1' },
    });
    expect(other.status).toBe(201);
  });

  it('C4 case 45 an IPv4-mapped address is its IPv4 address', async () => {
    const client = await behindProxy();
    const spelled = (index: number) => ({
      'X-Forwarded-For': index % 2 === 0 ? '203.0.113.7' : '::ffff:203.0.113.7',
    });
    expect(await sendMany(client, IP_SENDS + 1, spelled)).toEqual(ONE_CLIENT);
  });

  it.each(named(['garbage', '', '0x7f.1', '203.0.113.7:80', 'unknown', '<script>', 'a'.repeat(2000)]))(
    'C3 case 43 what is no address (%s) shares one budget',
    async (_name, text) => {
      const client = await behindProxy();
      const statuses = await sendMany(client, IP_SENDS + 1, () => ({ 'X-Forwarded-For': text }));
      expect(statuses).toEqual(ONE_CLIENT);
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
