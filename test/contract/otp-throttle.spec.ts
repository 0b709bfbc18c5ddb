import { StoreFullError, StoreUnavailableError, memoryStore, type OtpEvent } from 'nestjs-sms-otp';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeployedApp, DEPLOYMENTS, eventsOfAll } from '../support/deployments.js';
import { expectProblem, expectThrottled } from '../support/expect-problem.js';
import { callHttp, type HttpAnswer } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';
import { watchStore } from '../support/store-doubles.js';
import { throttledControllers } from '../support/throttled-app.js';

const as = (account: string) => ({ 'X-Account': account });

describe.each(DEPLOYMENTS)('@OtpThrottle, $name', ({ start }) => {
  let otp: DeployedApp;
  let calls: string[];

  beforeEach(async () => {
    const application = throttledControllers();
    calls = application.calls;
    otp = await start({ metadata: { controllers: application.controllers }, trustedProxies: ['loopback'] });
  });
  afterEach(() => otp.close());

  const get = (path: string, headers: Readonly<Record<string, string>> = as('ada')): Promise<HttpAnswer> =>
    callHttp(otp.url, { path, headers });
  const statuses = async (count: number, ...request: Parameters<typeof get>) => {
    const answers: number[] = [];
    for (let n = 0; n < count; n++) {
      answers.push((await get(...request)).status);
    }
    return answers;
  };

  it('I3 case 48 the window is exact to the millisecond, wherever it begins, and Retry-After says when', async () => {
    expect(await statuses(1, '/quote')).toEqual([200]);
    otp.clock.advanceSeconds(50);
    expect(await statuses(2, '/quote')).toEqual([200, 200]);
    expectThrottled(await get('/quote'), 10);
    otp.clock.advanceMs(9_999);
    expectThrottled(await get('/quote'), 1);
    otp.clock.advanceMs(1);
    expect(await statuses(1, '/quote')).toEqual([200]);
    expectThrottled(await get('/quote'), 50);
    otp.clock.advanceSeconds(50);
    expect(await statuses(3, '/quote')).toEqual([200, 200, 429]);
    expect(calls).toHaveLength(6);
  });

  it('case 48 a burst is dated when it came: two within a window are at most the limit', async () => {
    const burst = async () =>
      (await Promise.all(Array.from({ length: 5 }, () => get('/ten')))).map(({ status }) => status);
    expect(await burst()).toEqual([200, 200, 200, 200, 200]);
    otp.clock.advanceMs(59_998);
    expect(await burst()).toEqual([200, 200, 200, 200, 200]);
    expect(await burst()).toEqual([429, 429, 429, 429, 429]);
    otp.clock.advanceMs(2);
    expect(await burst()).toEqual([200, 200, 200, 200, 200]);
    expectThrottled(await get('/ten'), 60);
  });

  it('B3 of 50 at once exactly the limit get through, over all instances', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => get('/ten')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    const refused = answers.filter(({ status }) => status !== 200);
    refused.forEach((answer) => expectThrottled(answer, 60));
    expect(calls).toHaveLength(10);
  });

  it('keys are counted apart, a name and window of several handlers together', async () => {
    expect(await statuses(2, '/quote')).toEqual([200, 200]);
    expect(await statuses(2, '/other/quote')).toEqual([200, 429]);
    expect(await statuses(1, '/quote')).toEqual([429]);
    expect(await statuses(1, '/other/slow-quote')).toEqual([200]);
    expect(await statuses(4, '/quote', as('bob'))).toEqual([200, 200, 200, 429]);
    expect(await statuses(1, '/ten')).toEqual([200]);
  });

  it('what fails after the guard is counted', async () => {
    expect(await statuses(3, '/quote/failing')).toEqual([500, 500, 429]);
  });

  it('without a key the address counts: IPv4 alone, IPv6 by its /64', async () => {
    const from = (address: string) => ({ 'X-Forwarded-For': address });
    expect(await statuses(2, '/address', from('203.0.113.7'))).toEqual([200, 429]);
    expect(await statuses(1, '/address', from('::ffff:203.0.113.7'))).toEqual([429]);
    expect(await statuses(1, '/address', from('203.0.113.8'))).toEqual([200]);
    expect(await statuses(1, '/address', from('2001:db8:1:2::1'))).toEqual([200]);
    expect(await statuses(1, '/address', from('2001:db8:1:2:ffff::9'))).toEqual([429]);
    expect(await statuses(1, '/address', from('2001:db8:1:3::1'))).toEqual([200]);
    // What the client itself writes to the left is not believed.
    expect(await statuses(1, '/address', from('198.51.100.1, 203.0.113.8'))).toEqual([429]);
  });

  it('several limits are taken all or none, and the longest wait is told', async () => {
    expect(await statuses(1, '/two')).toEqual([200]);
    for (let n = 0; n < 10; n++) {
      expectThrottled(await get('/two'), 10);
    }
    otp.clock.advanceSeconds(10);
    expect(await statuses(2, '/two')).toEqual([200, 429]);
    otp.clock.advanceSeconds(10);
    expect(await statuses(1, '/two')).toEqual([200]);
    expectThrottled(await get('/two'), 3580);
    expect(calls).toHaveLength(3);
  });

  it('the lists of a class and of its handler both count, and what one refuses the other does not count', async () => {
    expect(await statuses(6, '/class/own')).toEqual([200, 429, 429, 429, 429, 429]);
    expectThrottled(await get('/class/own'), 30);
    expect(await statuses(4, '/class/plain')).toEqual([200, 200, 200, 429]);
    otp.clock.advanceSeconds(30);
    expectThrottled(await get('/class/own'), 30);
  });

  it('a request counts once in a budget that both lists name, and the lower limit decides', async () => {
    expect(await statuses(3, '/class/same')).toEqual([200, 200, 429]);
    expect(await statuses(3, '/class/plain')).toEqual([200, 200, 429]);
  });

  it('handlers without it are left alone', async () => {
    expect(await statuses(20, '/open')).toEqual(Array.from({ length: 20 }, () => 200));
  });

  it.each(['thrown', 'rejected', 'empty', 'promised', 'missing', 'number', 'object', 'unknown'])(
    'a key that comes out wrong (%s) is a fault: 500, and the handler does not run',
    async (kind) => {
      const answer = await get('/broken', as(kind));
      expect([answer.status, calls]).toEqual([500, []]);
      expect(answer.text).not.toMatch(/secret-account|4711|broken/);
    },
  );

  it('what a key refuses itself is answered as it says', async () => {
    expect(await statuses(1, '/broken', as('forbidden'))).toEqual([403]);
    expect(calls).toEqual([]);
  });

  it('K1 a refusal is an event that names the limit and the network, and never the key', async () => {
    const events: OtpEvent[] = eventsOfAll(otp);
    const headers = { ...as('secret-account'), 'X-Forwarded-For': '203.0.113.77' };
    await statuses(4, '/quote', headers);
    expect(events).toEqual([
      {
        type: 'request.throttled',
        time: new Date(otp.clock.now()).toISOString(),
        owasp: 'excess_rate_limit_exceeded',
        limit: 'quote',
        retryAfterSeconds: 60,
        clientNetwork: '203.0.113.0/24',
      },
    ]);
  });
});

describe.each(ADAPTERS)('@OtpThrottle without its store, on %s', (adapter) => {
  let otp: OtpApp;
  let calls: string[];
  let failure: Error | undefined;

  beforeEach(async () => {
    failure = undefined;
    const application = throttledControllers();
    calls = application.calls;
    const clock = new ManualClock();
    const store = watchStore(memoryStore({ clock }), () => {
      if (failure !== undefined) {
        throw failure;
      }
    });
    otp = await startOtpApp({ adapter, clock, store, metadata: { controllers: application.controllers } });
  });
  afterEach(() => otp.close());

  const get = (path: string) => callHttp(otp.url, { path, headers: as('ada') });

  it('L1 case 83 is 503 store_unavailable and never open', async () => {
    failure = new StoreUnavailableError('10.0.0.7:6379 refused the connection');
    const answer = await get('/quote');
    expectProblem(answer, 503, 'store_unavailable');
    expect(answer.text).not.toMatch(/10\.0\.0\.7|6379/);
    expect(calls).toEqual([]);
    expect((await get('/open')).status).toBe(200);
    failure = undefined;
    expect((await get('/quote')).status).toBe(200);
  });

  it('a full store is 503 busy', async () => {
    failure = new StoreFullError('full');
    expectProblem(await get('/quote'), 503, 'busy');
    expect(calls).toEqual([]);
  });

  it('any other failure is a fault', async () => {
    failure = new Error('a mistake');
    expect((await get('/quote')).status).toBe(500);
    expect(calls).toEqual([]);
  });
});
