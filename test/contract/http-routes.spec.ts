import { ManualClock } from 'nestjs-sms-otp/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { type HttpAnswer, named, NUMBER, OtpHttpClient } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';
import { type CountedParts, countedParts } from '../support/store-doubles.js';

describe.each(ADAPTERS)('paths and methods over HTTP, on %s', (adapter) => {
  let otp: OtpApp;
  let client: OtpHttpClient;
  let counted: CountedParts;

  beforeAll(async () => {
    const clock = new ManualClock();
    counted = countedParts({ clock });
    otp = await startOtpApp({ adapter, clock, store: counted.store });
    client = new OtpHttpClient(otp);
  });

  beforeEach(() => {
    otp.clock.advanceSeconds(24 * 3600);
    otp.transport.clear();
    counted.forget();
  });

  afterAll(() => otp.close());

  /** Whatever is asked there, the answer is a client's mistake and tells nothing of what is inside. */
  function expectRefused(answer: HttpAnswer): void {
    expect(answer.status, answer.text).toBeGreaterThanOrEqual(400);
    expect(answer.status, answer.text).toBeLessThan(500);
    expect(answer.text).not.toMatch(/node_modules|at \w+ \(|\/libs\//);
  }

  const ids = [
    '%00',
    '%0d%0aSet-Cookie:%20a=b',
    '..',
    '..%2f..%2fetc%2fpasswd',
    '%2e%2e',
    '.',
    '%ff%fe',
    '%',
    '%zz',
    '%E2%82%AC',
    '%F0%9F%92%A9',
    'a%20b',
    '*',
    ':id',
    '$where',
    'a'.repeat(75),
    'a'.repeat(1000),
    'a'.repeat(7000),
    'A'.repeat(74) + '%3D',
  ];

  it.each(named(ids))(
    'case 60 challenge id %s is refused on every route, and the store is not asked',
    async (_name, id) => {
      const path = `/otp/challenges/${id}`;
      const answers = [
        await client.call({ path }),
        await client.call({ method: 'DELETE', path }),
        await client.call({ method: 'POST', path: `${path}/verify`, body: { code: '123456' } }),
        await client.call({ method: 'POST', path: `${path}/resend`, body: {} }),
      ];
      answers.forEach(expectRefused);
      expect(counted.calls).toEqual([]);
    },
  );

  it.each(named(['%00', '%20', '%F0%9F%92%A9', 'x', 'a'.repeat(75), 'a'.repeat(100)]))(
    'I2 K2 id %s is answered like a challenge that never was',
    async (_name, id) => {
      expectProblem(await client.status(id), 410, 'challenge_gone');
    },
  );

  // Fastify's router refuses these before Nest sees them.
  it.skipIf(adapter === 'fastify').each(named(['%ff%fe', '%zz', 'a'.repeat(1000)]))(
    'I2 K2 path %s is a problem',
    async (_name, id) => {
      const answer = await client.status(id);
      expectProblem(answer, answer.status, answer.status === 410 ? 'challenge_gone' : 'invalid_request');
    },
  );

  it.each(['PUT', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'])('case 14 %s does nothing', async (method) => {
    const { challengeId } = await client.start();
    counted.forget();
    expectRefused(await client.call({ method, path: '/otp/challenges', body: { phoneNumber: NUMBER } }));
    expectRefused(await client.call({ method, path: `/otp/challenges/${challengeId}` }));
    expectRefused(
      await client.call({ method, path: `/otp/challenges/${challengeId}/verify`, body: { code: '123456' } }),
    );
    expect(counted.calls).toEqual([]);
    expect((await client.status(challengeId)).status).toBe(200);
  });

  it('H3 case 14 no GET and no HEAD changes anything', async () => {
    const { challengeId, code } = await client.start();
    const attempts = [
      { path: '/otp/challenges' },
      { path: `/otp/challenges?phoneNumber=${encodeURIComponent(NUMBER)}` },
      { path: `/otp/challenges/${challengeId}/verify?code=${code}` },
      { path: `/otp/challenges/${challengeId}/resend` },
      { method: 'HEAD', path: `/otp/challenges/${challengeId}/verify?code=${code}` },
    ];
    for (const attempt of attempts) {
      expectRefused(await client.call(attempt));
    }
    expect(otp.transport.messages).toHaveLength(1);
    expect((await client.call({ method: 'HEAD', path: `/otp/challenges/${challengeId}` })).text).toBe('');
    expect((await client.status(challengeId)).body).toMatchObject({ attemptsRemaining: 5, sendsRemaining: 2 });
  });

  it('A6 the code is read from the body alone', async () => {
    const { challengeId, code } = await client.start();
    const path = `/otp/challenges/${challengeId}/verify?code=${code}`;
    expectProblem(await client.call({ method: 'POST', path, body: {} }), 400, 'invalid_request');
    expectProblem(
      await client.call({ method: 'POST', path: path.split('?')[0] ?? '', body: {}, headers: { 'OTP-Code': code } }),
      400,
      'invalid_request',
    );
  });

  it.each([
    ['X-HTTP-Method-Override', 'DELETE'],
    ['X-HTTP-Method', 'DELETE'],
    ['X-Method-Override', 'DELETE'],
  ])('case 14 %s overrides no method', async (name, value) => {
    const { challengeId } = await client.start();
    const path = `/otp/challenges/${challengeId}?_method=DELETE`;
    await client.call({ method: 'POST', path, body: { _method: 'DELETE' }, headers: { [name]: value } });
    expect((await client.call({ path, headers: { [name]: value } })).status).toBe(200);
    expect((await client.status(challengeId)).status).toBe(200);
  });

  it.each([
    ['/otp/challenges/'],
    ['/OTP/Challenges'],
    ['//otp/challenges'],
    ['/otp//challenges'],
    ['/otp/./challenges'],
    ['/otp/x/../challenges'],
    ['/otp/%63hallenges'],
    ['/otp/challenges;a=b'],
    ['/otp/challenges?a=b'],
    ['/otp/challenges#a'],
  ])('case 14 %s meets the same counters or nothing', async (path) => {
    await client.start();
    const answer = await client.call({ method: 'POST', path, body: { phoneNumber: NUMBER } });
    expectRefused(answer);
    expect([400, 404, 429]).toContain(answer.status);
    expect(otp.transport.messages).toHaveLength(1);
  });

  it.each([
    ['trailing slash', (id: string) => `/otp/challenges/${id}/verify/`],
    ['letter case', (id: string) => `/otp/challenges/${id}/VERIFY`],
    ['query', (id: string) => `/otp/challenges/${id}/verify?again=1`],
    ['encoded letters', (id: string) => `/otp/challenges/${id}/%76erify`],
  ])('B5 case 14 another spelling of the path (%s) meets the same attempts', async (_name, pathOf) => {
    const { challengeId } = await client.start();
    const guess = { method: 'POST', path: pathOf(challengeId), body: { code: '0000000' } };
    const guessed = await client.call(guess);
    expectRefused(guessed);
    const { body } = await client.status(challengeId);
    expect(body['attemptsRemaining']).toBe(guessed.status === 404 ? 5 : 4);
  });

  it('unknown routes beside the built-in ones are left to Nest', async () => {
    expect((await client.call({ path: '/otp' })).status).toBe(404);
    expect((await client.call({ path: '/otp/webhooks/x' })).status).toBe(404);
    expect((await client.call({ method: 'POST', path: '/nothing', body: '{' })).headers['content-type']).toMatch(
      /^application\/json/,
    );
  });
});
