import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { OtpProblemFilter, type VerifyResult } from 'nestjs-sms-otp';
import { FakeOtp } from 'nestjs-sms-otp/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { expectProblem } from '../support/expect-problem.js';
import { callHttp, type HttpCall, NUMBER, textMember, wrongCode } from '../support/http.js';
import { ADAPTERS, listen } from '../support/otp-app.js';
import { AppModule, wordsFor } from './own-controllers.js';

await vi.hoisted(async () => {
  const { generateKeyPairSync } = await import('node:crypto');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  vi.stubEnv('OTP_SECRET', 'Hq2Lw9Zx4Cv7Bn1Mk6Jt3Rf8Ys5Pd0Ga');
  vi.stubEnv('OTP_PROOF_KEY', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
});

const JWKS = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });
const PAYOUT = { amount: '12.00 EUR', iban: 'NL91ABNA0417164300' };

describe.each(ADAPTERS)('controllers of an application’s own, on %s', (adapter) => {
  let fake: FakeOtp;
  let app: INestApplication;

  beforeEach(async () => {
    fake = new FakeOtp();
    const ref = await fake.override(Test.createTestingModule({ imports: [AppModule] })).compile();
    app = await listen(ref, {
      adapter,
      configure: (created) => created.useGlobalFilters(created.get(OtpProblemFilter)),
    });
  });

  afterEach(() => app.close());

  const call = async (method: string, path: string, more: Omit<HttpCall, 'method' | 'path'> = {}) =>
    callHttp(await app.getUrl(), { method, path, ...more });
  const issue = (phoneNumber: unknown) => call('POST', '/codes', { body: { phoneNumber } });
  const verify = (id: string, code: unknown) => call('POST', `/codes/${id}/verify`, { body: { code } });
  const start = async () => textMember(await issue(NUMBER), 'challengeId');
  const prove = async () => textMember(await verify(await start(), fake.lastCodeTo(NUMBER)), 'proof');
  const signIn = (proof?: string) =>
    call('POST', '/session', proof === undefined ? {} : { headers: { 'OTP-Proof': proof } });

  it('K2 issue, status, resend, verify and cancel answer as the built-in routes do', async () => {
    const issued = await issue(NUMBER);
    expect(issued).toMatchObject({ status: 201, body: { purpose: 'login', destination: '+31*******78' } });
    const id = textMember(issued, 'challengeId');
    const status = await call('GET', `/codes/${id}`);
    expect(status).toMatchObject({ status: 200, body: { challengeId: id, delivery: 'sent' } });
    fake.clock.advanceSeconds(30);
    const resent = await call('POST', `/codes/${id}/resend`);
    expect(resent).toMatchObject({ status: 200, body: { challengeId: id, sendsRemaining: 1 } });
    const verified = await verify(id, fake.lastCodeTo(NUMBER));
    expect(verified).toMatchObject({ status: 200, body: { proof: expect.any(String), expiresAt: expect.any(String) } });
    for (const { headers } of [issued, status, resent, verified]) {
      expect(headers['cache-control']).toBe('no-store');
    }
    fake.clock.advanceSeconds(60);
    expect((await call('DELETE', `/codes/${await start()}`)).status).toBe(204);
  });

  it('refusals are the problems of the built-in routes', async () => {
    expectProblem(await issue('+31'), 400, 'invalid_phone_number');
    expectProblem(await issue('+3120 123 4567'), 403, 'destination_not_allowed');
    const id = await start();
    expectProblem(await issue(NUMBER), 429, 'throttled');
    expectProblem(await call('POST', `/codes/${id}/resend`), 429, 'throttled');
    expectProblem(await verify(id, wrongCode(fake.lastCodeTo(NUMBER))), 422, 'incorrect_code');
    await call('DELETE', `/codes/${id}`);
    for (const answer of [
      await verify(id, fake.lastCodeTo(NUMBER)),
      await call('GET', `/codes/${id}`),
      await call('DELETE', `/codes/${id}`),
      await call('POST', `/codes/${id}/resend`),
    ]) {
      expectProblem(answer, 410, 'challenge_gone');
    }
  });

  it.each([[undefined], [null], [7], [['+31612345678']], [{}], ['']])(
    'J1 %j is neither a number nor a code, and no fault',
    async (value) => {
      expectProblem(await issue(value), 400, 'invalid_phone_number');
      expectProblem(await verify(await start(), value), 400, 'invalid_request');
    },
  );

  it('J1 nor is no body at all', async () => {
    expectProblem(await call('POST', '/codes'), 400, 'invalid_phone_number');
    expectProblem(await call('POST', `/codes/${await start()}/verify`), 400, 'invalid_request');
  });

  it('A3 case 25 a proof signs in once', async () => {
    const proof = await prove();
    expect(await signIn(proof)).toMatchObject({ status: 201, body: { signedIn: NUMBER } });
    const again = await signIn(proof);
    expectProblem(again, 401, 'insufficient_proof');
    expect(again.headers['www-authenticate']).toBe('Bearer error="insufficient_user_authentication"');
  });

  it('case 24 what is no proof signs nobody in', async () => {
    const none = await signIn();
    expectProblem(none, 401, 'otp_required');
    expect(none.headers['www-authenticate']).toBe('Bearer error="insufficient_user_authentication"');
    expectProblem(await signIn('eyJhbGciOiJub25lIn0.e30.'), 401, 'insufficient_proof');
    const proof = await prove();
    fake.clock.advanceSeconds(606);
    expectProblem(await signIn(proof), 401, 'insufficient_proof');
  });

  it('H5 other services verify a proof with the public keys', async () => {
    const { keys } = JWKS.parse((await call('GET', '/keys')).body);
    const options = { typ: 'otp-proof+jwt', currentDate: new Date(fake.clock.now()) };
    const { payload } = await jwtVerify(await prove(), createLocalJWKSet({ keys }), options);
    expect(payload).toMatchObject({ phone_number: NUMBER, purpose: 'login' });
  });

  it('A4 case 23 a payout is what the person saw, and the signed-in person’s own', async () => {
    const as = (account: string) => ({ Authorization: `Bearer ${account}` });
    const asked = await call('POST', '/payouts', { body: PAYOUT, headers: as('ada') });
    expect(asked.status).toBe(201);
    expect(fake.transport.lastTo(NUMBER)?.text).toMatch(/12\.00 EUR.*NL91 ABNA 0417 1643 00/);
    const path = `/payouts/${textMember(asked, 'challengeId')}/code`;
    const body = { code: fake.lastCodeTo(NUMBER), amount: '1200.00 EUR', iban: 'NL02ABNA0123456789' };
    expectProblem(await call('POST', path, { body, headers: as('bob') }), 410, 'challenge_gone');
    expectProblem(await verify(textMember(asked, 'challengeId'), body.code), 410, 'challenge_gone');
    const paid = await call('POST', path, { body, headers: as('ada') });
    expect(paid.body).toEqual({ paid: { amount: PAYOUT.amount, payee: PAYOUT.iban } });
  });

  it('the details of a payout that no message can show are refused', async () => {
    const body = { ...PAYOUT, amount: { value: 12 } };
    const asked = await call('POST', '/payouts', { body, headers: { Authorization: 'Bearer ada' } });
    expectProblem(asked, 400, 'invalid_request');
    expect(fake.transport.messages).toEqual([]);
  });

  it('there are no other routes', async () => {
    expect((await call('POST', '/otp/challenges', { body: { phoneNumber: NUMBER } })).status).toBe(404);
  });
});

it('U5 every refusal has words of its own', () => {
  const refusals: VerifyResult[] = [
    { outcome: 'incorrect_code', attemptsRemaining: 3 },
    { outcome: 'invalid_code', detail: 'Enter the six digits.' },
    { outcome: 'challenge_gone' },
    { outcome: 'attempts_exhausted' },
    { outcome: 'throttled', retryAfterSeconds: 30 },
    { outcome: 'store_unavailable' },
  ];
  const words = refusals.map(wordsFor);
  expect(new Set(words).size).toBe(words.length);
  expect(words[0]).toContain('3');
  expect(words[4]).toContain('30 seconds');
});
