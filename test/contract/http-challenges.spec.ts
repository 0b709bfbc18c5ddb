import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { NUMBER, OtpHttpClient, textMember } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';

describe.each(ADAPTERS)('challenges over HTTP, on %s', (adapter) => {
  let otp: OtpApp;
  let client: OtpHttpClient;

  beforeEach(async () => {
    otp = await startOtpApp({ adapter });
    client = new OtpHttpClient(otp);
  });

  afterEach(() => otp.close());

  const view = {
    challengeId: expect.stringMatching(/^[\w-]{84}$/),
    purpose: 'login',
    channel: 'sms',
    destination: '+31*******78',
    codeLength: 6,
    expiresAt: '2026-01-01T00:05:00.000Z',
    resendAt: '2026-01-01T00:00:30.000Z',
    attemptsRemaining: 5,
    sendsRemaining: 2,
  };

  it('A6 K2 POST challenges is answered 201 with the challenge, and the code goes into the message alone', async () => {
    const answer = await client.create();
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual(view);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(otp.transport.messages).toHaveLength(1);
    expect(otp.codeTo(NUMBER)).toMatch(/^\d{6}$/);
    const everything = answer.text + JSON.stringify(answer.headers);
    expect(everything).not.toContain(otp.codeTo(NUMBER));
    expect(everything).not.toContain(NUMBER.slice(3));
  });

  it('case 31 a national number with its country means the same handset', async () => {
    const answer = await client.create({ phoneNumber: '06 1234-5678', country: 'NL' });
    expect(answer.status).toBe(201);
    expect(otp.transport.lastTo(NUMBER)).toBeDefined();
    expectProblem(await client.create({ phoneNumber: '00 31 6 12345678', country: 'NL' }), 429, 'throttled');
  });

  it('case 91 two challenge ids of one number have nothing in common', async () => {
    const first = await client.start();
    otp.clock.advanceSeconds(31);
    const second = await client.start();
    const common = Array.from(first.challengeId).filter((character, at) => character === second.challengeId[at]);
    // By chance one of 64 agrees.
    expect(common.length).toBeLessThan(15);
  });

  it('K2 GET challenges/{id} tells how it stands', async () => {
    const { challengeId } = await client.start();
    otp.clock.advanceSeconds(10);
    const answer = await client.status(challengeId);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ ...view, challengeId, delivery: 'sent' });
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('U4 GET challenges/{id} counts attempts and sends', async () => {
    const { challengeId } = await client.start();
    await client.verify(challengeId, '00000000');
    otp.clock.advanceSeconds(31);
    expect((await client.resend(challengeId)).status).toBe(200);
    const { body } = await client.status(challengeId);
    expect(body).toMatchObject({ attemptsRemaining: 4, sendsRemaining: 1, resendAt: '2026-01-01T00:01:31.000Z' });
  });

  it('case 56 a message whose fate is unknown keeps its challenge, and status says so', async () => {
    otp.transport.throwNext();
    const created = await client.create();
    expect(created.status).toBe(201);
    const { body } = await client.status(textMember(created, 'challengeId'));
    expect(body['delivery']).toBe('unknown');
  });

  it('L1 a message that was refused is 503 delivery_failed; a resend that fails leaves status failed', async () => {
    otp.transport.failNext('transient');
    expectProblem(await client.create(), 503, 'delivery_failed');
    otp.clock.advanceSeconds(31);
    const { challengeId } = await client.start();
    otp.clock.advanceSeconds(300);
    // The first challenge is gone by now, so this is a live one of its own.
    expectProblem(await client.status(challengeId), 410, 'challenge_gone');
    const live = await client.start();
    otp.clock.advanceSeconds(121);
    otp.transport.failNext('transient');
    expectProblem(await client.resend(live.challengeId), 503, 'delivery_failed');
    const { body } = await client.status(live.challengeId);
    expect(body).toMatchObject({ delivery: 'failed', attemptsRemaining: 5 });
    expectProblem(await client.verify(live.challengeId, live.code), 422, 'incorrect_code');
  });

  it('K2 DELETE challenges/{id} is 204 without a body, and then everything is 410', async () => {
    const { challengeId, code } = await client.start();
    const answer = await client.cancel(challengeId);
    expect(answer.status).toBe(204);
    expect(answer.text).toBe('');
    expect(answer.headers['cache-control']).toBe('no-store');
    expectProblem(await client.verify(challengeId, code), 410, 'challenge_gone');
    expectProblem(await client.status(challengeId), 410, 'challenge_gone');
    expectProblem(await client.resend(challengeId), 410, 'challenge_gone');
    expectProblem(await client.cancel(challengeId), 410, 'challenge_gone');
  });

  it('case 55 a cancelled challenge keeps what it took from the limits', async () => {
    const { challengeId } = await client.start();
    await client.cancel(challengeId);
    expectProblem(await client.create(), 429, 'throttled');
  });
});

describe.each(ADAPTERS)('purposes over HTTP, on %s', (adapter) => {
  let otp: OtpApp;
  let client: OtpHttpClient;

  beforeEach(async () => {
    otp = await startOtpApp({
      adapter,
      purposes: { login: { start: 'public' }, signup: { start: 'public', codeLength: 8, ttlSeconds: 60 }, second: {} },
      destinations: { countries: ['NL'] },
    });
    client = new OtpHttpClient(otp);
  });

  afterEach(() => otp.close());

  it('each public purpose is started by name, with lifetime and code of its own', async () => {
    const { body } = await client.create({ phoneNumber: NUMBER, purpose: 'signup' });
    expect(body).toMatchObject({ purpose: 'signup', codeLength: 8, expiresAt: '2026-01-01T00:01:00.000Z' });
    expect(otp.codeTo(NUMBER)).toMatch(/^\d{8}$/);
  });

  it.each([
    ['second'],
    ['nothing'],
    [''],
    ['LOGIN'],
    ['login '],
    ['__proto__'],
    ['constructor'],
    ['toString'],
    ['a:*{}\r\n'],
  ])('A4 case 60 purpose %j is 400: not public, unknown or no name', async (purpose) => {
    expectProblem(await client.create({ phoneNumber: NUMBER, purpose }), 400, 'invalid_request');
    expect(otp.transport.messages).toEqual([]);
  });

  it('with two public purposes it must be named', async () => {
    const answer = await client.create();
    expectProblem(answer, 400, 'invalid_request');
    expect(answer.body['errors']).toEqual([{ pointer: '#/purpose', detail: expect.any(String) }]);
  });

  it('case 41 a number of another country is 403', async () => {
    expectProblem(
      await client.create({ phoneNumber: '+18765551234', purpose: 'login' }),
      403,
      'destination_not_allowed',
    );
    expectProblem(
      await client.create({ phoneNumber: '+4915112345678', purpose: 'login' }),
      403,
      'destination_not_allowed',
    );
    expect(otp.transport.messages).toEqual([]);
  });
});
