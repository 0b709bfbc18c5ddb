import { Controller, Post } from '@nestjs/common';
import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, errors, SignJWT } from 'jose';
import { OtpAdmin, OtpService, RequireOtp } from 'nestjs-sms-otp';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { callHttp, NUMBER, OtpHttpClient } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp, TEST_SECRET } from '../support/otp-app.js';
import { createProofReader, issuerOptions } from './verify-proof-elsewhere.js';

const ISSUER = 'https://api.acme.com';
const PAYMENTS = 'https://payments.acme.com';
const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ED = generateKeyPairSync('ed25519');
const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();

@Controller()
class SessionController {
  @Post('session')
  @RequireOtp('login', { mode: 'proof', singleUse: true })
  session() {
    return {};
  }
}

const running: OtpApp[] = [];
afterEach(() => Promise.all(running.splice(0).map((otp) => otp.close())));

describe.each(ADAPTERS)('proofs read by another service, on %s', (adapter) => {
  /** The other service has a clock of its own: the real one. */
  async function start(...keys: readonly KeyObject[]): Promise<OtpApp> {
    const [first] = keys;
    const { proofs, ...options } = issuerOptions([TEST_SECRET], first === undefined ? '' : pem(first));
    const otp = await startOtpApp({
      ...options,
      ...(first === undefined ? {} : { proofs: { keys: [...proofs.keys, ...keys.slice(1)] } }),
      adapter,
      clock: new ManualClock(Date.now()),
      metadata: { controllers: [SessionController] },
    });
    running.push(otp);
    return otp;
  }

  const readerAt = (otp: OtpApp, { issuer = ISSUER, audience = PAYMENTS } = {}) =>
    createProofReader({ issuer, jwksUrl: `${otp.url}/otp/.well-known/jwks.json`, audience });

  /** What the application that signs would hand over for a payout. */
  async function prove(otp: OtpApp): Promise<string> {
    const service = otp.app.get(OtpService);
    const issued = await service.issue({ purpose: 'payout', phoneNumber: NUMBER, client: 'none' });
    const challengeId = issued.outcome === 'issued' ? issued.challenge.challengeId : '';
    const code = otp.codeTo(NUMBER);
    const result = await service.verify({ purpose: 'payout', challengeId, code, client: 'none' });
    return result.outcome === 'verified' ? result.proof : '';
  }

  it.each([
    ['ES256', EC.privateKey],
    ['EdDSA', ED.privateKey],
  ])('H5 a proof signed with %s says the same there', async (alg, key) => {
    const otp = await start(key);
    const proof = await prove(otp);
    expect(decodeProtectedHeader(proof).alg).toBe(alg);
    expect(await readerAt(otp)(proof, 'payout')).toEqual({
      ...decodeJwt(proof),
      aud: ['otp', PAYMENTS],
      phone_number: NUMBER,
      phone_number_verified: true,
      amr: ['sms'],
    });
  });

  it('H5 case 74 takes no proof that is for another service, issuer or purpose', async () => {
    const otp = await start(EC.privateKey);
    const proof = await prove(otp);
    await expect(readerAt(otp)(proof, 'login')).rejects.toThrow('a proof of something else');
    await expect(readerAt(otp, { audience: 'https://ledger.acme.com' })(proof, 'payout')).rejects.toThrow('"aud"');
    await expect(readerAt(otp, { issuer: 'https://api.other.com' })(proof, 'payout')).rejects.toThrow('"iss"');
    await expect(readerAt(otp)(proof, 'payout')).resolves.toMatchObject({ purpose: 'payout' });
  });

  it('H5 case 74 a proof of a purpose without an audience is good nowhere else', async () => {
    const otp = await start(EC.privateKey);
    const proof = await new OtpHttpClient(otp).prove(NUMBER, 'login');
    await expect(readerAt(otp)(proof, 'login')).rejects.toThrow('"aud"');
  });

  it('H5 case 74 nor is one that is forged with what the route tells', async () => {
    const otp = await start(EC.privateKey);
    const proof = await prove(otp);
    const forge = (alg: string, key: KeyObject) =>
      new SignJWT(decodeJwt(proof)).setProtectedHeader({ ...decodeProtectedHeader(proof), alg }).sign(key);
    const known = createSecretKey(EC.publicKey.export({ type: 'spki', format: 'der' }));
    await expect(readerAt(otp)(await forge('HS256', known), 'payout')).rejects.toThrow(errors.JOSEAlgNotAllowed);
    await expect(readerAt(otp)(await forge('EdDSA', ED.privateKey), 'payout')).rejects.toThrow(
      errors.JWKSNoMatchingKey,
    );
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    await expect(readerAt(otp)(await forge('ES256', stranger), 'payout')).rejects.toThrow(
      errors.JWSSignatureVerificationFailed,
    );
  });

  it('88 keys are replaced under it: the new one is known before it signs, the old one while its proofs live', async () => {
    const before = await start(EC.privateKey);
    const during = await start(EC.privateKey, ED.privateKey);
    const after = await start(ED.privateKey, EC.publicKey);
    const last = await start(ED.privateKey);
    const read = readerAt(during);
    for (const otp of [before, during, after, last]) {
      await expect(read(await prove(otp), 'payout')).resolves.toMatchObject({ purpose: 'payout' });
    }
    const old = await prove(await start(EC.privateKey));
    await expect(readerAt(after)(old, 'payout')).resolves.toMatchObject({ purpose: 'payout' });
    await expect(readerAt(last)(old, 'payout')).rejects.toThrow(errors.JWKSNoMatchingKey);
  });

  it('sees neither that a proof was used nor that a number’s proofs were revoked', async () => {
    const otp = await start(EC.privateKey);
    const read = readerAt(otp, { audience: 'otp' });
    const proof = await new OtpHttpClient(otp).prove(NUMBER, 'login');
    const use = () => callHttp(otp.url, { method: 'POST', path: '/session', headers: { 'OTP-Proof': proof } });
    expect((await use()).status).toBe(201);
    expectProblem(await use(), 401, 'insufficient_proof');
    await otp.app.get(OtpAdmin).revokeProofs(NUMBER, { actor: 'support' });
    expectProblem(await use(), 401, 'insufficient_proof');
    await expect(read(proof, 'login')).resolves.toMatchObject({ phone_number: NUMBER });
  });

  it('there is nothing to read with where proofs are signed with a secret', async () => {
    const otp = await start();
    await expect(readerAt(otp)(await prove(otp), 'payout')).rejects.toThrow(errors.JOSEAlgNotAllowed);
    const signed = await prove(await start(EC.privateKey));
    await expect(readerAt(otp)(signed, 'payout')).rejects.toThrow('Expected 200 OK');
  });
});
