import { Controller, Post } from '@nestjs/common';
import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  calculateJwkThumbprint,
  decodeJwt,
  decodeProtectedHeader,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose';
import { memoryStore, RequireOtp, VerifiedPhone } from 'nestjs-sms-otp';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { SecretRing } from '../../libs/otp/src/secrets/secret-ring.js';
import { expectProblem } from '../support/expect-problem.js';
import { callHttp, type HttpAnswer, NUMBER, OtpHttpClient } from '../support/http.js';
import { ADAPTERS, type OtpApp, type OtpAppOptions, startOtpApp, TEST_SECRET } from '../support/otp-app.js';

const ISSUER = 'https://api.acme.example';
const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ED = generateKeyPairSync('ed25519');
const PEM = EC.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

@Controller()
class SessionController {
  @Post('session')
  @RequireOtp('login', { mode: 'proof' })
  session(@VerifiedPhone() phoneNumber: string) {
    return { phoneNumber };
  }
}

@Controller()
class PaymentsController {
  @Post('payments')
  @RequireOtp('login', { mode: 'proof', audience: 'https://payments.acme.example' })
  payments(@VerifiedPhone() phoneNumber: string) {
    return { phoneNumber };
  }
}

const running: OtpApp[] = [];
afterEach(() => Promise.all(running.splice(0).map((otp) => otp.close())));

describe.each(ADAPTERS)('proofs signed with keys, on %s', (adapter) => {
  async function start(options: OtpAppOptions): Promise<OtpApp> {
    const otp = await startOtpApp({
      adapter,
      publicUrl: ISSUER,
      metadata: { controllers: [SessionController] },
      ...options,
    });
    running.push(otp);
    return otp;
  }

  const session = (otp: OtpApp, proof: string, path = '/session'): Promise<HttpAnswer> =>
    callHttp(otp.url, { method: 'POST', path, headers: { 'OTP-Proof': proof } });
  const prove = (otp: OtpApp) => new OtpHttpClient(otp).prove();

  it.each<[string, string, string | KeyObject]>([
    ['PEM text of an EC key', 'ES256', PEM],
    ['an Ed25519 KeyObject', 'EdDSA', ED.privateKey],
  ])('H5 %s signs %s, and the guard takes the proof', async (_name, alg, key) => {
    const otp = await start({ proofs: { keys: [key] } });
    const proof = await prove(otp);
    expect(decodeProtectedHeader(proof)).toMatchObject({ alg, typ: 'otp-proof+jwt' });
    expect((await session(otp, proof)).body).toEqual({ phoneNumber: NUMBER });
  });

  it('H5 case 88 keys are replaced without refusing a living proof', async () => {
    const clock = new ManualClock();
    const store = memoryStore({ clock });
    const startWith = (...keys: readonly KeyObject[]) => start({ clock, store, proofs: { keys } });
    const before = await startWith(EC.privateKey);
    const during = await startWith(EC.privateKey, ED.privateKey);
    const after = await startWith(ED.privateKey, EC.publicKey);
    const old = await prove(before);
    clock.advanceSeconds(60);
    const fresh = await prove(after);
    expect(decodeProtectedHeader(fresh).alg).toBe('EdDSA');
    for (const otp of [during, after]) {
      expect((await session(otp, old)).status).toBe(201);
      expect((await session(otp, fresh)).status).toBe(201);
    }
    const last = await startWith(ED.privateKey);
    expectProblem(await session(last, old), 401, 'insufficient_proof');
    expect((await session(last, fresh)).status).toBe(201);
  });

  it('H5 proofs of secrets are none where there are keys, and the other way round', async () => {
    const [withSecret, withKeys] = [await start({}), await start({ proofs: { keys: [EC.privateKey] } })];
    expectProblem(await session(withKeys, await prove(withSecret)), 401, 'insufficient_proof');
    expectProblem(await session(withSecret, await prove(withKeys)), 401, 'insufficient_proof');
  });

  describe('H5 case 74 crafted tokens', () => {
    interface Craft {
      readonly header?: Partial<JWTHeaderParameters>;
      readonly claims?: JWTPayload;
      readonly key?: KeyObject;
    }

    /** A proof like the application's own but for what the test changes. */
    async function craft(otp: OtpApp, { header, claims, key = EC.privateKey }: Craft = {}): Promise<string> {
      const proof = await prove(otp);
      return new SignJWT({ ...decodeJwt(proof), ...claims })
        .setProtectedHeader({ alg: 'ES256', ...decodeProtectedHeader(proof), ...header })
        .sign(key, { crit: { 'made-up': true } });
    }

    const ring = new SecretRing([TEST_SECRET], 'otp');
    const attacker = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const spki = EC.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const publicJwk = EC.publicKey.export({ format: 'jwk' });
    const hs256 = (text: string): Craft => ({ header: { alg: 'HS256' }, key: createSecretKey(Buffer.from(text)) });

    it('the pattern of these tests is a good proof', async () => {
      const otp = await start({ proofs: { keys: [EC.privateKey, ED.publicKey] } });
      expect((await session(otp, await craft(otp))).status).toBe(201);
    });

    it.each<[string, () => Promise<Craft> | Craft]>([
      ['HS256 under the public key’s PEM', () => hs256(spki)],
      ['HS256 under the public JWK', () => hs256(JSON.stringify(publicJwk))],
      ['HS256 under the secret', () => hs256(TEST_SECRET)],
      [
        'HS256 under the ring’s key',
        () => ({ header: { alg: 'HS256', kid: ring.first.id }, key: ring.first.key('proof') }),
      ],
      ['another key’s kid', async () => ({ header: { kid: await calculateJwkThumbprint(ED.publicKey) } })],
      ['another key under our kid', () => ({ key: attacker.privateKey })],
      ['another key that comes along', () => ({ header: { jwk: publicJwk }, key: attacker.privateKey })],
      [
        'another key somewhere else',
        () => ({ header: { jku: 'http://127.0.0.1:9/jwks.json' }, key: attacker.privateKey }),
      ],
      ['a certificate', () => ({ header: { x5c: ['MIIB'] }, key: attacker.privateKey })],
      ['an unknown kid', () => ({ header: { kid: 'unknown' } })],
      ['a critical extension', () => ({ header: { crit: ['made-up'], 'made-up': 1 } })],
      ['another type', () => ({ header: { typ: 'JWT' } })],
      ['another audience', () => ({ claims: { aud: ['https://payments.acme.example'] } })],
      ['another issuer', () => ({ claims: { iss: 'https://evil.example' } })],
      ['an expiry that passed', () => ({ claims: { exp: 1 } })],
      ['a time of issue to come', () => ({ claims: { iat: 4_000_000_000 } })],
      ['a start to come', () => ({ claims: { nbf: 4_000_000_000 } })],
    ])('%s', async (_name, change) => {
      const otp = await start({ proofs: { keys: [EC.privateKey, ED.publicKey] } });
      expectProblem(await session(otp, await craft(otp, await change())), 401, 'insufficient_proof');
    });

    it('no signature, with alg none', async () => {
      const otp = await start({ proofs: { keys: [EC.privateKey] } });
      const [header = '', payload = '', signature = ''] = (await prove(otp)).split('.');
      const none = Buffer.from(header, 'base64url').toString().replace('ES256', 'none');
      const forged = Buffer.from(none).toString('base64url');
      for (const token of [`${forged}.${payload}.`, `${forged}.${payload}.${signature}`, `${header}.${payload}.`]) {
        expectProblem(await session(otp, token), 401, 'insufficient_proof');
      }
    });
  });

  it('H5 the audience of the purpose stands in the proof, and a route may ask for it', async () => {
    const [payments, ledger] = ['https://payments.acme.example', 'https://ledger.acme.example'];
    const [metadata, clock] = [{ controllers: [SessionController, PaymentsController] }, new ManualClock()];
    const both = await start({
      metadata,
      clock,
      purposes: { login: { start: 'public', audience: [payments, ledger] } },
    });
    const proof = await prove(both);
    expect(decodeJwt(proof).aud).toEqual(['otp', payments, ledger]);
    expect((await session(both, proof)).status).toBe(201);
    expect((await session(both, proof, '/payments')).status).toBe(201);

    const one = await start({ clock, purposes: { login: { start: 'public', audience: ledger } } });
    const other = await prove(one);
    expect(decodeJwt(other).aud).toEqual(['otp', ledger]);
    expect((await session(both, other)).status).toBe(201);
    expectProblem(await session(both, other, '/payments'), 401, 'insufficient_proof');
  });

  it.each([0, 60])('case 25 a difference of %i seconds between clocks is forgiven', async (clockToleranceSeconds) => {
    const otp = await start({ proofs: { clockToleranceSeconds } });
    const proof = await prove(otp);
    otp.clock.advanceSeconds(599 + clockToleranceSeconds);
    expect((await session(otp, proof)).status).toBe(201);
    otp.clock.advanceSeconds(1);
    expectProblem(await session(otp, proof), 401, 'insufficient_proof');
  });
});
