import { createSecretKey } from 'node:crypto';
import { type JWTHeaderParameters, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { SecretRing } from '../secrets/secret-ring.js';
import { ProofService } from './proof-service.js';

const OLD = 'old-secret-old-secret-old-secret-32';
const NEW = 'new-secret-new-secret-new-secret-32';
const NOW = Date.UTC(2026, 0, 1);
const CLAIMS = { phoneNumber: '+31612345678', purpose: 'login', subject: 'user-1', amr: ['sms'] } as const;

function service({ secrets = [OLD], namespace = 'otp', issuer = 'https://api.acme.com', now = NOW } = {}) {
  return new ProofService({
    ring: new SecretRing(secrets, namespace),
    namespace,
    issuer,
    ttlSeconds: 600,
    clock: { now: () => now },
  });
}

describe('ProofService', () => {
  it('H6, H7 signs what was proved and reads it back', async () => {
    const { proof, expiresAt } = await service().sign(CLAIMS, 'id-1');
    expect(expiresAt).toBe(NOW / 1000 + 600);
    expect(await service().read(proof)).toEqual({
      outcome: 'valid',
      proof: { ...CLAIMS, id: 'id-1', authTime: NOW / 1000, expiresAt },
    });
  });

  it('leaves the subject out where there is none', async () => {
    const { proof } = await service().sign({ ...CLAIMS, subject: undefined }, 'id-1');
    expect(await service().read(proof)).toMatchObject({ outcome: 'valid', proof: { subject: undefined } });
  });

  it('25 expires', async () => {
    const { proof } = await service().sign(CLAIMS, 'id-1');
    expect(await service({ now: NOW + 604_000 }).read(proof)).toMatchObject({ outcome: 'valid' });
    expect(await service({ now: NOW + 606_000 }).read(proof)).toEqual({ outcome: 'expired' });
  });

  it('88 outlives the rotation of secrets, until its secret leaves the ring', async () => {
    const { proof } = await service().sign(CLAIMS, 'id-1');
    expect(await service({ secrets: [NEW, OLD] }).read(proof)).toMatchObject({ outcome: 'valid' });
    expect(await service({ secrets: [NEW] }).read(proof)).toEqual({ outcome: 'invalid' });
  });

  it('22 is for one namespace and one issuer', async () => {
    const { proof } = await service().sign(CLAIMS, 'id-1');
    expect(await service({ namespace: 'other' }).read(proof)).toEqual({ outcome: 'invalid' });
    expect(await service({ issuer: 'https://other' }).read(proof)).toEqual({ outcome: 'invalid' });
  });
});

describe('H5, 74 a token that is not ours', () => {
  const ring = new SecretRing([OLD], 'otp');
  const header = { alg: 'HS256', typ: 'otp-proof+jwt', kid: ring.first.id };
  const payload = {
    phone_number: '+31612345678',
    phone_number_verified: true,
    purpose: 'login',
    amr: ['sms'],
    auth_time: NOW / 1000,
    iss: 'https://api.acme.com',
    aud: 'otp',
    iat: NOW / 1000,
    exp: NOW / 1000 + 600,
    jti: 'id-1',
  };
  const sign = (claims: JWTPayload, head: JWTHeaderParameters = header, key = ring.first.key('proof')) =>
    new SignJWT(claims).setProtectedHeader(head).sign(key);

  it('is accepted when all is right, so that the cases below fail for their one reason', async () => {
    expect(await service().read(await sign(payload))).toMatchObject({ outcome: 'valid' });
  });

  it.each<[string, () => Promise<string> | string]>([
    ['garbage', () => 'garbage'],
    ['empty', () => ''],
    ['unsigned (alg none)', () => new UnsecuredJWT(payload).encode()],
    ['another key', () => sign(payload, header, createSecretKey(Buffer.alloc(32)))],
    ['the key of another use', () => sign(payload, header, ring.first.key('record'))],
    ['another algorithm', () => sign(payload, { ...header, alg: 'HS512' }, createSecretKey(Buffer.alloc(64)))],
    ['another type', () => sign(payload, { ...header, typ: 'JWT' })],
    ['no type', () => sign(payload, { alg: 'HS256', kid: ring.first.id })],
    ['an unknown kid', () => sign(payload, { ...header, kid: 'unknown' })],
    ['no kid', () => sign(payload, { alg: 'HS256', typ: 'otp-proof+jwt' })],
    ['another audience', () => sign({ ...payload, aud: 'other' })],
    ['another issuer', () => sign({ ...payload, iss: 'https://other' })],
    ['a number that is not verified', () => sign({ ...payload, phone_number_verified: false })],
    ['a number that is no text', () => sign({ ...payload, phone_number: 31612345678 })],
    ['methods that are no list', () => sign({ ...payload, amr: 'sms' })],
    ['a subject that is no text', () => sign({ ...payload, sub: 7 as unknown as string })],
  ])('is invalid: %s', async (_name, make) => {
    expect(await service().read(await make())).toEqual({ outcome: 'invalid' });
  });

  it.each(['phone_number', 'purpose', 'amr', 'auth_time', 'iat', 'exp', 'jti', 'iss', 'aud'])(
    'is invalid without %s',
    async (claim) => {
      const { [claim as keyof typeof payload]: _left, ...rest } = payload;
      expect(await service().read(await sign(rest))).toEqual({ outcome: 'invalid' });
    },
  );
});
