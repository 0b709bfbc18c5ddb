import { createSecretKey, webcrypto } from 'node:crypto';
import { decodeJwt, type JWTHeaderParameters, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it, vi } from 'vitest';
import { SecretRing } from '../secrets/secret-ring.js';
import { secretProofKeys } from './proof-keys.js';
import { ProofService } from './proof-service.js';

const OLD = 'old-secret-old-secret-old-secret-32';
const NEW = 'new-secret-new-secret-new-secret-32';
const NOW = Date.UTC(2026, 0, 1);
const CLAIMS = { phoneNumber: '+31612345678', purpose: 'login', subject: 'user-1', amr: ['sms'] } as const;

function service({
  secrets = [OLD],
  namespace = 'otp',
  issuer = 'https://api.acme.com',
  clockToleranceSeconds = 5,
  now = NOW,
} = {}) {
  return new ProofService({
    keys: secretProofKeys(new SecretRing(secrets, namespace)),
    namespace,
    issuer,
    ttlSeconds: 600,
    clockToleranceSeconds,
    clock: { now: () => now },
  });
}

describe('ProofService', () => {
  it('H6, H7 signs what was proved and reads it back', async () => {
    const { proof, otp } = await service().sign(CLAIMS);
    expect(otp).toMatchObject({ ...CLAIMS, authTime: NOW / 1000, expiresAt: NOW / 1000 + 600, audience: ['otp'] });
    expect(await service().read(proof)).toEqual({ outcome: 'valid', proof: otp });
  });

  it('leaves the subject out where there is none', async () => {
    const { proof } = await service().sign({ ...CLAIMS, subject: undefined });
    expect(await service().read(proof)).toMatchObject({ outcome: 'valid', proof: { subject: undefined } });
  });

  it('keeps the hashes of what the code stood for', async () => {
    const hashes = { binding: 'b'.repeat(43), action: '-_'.repeat(21) + 'A' };
    const { proof, otp } = await service().sign({ ...CLAIMS, ...hashes });
    expect(otp).toMatchObject(hashes);
    expect(decodeJwt(proof)).toMatchObject(hashes);
    expect(await service().read(proof)).toEqual({ outcome: 'valid', proof: otp });
  });

  it('H5 is for the application and the services that it is signed for, and no other', async () => {
    const { proof, otp } = await service().sign({ ...CLAIMS, audience: ['payments', 'ledger'] });
    expect(otp.audience).toEqual(['otp', 'payments', 'ledger']);
    expect(decodeJwt(proof).aud).toEqual(otp.audience);
    const read = (audience?: string) => service().read(proof, { audience });
    expect(await read()).toEqual({ outcome: 'valid', proof: otp });
    expect(await read('ledger')).toEqual({ outcome: 'valid', proof: otp });
    expect(await read('ledge')).toEqual({ outcome: 'invalid' });
    expect(await read('')).toEqual({ outcome: 'invalid' });
  });

  it('has an id of its own each time', async () => {
    const [one, other] = [await service().sign(CLAIMS), await service().sign(CLAIMS)];
    expect(one.otp.id).not.toBe(other.otp.id);
  });

  it.each([0, 60])('25 forgives clocks %i seconds apart, when told to', async (clockToleranceSeconds) => {
    const { proof } = await service().sign(CLAIMS);
    const outcomeAt = async (seconds: number) =>
      (await service({ clockToleranceSeconds, now: NOW + seconds * 1000 }).read(proof)).outcome;
    expect(await outcomeAt(599 + clockToleranceSeconds)).toBe('valid');
    expect(await outcomeAt(600 + clockToleranceSeconds)).toBe('expired');
    expect(await outcomeAt(-clockToleranceSeconds)).toBe('valid');
    expect(await outcomeAt(-clockToleranceSeconds - 1)).toBe('invalid');
  });

  it('imports its keys once, not for each proof', async () => {
    const proofs = service();
    await proofs.read((await proofs.sign(CLAIMS)).proof);
    const imported = vi.spyOn(webcrypto.subtle, 'importKey');
    await proofs.read((await proofs.sign(CLAIMS)).proof);
    expect(imported).not.toHaveBeenCalled();
    imported.mockRestore();
  });

  it('publishes nothing where it signs with a secret', () => {
    expect(service().publicKeys()).toBeUndefined();
  });

  it('25 expires', async () => {
    const { proof } = await service().sign(CLAIMS);
    expect(await service({ now: NOW + 604_000 }).read(proof)).toMatchObject({ outcome: 'valid' });
    expect(await service({ now: NOW + 606_000 }).read(proof)).toEqual({ outcome: 'expired' });
  });

  it('88 outlives the rotation of secrets, until its secret leaves the ring', async () => {
    const { proof } = await service().sign(CLAIMS);
    expect(await service({ secrets: [NEW, OLD] }).read(proof)).toMatchObject({ outcome: 'valid' });
    expect(await service({ secrets: [NEW] }).read(proof)).toEqual({ outcome: 'invalid' });
  });

  it('22 is for one namespace and one issuer', async () => {
    const { proof } = await service().sign(CLAIMS);
    expect(await service({ namespace: 'other' }).read(proof)).toEqual({ outcome: 'invalid' });
    expect(await service({ issuer: 'https://other' }).read(proof)).toEqual({ outcome: 'invalid' });
  });
});

describe('H5 case 74 a token that is not ours', () => {
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
    ['a number that is verified in words', () => sign({ ...payload, phone_number_verified: 'true' })],
    ['methods that are no texts', () => sign({ ...payload, amr: [1] })],
    ['a purpose that is no text', () => sign({ ...payload, purpose: ['login'] })],
    ['an id that is no text', () => sign({ ...payload, jti: 1 as unknown as string })],
    ['an audience that is no list of texts', () => sign({ ...payload, aud: ['otp', 1 as unknown as string] })],
    ['a time of issue that is no number', () => sign({ ...payload, iat: '1' as unknown as number })],
    ['an expiry that is no number', () => sign({ ...payload, exp: '9999999999' as unknown as number })],
    ['a start that is no number', () => sign({ ...payload, nbf: 'now' as unknown as number })],
    ['a start to come', () => sign({ ...payload, nbf: NOW / 1000 + 6 })],
    ['a time of issue to come', () => sign({ ...payload, iat: NOW / 1000 + 6 })],
    ['a code entered in time to come', () => sign({ ...payload, auth_time: NOW / 1000 + 6 })],
    ['a code entered in words', () => sign({ ...payload, auth_time: 'now' })],
    ['a binding that is no hash', () => sign({ ...payload, binding: 'amount=1' })],
    ['a binding with more than a hash', () => sign({ ...payload, binding: `${'b'.repeat(43)}\n` })],
    ['a binding that is no text', () => sign({ ...payload, binding: ['b'.repeat(43)] })],
    ['a binding that is null', () => sign({ ...payload, binding: null })],
    ['an action that is no hash', () => sign({ ...payload, action: 'POST /payouts' })],
    ['an action that is empty', () => sign({ ...payload, action: '' })],
    ['a subject that is no text', () => sign({ ...payload, sub: 7 as unknown as string })],
  ])('is invalid: %s', async (_name, make) => {
    expect(await service().read(await make())).toEqual({ outcome: 'invalid' });
  });

  it.each<[string, JWTPayload]>([
    ['a start that has passed', { nbf: NOW / 1000 }],
    ['a start, an issue and an entry within the tolerance', { nbf: NOW / 1000 + 5, iat: NOW / 1000 + 5 }],
    ['claims that it does not know', { admin: true, phone_number_verified_by: 'me' }],
    ['a list of audiences', { aud: ['other', 'otp'] }],
  ])('is valid with %s', async (_name, claims) => {
    expect(await service().read(await sign({ ...payload, ...claims }))).toMatchObject({ outcome: 'valid' });
  });

  it.each(['phone_number', 'phone_number_verified', 'purpose', 'amr', 'auth_time', 'iat', 'exp', 'jti', 'iss', 'aud'])(
    'is invalid without %s',
    async (claim) => {
      const { [claim as keyof typeof payload]: _left, ...rest } = payload;
      expect(await service().read(await sign(rest))).toEqual({ outcome: 'invalid' });
    },
  );
});
