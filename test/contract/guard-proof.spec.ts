import { decodeProtectedHeader, decodeJwt, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import { createSecretKey, type KeyObject } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SecretRing } from '../../libs/otp/src/secrets/secret-ring.js';
import { expectProblem } from '../support/expect-problem.js';
import { AccountCaller, guardedControllers } from '../support/guarded-app.js';
import { type HttpAnswer, named, NUMBER, OtpHttpClient } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp, TEST_SECRET } from '../support/otp-app.js';

const ROTATED_SECRET = 'b8Xt2Vc6Zq9Ws4Er7Ty1Ui5Op3As0Df8';

describe.each(ADAPTERS)('proofs at the guard, on %s', (adapter) => {
  let otp: OtpApp;
  let client: OtpHttpClient;
  let calls: readonly string[];

  beforeEach(async () => {
    const guarded = guardedControllers();
    ({ calls } = guarded);
    otp = await startOtpApp({
      adapter,
      secrets: [TEST_SECRET, ROTATED_SECRET],
      purposes: { login: { start: 'public' }, signup: { start: 'public' }, second: {} },
      publicUrl: 'https://api.acme.example',
      caller: AccountCaller,
      metadata: { controllers: guarded.controllers, providers: [AccountCaller] },
    });
    client = new OtpHttpClient(otp);
  });

  afterEach(() => otp.close());

  const session = (proof?: string, path = '/session'): Promise<HttpAnswer> =>
    client.call({ method: 'POST', path, headers: proof === undefined ? {} : { 'OTP-Proof': proof } });

  function expectInsufficient(answer: HttpAnswer, maxAge = ''): void {
    expectProblem(answer, 401, 'insufficient_proof');
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer error="insufficient_user_authentication"/);
    expect(answer.headers['www-authenticate']).toContain(maxAge);
    expect(calls).toEqual([]);
  }

  it('H8 a proof opens the handler, which learns the number', async () => {
    const answer = await session(await client.prove(NUMBER, 'login'));
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({ phoneNumber: NUMBER });
    expect(calls).toEqual(['session']);
  });

  it('H5 H6 H7 its claims are those of the contract', async () => {
    const proof = await client.prove(NUMBER, 'login');
    const now = otp.clock.now() / 1000;
    expect(decodeProtectedHeader(proof)).toEqual({ alg: 'HS256', typ: 'otp-proof+jwt', kid: expect.any(String) });
    expect(decodeJwt(proof)).toEqual({
      iss: 'https://api.acme.example',
      aud: ['otp'],
      phone_number: NUMBER,
      phone_number_verified: true,
      purpose: 'login',
      amr: ['sms'],
      auth_time: now,
      iat: now,
      exp: now + 600,
      jti: expect.any(String),
    });
  });

  it('H8 without a proof it is 401 otp_required, with the challenge of RFC 9470', async () => {
    const answer = await session();
    expectProblem(answer, 401, 'otp_required');
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer error="insufficient_user_authentication", /);
    expect(calls).toEqual([]);
  });

  it.each([['the body', { verified: true, proof: 'x', phoneNumber: NUMBER, otp: { phoneNumber: NUMBER } }]])(
    'case 24 %s proves nothing',
    async (_name, body) => {
      const proof = await client.prove(NUMBER, 'login');
      for (const call of [
        { path: '/session', body },
        { path: '/session', body: { ...body, proof } },
        { path: `/session?OTP-Proof=${proof}&verified=true` },
        { path: '/session', headers: { Authorization: `Bearer ${proof}` } },
        { path: '/session', headers: { Cookie: `OTP-Proof=${proof}; otp-proof=${proof}` } },
        { path: '/session', headers: { 'X-Verified-Phone': NUMBER } },
      ]) {
        expectProblem(await client.call({ method: 'POST', ...call }), 401, 'otp_required');
      }
      expect(calls).toEqual([]);
    },
  );

  it.each(
    named(['garbage', 'a.b.c', '..', 'null', 'true', 'A'.repeat(4000), 'eyJhbGciOiJub25lIn0..', '{"alg":"none"}']),
  )('H5 case 74 %s is no proof', async (_name, proof) => {
    expectInsufficient(await session(proof));
  });

  it('H5 case 74 two proofs in one request are none', async () => {
    const proof = await client.prove(NUMBER, 'login');
    expectInsufficient(await session(`${proof}, ${proof}`));
  });

  it('H5 case 74 a proof whose bytes were changed is refused', async () => {
    const proof = await client.prove(NUMBER, 'login');
    const [header = '', payload = '', signature = ''] = proof.split('.');
    const altered = Buffer.from(JSON.stringify({ ...decodeJwt(proof), phone_number: '+31687654321' })).toString(
      'base64url',
    );
    const none = Buffer.from(JSON.stringify({ ...decodeProtectedHeader(proof), alg: 'none' })).toString('base64url');
    for (const forged of [
      `${header}.${altered}.${signature}`,
      `${header}.${payload}.`,
      `${header}.${payload}`,
      `${none}.${payload}.`,
      `${none}.${payload}.${signature}`,
      `${header}.${payload}.${signature.slice(0, -4)}`,
      proof.toUpperCase(),
    ]) {
      expectInsufficient(await session(forged));
    }
    expect((await session(proof)).status).toBe(201);
  });

  it('A4 case 19 a proof of another purpose is refused', async () => {
    expectInsufficient(await session(await client.prove(NUMBER, 'signup')));
  });

  it('case 25 an expired proof is refused', async () => {
    const proof = await client.prove(NUMBER, 'login');
    otp.clock.advanceSeconds(599);
    expect((await session(proof)).status).toBe(201);
    otp.clock.advanceSeconds(30);
    expectProblem(await session(proof), 401, 'insufficient_proof');
    expect(calls).toEqual(['session']);
  });

  it('H8 maxAgeSeconds asks for a fresher code than the proof’s lifetime', async () => {
    const proof = await client.prove(NUMBER, 'login');
    otp.clock.advanceSeconds(60);
    expect((await session(proof, '/fresh')).status).toBe(201);
    otp.clock.advanceSeconds(1);
    const answer = await session(proof, '/fresh');
    expectProblem(answer, 401, 'insufficient_proof');
    expect(answer.headers['www-authenticate']).toContain('max_age="60"');
    expect((await session(proof)).status).toBe(201);
  });

  describe('H5 case 74 crafted tokens', () => {
    const ring = new SecretRing([TEST_SECRET, ROTATED_SECRET], 'otp');
    const key = ring.first.key('proof');

    interface Craft {
      readonly header?: Partial<JWTHeaderParameters>;
      readonly claims?: JWTPayload;
      readonly without?: string;
      readonly key?: KeyObject;
    }

    /** A proof like the module's own but for what the test changes. */
    function craft({ header = {}, claims = {}, without = '', key: signingKey = key }: Craft = {}): Promise<string> {
      const now = Math.floor(otp.clock.now() / 1000);
      const payload: JWTPayload = {
        iss: 'https://api.acme.example',
        aud: ['otp'],
        phone_number: NUMBER,
        phone_number_verified: true,
        purpose: 'login',
        amr: ['sms'],
        auth_time: now,
        iat: now,
        exp: now + 600,
        jti: 'crafted',
        ...claims,
      };
      const kept = Object.fromEntries(Object.entries(payload).filter(([name]) => name !== without));
      const optional = Object.entries({ typ: 'otp-proof+jwt', kid: ring.first.id }).filter(
        ([name]) => name !== without,
      );
      return new SignJWT(kept)
        .setProtectedHeader({ alg: 'HS256', ...Object.fromEntries(optional), ...header })
        .sign(signingKey, { crit: { 'made-up': true } });
    }

    it('the pattern of these tests is a good proof', async () => {
      expect((await session(await craft())).status).toBe(201);
    });

    it('a secret further down the ring verifies too', async () => {
      const second = ring.all[1];
      const proof = second && (await craft({ header: { kid: second.id }, key: second.key('proof') }));
      expect((await session(proof)).status).toBe(201);
    });

    const wrong: readonly (readonly [string, Craft])[] = [
      ['another key', { key: createSecretKey(Buffer.alloc(32, 7)) }],
      ['the bare secret', { key: createSecretKey(TEST_SECRET, 'utf8') }],
      ['a sub-key of another use', { key: ring.first.key('pepper') }],
      ['another application’s key', { key: new SecretRing([TEST_SECRET], 'other').first.key('proof') }],
      ['the key of another kid', { key: ring.all[1]?.key('proof') ?? key }],
      ['an unknown kid', { header: { kid: 'unknown' } }],
      ['a path as kid', { header: { kid: '../../dev/null' } }],
      ['a kid that objects have', { header: { kid: '__proto__' } }],
      ['HS512', { header: { alg: 'HS512' }, key: createSecretKey(Buffer.alloc(64, 7)) }],
      ['HS512 with the right key', { header: { alg: 'HS512' }, key }],
      ['no kid', { without: 'kid' }],
      ['no typ', { without: 'typ' }],
      ['an empty typ', { header: { typ: '' } }],
      ['typ JWT', { header: { typ: 'JWT' } }],
      ['typ at+jwt', { header: { typ: 'at+jwt' } }],
      ['a critical extension', { header: { crit: ['made-up'], 'made-up': 1 } }],
      ['another audience', { claims: { aud: 'other' } }],
      ['no audience', { without: 'aud' }],
      ['another issuer', { claims: { iss: 'https://evil.example' } }],
      ['no issuer', { without: 'iss' }],
      ['no expiry', { without: 'exp' }],
      ['an expiry that passed', { claims: { exp: 1 } }],
      ['a start to come', { claims: { nbf: 4_000_000_000 } }],
      ['no iat', { without: 'iat' }],
      ['no jti', { without: 'jti' }],
      ['no purpose', { without: 'purpose' }],
      ['several purposes', { claims: { purpose: ['login'] } }],
      ['no number', { without: 'phone_number' }],
      ['a number that is not verified', { claims: { phone_number_verified: false } }],
      ['a number verified in words', { claims: { phone_number_verified: 'true' } }],
      ['no auth_time', { without: 'auth_time' }],
      ['auth_time in words', { claims: { auth_time: 'now' } }],
      ['no amr', { without: 'amr' }],
    ];

    it.each(wrong)('%s', async (_name, change) => {
      expectInsufficient(await session(await craft(change)));
    });
  });
});
