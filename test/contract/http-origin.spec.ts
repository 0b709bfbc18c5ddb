import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { type HttpCall, NUMBER, OtpHttpClient } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';

describe.each(ADAPTERS)('pages of other sites, on %s', (adapter) => {
  let otp: OtpApp;
  let client: OtpHttpClient;

  beforeAll(async () => {
    otp = await startOtpApp({ adapter, allowedOrigins: ['https://app.acme.example'] });
    client = new OtpHttpClient(otp);
  });

  beforeEach(() => {
    otp.clock.advanceSeconds(24 * 3600);
    otp.transport.clear();
  });

  afterAll(() => otp.close());

  const create = (headers: HttpCall['headers'] = {}) =>
    client.call({ method: 'POST', path: '/otp/challenges', body: { phoneNumber: NUMBER }, headers });

  it.each([
    [{ 'Sec-Fetch-Site': 'cross-site' }],
    [{ 'Sec-Fetch-Site': 'same-site' }],
    [{ 'Sec-Fetch-Site': 'anything' }],
    [{ 'Sec-Fetch-Site': '' }],
    [{ 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' }],
    [{ Origin: 'https://evil.example' }],
    [{ Origin: 'null' }],
    [{ Origin: '' }],
    [{ Origin: 'https://app.acme.example.evil.example' }],
    [{ Origin: 'https://app.acme.example:8443' }],
    [{ Origin: 'http://app.acme.example' }],
    [{ Origin: 'https://APP.acme.example.' }],
    [{ Origin: 'https://evil.example/?https://app.acme.example' }],
    [{ Origin: 'https://app.acme.example, https://evil.example' }],
    [{ Origin: 'http://localhost' }],
    [{ Origin: 'https://evil.example', 'X-Forwarded-Host': 'evil.example' }],
    [{ Origin: 'https://evil.example', Forwarded: 'host=evil.example' }],
  ])('H3 case 69 %j is 403 and nothing is sent', async (headers) => {
    expectProblem(await create(headers), 403, 'forbidden');
    expect(otp.transport.messages).toEqual([]);
  });

  it('H3 case 69 every other route refuses as well, and the challenge stays as it is', async () => {
    const { challengeId, code } = await client.start();
    const foreign = new OtpHttpClient(otp, { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' });
    for (const answer of [
      await foreign.verify(challengeId, code),
      await foreign.resend(challengeId),
      await foreign.status(challengeId),
      await foreign.cancel(challengeId),
    ]) {
      expectProblem(answer, 403, 'forbidden');
    }
    expect((await client.verify(challengeId, code)).status).toBe(200);
  });

  it.each([
    ['no headers at all', {}],
    ['the page itself', { 'Sec-Fetch-Site': 'same-origin' }],
    ['typed by hand', { 'Sec-Fetch-Site': 'none' }],
    ['a listed origin', { Origin: 'https://app.acme.example' }],
    ['a listed origin of another site', { Origin: 'https://app.acme.example', 'Sec-Fetch-Site': 'cross-site' }],
  ])('H3 case 69 %s is let through', async (_name, headers) => {
    expect((await create(headers)).status).toBe(201);
  });

  it('H3 case 69 a browser without Fetch Metadata is known by the own host', async () => {
    const { host } = new URL(otp.url);
    expect((await create({ Origin: `http://${host}` })).status).toBe(201);
    otp.clock.advanceSeconds(24 * 3600);
    expectProblem(await create({ Origin: `http://${host}.evil.example` }), 403, 'forbidden');
    expectProblem(await create({ Origin: `http://evil.example:${new URL(otp.url).port}` }), 403, 'forbidden');
  });

  it('case 72 no answer allows another origin to read it', async () => {
    for (const origin of ['https://evil.example', 'https://app.acme.example']) {
      const { headers } = await create({ Origin: origin });
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });
});
