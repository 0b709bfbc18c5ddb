import { createPublicKey, createSecretKey, generateKeyPairSync, type KeyObject, webcrypto } from 'node:crypto';
import { decodeProtectedHeader, exportJWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SecretRing } from '../secrets/secret-ring.js';
import { publishedProofKeys, secretProofKeys } from './proof-keys.js';
import { readProofKey } from './proof-key-pair.js';
import { ProofService } from './proof-service.js';

const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ED = generateKeyPairSync('ed25519');
const RING = new SecretRing(['old-secret-old-secret-old-secret-32'], 'otp');
const NOW = Date.UTC(2026, 0, 1);
const CLAIMS = { phoneNumber: '+31612345678', purpose: 'login', subject: 'user-1', amr: ['sms'] } as const;

afterEach(() => vi.restoreAllMocks());

function serviceOf(...keys: readonly KeyObject[]) {
  return new ProofService({
    keys: keys.length === 0 ? secretProofKeys(RING) : publishedProofKeys(keys),
    namespace: 'otp',
    issuer: 'https://api.acme.com',
    ttlSeconds: 600,
    clockToleranceSeconds: 5,
    clock: { now: () => NOW },
  });
}

function kidOf(key: KeyObject): string {
  const reading = readProofKey(key);
  return reading.outcome === 'pair' ? reading.pair.jwk.kid : '';
}

describe.each([
  ['ES256', EC, ED],
  ['EdDSA', ED, EC],
])('proofs signed with an %s key', (alg, pair, otherPair) => {
  it('say so, and are read back', async () => {
    const { proof, otp } = await serviceOf(pair.privateKey).sign(CLAIMS);
    expect(decodeProtectedHeader(proof)).toEqual({ alg, typ: 'otp-proof+jwt', kid: kidOf(pair.publicKey) });
    expect(await serviceOf(pair.privateKey).read(proof)).toEqual({ outcome: 'valid', proof: otp });
  });

  it('88 stay valid while keys are replaced, until their key is taken away', async () => {
    const { proof } = await serviceOf(pair.privateKey).sign(CLAIMS);
    const outcomeFor = async (...keys: readonly KeyObject[]) => (await serviceOf(...keys).read(proof)).outcome;
    expect(await outcomeFor(pair.privateKey, otherPair.privateKey)).toBe('valid');
    expect(await outcomeFor(otherPair.privateKey, pair.privateKey)).toBe('valid');
    expect(await outcomeFor(otherPair.privateKey, pair.publicKey)).toBe('valid');
    expect(await outcomeFor(otherPair.privateKey)).toBe('invalid');
  });

  it('88 are verified by instances that do not sign with the new key yet', async () => {
    const { proof } = await serviceOf(otherPair.privateKey, pair.publicKey).sign(CLAIMS);
    expect((await serviceOf(pair.privateKey, otherPair.publicKey).read(proof)).outcome).toBe('valid');
  });

  it('the key is imported once, not for each proof', async () => {
    const proofs = serviceOf(pair.privateKey);
    await proofs.read((await proofs.sign(CLAIMS)).proof);
    const imported = vi.spyOn(webcrypto.subtle, 'importKey');
    await proofs.read((await proofs.sign(CLAIMS)).proof);
    expect(imported).not.toHaveBeenCalled();
  });
});

describe('what is published', () => {
  it('is the public half of every key, and nothing private', () => {
    const keys = serviceOf(EC.privateKey, ED.publicKey).publicKeys()?.keys ?? [];
    expect(keys.map(({ kid }) => kid)).toEqual([kidOf(EC.publicKey), kidOf(ED.publicKey)]);
    expect(keys.flatMap((key) => Object.keys(key)).filter((member) => ['d', 'k', 'p', 'q'].includes(member))).toEqual(
      [],
    );
    const secret = EC.privateKey.export({ format: 'jwk' }).d;
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify(keys)).not.toContain(secret);
  });

  it('is a copy: who changes it changes nothing', () => {
    const proofs = serviceOf(EC.privateKey);
    const published = proofs.publicKeys();
    Object.assign(published?.keys[0] ?? {}, { kid: 'mine' });
    expect(proofs.publicKeys()?.keys[0]?.kid).toBe(kidOf(EC.publicKey));
  });

  it('nothing signs without a private key', () => {
    expect(() => publishedProofKeys([EC.publicKey])).toThrow('must begin with a private key');
  });
});

describe('H5 case 74 a token that is not ours, where proofs are signed with keys', () => {
  const payload: JWTPayload = {
    phone_number: '+31612345678',
    phone_number_verified: true,
    purpose: 'login',
    amr: ['sms'],
    auth_time: NOW / 1000,
    iss: 'https://api.acme.com',
    aud: ['otp'],
    iat: NOW / 1000,
    exp: NOW / 1000 + 600,
    jti: 'id-1',
  };
  const EC_HEADER = { alg: 'ES256', typ: 'otp-proof+jwt', kid: kidOf(EC.publicKey) };
  const ED_HEADER = { alg: 'EdDSA', typ: 'otp-proof+jwt', kid: kidOf(ED.publicKey) };

  const sign = (header: JWTHeaderParameters, key: KeyObject | Uint8Array, claims: JWTPayload = payload) =>
    new SignJWT(claims).setProtectedHeader(header).sign(key, { crit: { 'made-up': true } });
  /** HMAC under bytes that everybody knows. */
  const hmac = (header: JWTHeaderParameters, key: string | Uint8Array) =>
    sign({ ...header, alg: 'HS256' }, createSecretKey(Buffer.from(key)));
  const read = async (token: string) => (await serviceOf(EC.privateKey, ED.privateKey).read(token)).outcome;
  const unsigned = (header: object) =>
    `${[header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;

  it('is accepted when all is right, so that the cases below fail for their one reason', async () => {
    expect(await read(await sign(EC_HEADER, EC.privateKey))).toBe('valid');
    expect(await read(await sign(ED_HEADER, ED.privateKey))).toBe('valid');
  });

  const pem = EC.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const der = EC.publicKey.export({ type: 'spki', format: 'der' });
  const attacker = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  it.each<[string, () => Promise<string> | string]>([
    ['alg none', () => unsigned({ ...EC_HEADER, alg: 'none' })],
    ['alg none in capitals', () => unsigned({ ...EC_HEADER, alg: 'NONE' })],
    ['no alg', () => unsigned({ typ: EC_HEADER.typ, kid: EC_HEADER.kid })],
    ['no signature', async () => (await sign(EC_HEADER, EC.privateKey)).replace(/[^.]*$/, '')],
    ['HS256 under the public key’s PEM', () => hmac(EC_HEADER, pem)],
    ['HS256 under the public key’s PEM, trimmed', () => hmac(EC_HEADER, pem.trim())],
    ['HS256 under the public key’s DER', () => hmac(EC_HEADER, der)],
    ['HS256 under the public JWK', async () => hmac(EC_HEADER, JSON.stringify(await exportJWK(EC.publicKey)))],
    [
      'HS256 under the Ed25519 key’s bytes',
      async () => hmac(ED_HEADER, Buffer.from((await exportJWK(ED.publicKey)).x ?? '', 'base64url')),
    ],
    ['HS256 under the kid', () => hmac(EC_HEADER, EC_HEADER.kid)],
    [
      'HS256 under the ring’s own key',
      () => sign({ ...EC_HEADER, alg: 'HS256', kid: RING.first.id }, RING.first.key('proof')),
    ],
    [
      'HS256 under the ring’s own key, by the kid of a pair',
      () => sign({ ...EC_HEADER, alg: 'HS256' }, RING.first.key('proof')),
    ],
    ['the other key’s kid', () => sign({ ...EC_HEADER, kid: ED_HEADER.kid }, EC.privateKey)],
    ['the other key’s kid and alg', () => sign({ ...ED_HEADER, kid: EC_HEADER.kid }, ED.privateKey)],
    ['an attacker’s key under our kid', () => sign(EC_HEADER, attacker.privateKey)],
    [
      'an attacker’s key under its own kid',
      () => sign({ ...EC_HEADER, kid: kidOf(attacker.publicKey) }, attacker.privateKey),
    ],
    [
      'an attacker’s key in the header',
      async () => sign({ ...EC_HEADER, jwk: await exportJWK(attacker.publicKey) }, attacker.privateKey),
    ],
    [
      'an attacker’s key behind jku',
      () => sign({ ...EC_HEADER, jku: 'https://evil.example/jwks.json' }, attacker.privateKey),
    ],
    [
      'an attacker’s certificate',
      () => sign({ ...EC_HEADER, x5c: ['MIIB'], x5u: 'https://evil.example/x5u' }, attacker.privateKey),
    ],
    ['a name of the same algorithm', () => sign({ ...ED_HEADER, alg: 'Ed25519' }, ED.privateKey)],
    [
      'ES384',
      () => sign({ ...EC_HEADER, alg: 'ES384' }, generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey),
    ],
    ['no kid', () => sign({ alg: 'ES256', typ: EC_HEADER.typ }, EC.privateKey)],
    ['a kid that is no text', () => sign({ ...EC_HEADER, kid: [EC_HEADER.kid] as unknown as string }, EC.privateKey)],
    ['a kid that objects have', () => sign({ ...EC_HEADER, kid: 'constructor' }, EC.privateKey)],
    ['a critical extension', () => sign({ ...EC_HEADER, crit: ['made-up'], 'made-up': 1 }, EC.privateKey)],
    ['another type', () => sign({ ...EC_HEADER, typ: 'at+jwt' }, EC.privateKey)],
    ['another audience', () => sign(EC_HEADER, EC.privateKey, { ...payload, aud: ['payments'] })],
    ['another issuer', () => sign(EC_HEADER, EC.privateKey, { ...payload, iss: 'https://evil.example' })],
  ])('is invalid: %s', async (_name, make) => {
    expect(await read(await make())).toBe('invalid');
  });

  it('a JWS whose payload is not encoded is none', async () => {
    const token = await sign({ ...EC_HEADER, crit: ['b64'], b64: true }, EC.privateKey);
    expect(await read(token)).toBe('valid');
    const [, claims, signature] = token.split('.');
    const header = Buffer.from(JSON.stringify({ ...EC_HEADER, crit: ['b64'], b64: false })).toString('base64url');
    expect(await read(`${header}.${claims}.${signature}`)).toBe('invalid');
  });

  it('keys that a right proof brings along are not read and nothing is fetched', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch');
    const header = { ...EC_HEADER, jku: 'https://evil.example/jwks.json', jwk: await exportJWK(attacker.publicKey) };
    expect(await read(await sign(header, EC.privateKey))).toBe('valid');
    expect(fetched).not.toHaveBeenCalled();
  });

  it('without keys, one signed with a pair is invalid, whatever its kid', async () => {
    for (const kid of [kidOf(EC.publicKey), RING.first.id]) {
      expect((await serviceOf().read(await sign({ ...EC_HEADER, kid }, EC.privateKey))).outcome).toBe('invalid');
    }
  });

  it('an expired one is told apart', async () => {
    expect(await read(await sign(EC_HEADER, EC.privateKey, { ...payload, exp: NOW / 1000 - 5 }))).toBe('expired');
    expect(await read(await sign(EC_HEADER, attacker.privateKey, { ...payload, exp: 1 }))).toBe('invalid');
  });

  it('a public key made of the private one verifies its proofs', async () => {
    const { proof } = await serviceOf(EC.privateKey).sign(CLAIMS);
    expect((await serviceOf(ED.privateKey, createPublicKey(EC.privateKey)).read(proof)).outcome).toBe('valid');
  });
});
