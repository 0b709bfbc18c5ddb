import { createPublicKey, createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { describe, expect, it } from 'vitest';
import { checkProofKey, checkProofKeys, type OtpPublicKey, readProofKey } from './proof-key-pair.js';

const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ED = generateKeyPairSync('ed25519');
const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });

const pem = (key: KeyObject, type: 'pkcs8' | 'spki' | 'sec1' | 'pkcs1') =>
  key.export({ type, format: 'pem' }).toString();

function jwkOf(value: unknown): OtpPublicKey | undefined {
  const reading = readProofKey(value);
  return reading.outcome === 'pair' ? reading.pair.jwk : undefined;
}

describe('a key of the option', () => {
  it.each<[string, string | KeyObject, 'ES256' | 'EdDSA']>([
    ['an EC key', EC.privateKey, 'ES256'],
    ['an EC key as PKCS#8', pem(EC.privateKey, 'pkcs8'), 'ES256'],
    ['an EC key as SEC 1', pem(EC.privateKey, 'sec1'), 'ES256'],
    ['an EC key in a file with more', `# my key\n${pem(EC.privateKey, 'sec1')}\n\n`, 'ES256'],
    ['an Ed25519 key', ED.privateKey, 'EdDSA'],
    ['an Ed25519 key as PKCS#8', pem(ED.privateKey, 'pkcs8'), 'EdDSA'],
  ])('%s signs', (_name, value, alg) => {
    expect(checkProofKey(value)).toBeUndefined();
    expect(readProofKey(value)).toMatchObject({ pair: { privateKey: { type: 'private' }, jwk: { alg, use: 'sig' } } });
  });

  it.each<[string, string | KeyObject, 'ES256' | 'EdDSA']>([
    ['an EC key', EC.publicKey, 'ES256'],
    ['an EC key as SPKI', pem(EC.publicKey, 'spki'), 'ES256'],
    ['an Ed25519 key as SPKI', pem(ED.publicKey, 'spki'), 'EdDSA'],
  ])('the public half of %s only verifies', (_name, value, alg) => {
    expect(readProofKey(value)).toMatchObject({
      pair: { privateKey: undefined, publicKey: { type: 'public' }, jwk: { alg } },
    });
  });

  it('is named by its thumbprint, as the example of RFC 8037 A.3', () => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
    expect(jwkOf(createPublicKey({ key: jwk, format: 'jwk' }))).toEqual({
      ...jwk,
      kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
      alg: 'EdDSA',
      use: 'sig',
    });
  });

  it.each([
    ['EC', EC],
    ['Ed25519', ED],
  ])('an %s key has the same name, private and public, as jose gives it', async (_name, { privateKey, publicKey }) => {
    const kid = await calculateJwkThumbprint(publicKey);
    expect([jwkOf(privateKey)?.kid, jwkOf(publicKey)?.kid]).toEqual([kid, kid]);
  });

  it('its public form has no private member', () => {
    expect(Object.keys(jwkOf(EC.privateKey) ?? {})).toEqual(['kty', 'crv', 'x', 'y', 'kid', 'alg', 'use']);
    expect(Object.keys(jwkOf(ED.privateKey) ?? {})).toEqual(['kty', 'crv', 'x', 'kid', 'alg', 'use']);
  });
});

describe('what is no key for proofs', () => {
  const encrypted = EC.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' });

  it.each<[string, unknown, string]>([
    ['an RSA key', RSA.privateKey, 'must be EC on P-256 or Ed25519'],
    ['an RSA key as PEM', pem(RSA.privateKey, 'pkcs8'), 'must be EC on P-256 or Ed25519'],
    ['an RSA key as PKCS#1', pem(RSA.privateKey, 'pkcs1'), 'must be EC on P-256 or Ed25519'],
    ['a public RSA key', RSA.publicKey, 'must be EC on P-256 or Ed25519'],
    ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey, 'must be EC on P-256 or Ed25519'],
    ['secp256k1', generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey, 'must be EC on P-256'],
    ['Ed448', generateKeyPairSync('ed448').privateKey, 'must be EC on P-256 or Ed25519'],
    ['X25519', generateKeyPairSync('x25519').publicKey, 'must be EC on P-256 or Ed25519'],
    ['a secret key', createSecretKey(Buffer.alloc(32, 7)), 'is a secret key'],
    ['a key with a passphrase', encrypted.toString(), 'is not the PEM text'],
    ['a key that lost its line breaks', pem(EC.privateKey, 'pkcs8').replaceAll('\n', String.raw`\n`), 'line breaks'],
    ['half a key', pem(EC.privateKey, 'pkcs8').slice(0, 80), 'is not the PEM text'],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n', 'is not the PEM text'],
    ['a secret in text', 'kP0n7rYw2uQz5tXv8bNc1mLd4fGh6jSa', 'is not the PEM text'],
    ['nothing', '', 'is not the PEM text'],
    ['a JWK', ED.privateKey.export({ format: 'jwk' }), 'must be PEM text or a KeyObject'],
    ['bytes', Buffer.from(pem(EC.privateKey, 'pkcs8')), 'must be PEM text or a KeyObject'],
    [
      'what looks like a KeyObject',
      { type: 'private', asymmetricKeyType: 'ed25519' },
      'must be PEM text or a KeyObject',
    ],
    ['a hole', undefined, 'must be PEM text or a KeyObject'],
  ])('%s', (_name, value, problem) => {
    expect(checkProofKey(value)).toContain(problem);
  });

  it('case 66 no problem repeats a part of the key', () => {
    const text = pem(RSA.privateKey, 'pkcs8');
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
    for (const value of [text, text.replaceAll('\n', ' '), text.slice(0, 200)]) {
      const problem = checkProofKey(value) ?? '';
      expect(problem).not.toBe('');
      expect(lines.filter((line) => problem.includes(line.slice(0, 12)))).toEqual([]);
    }
  });
});

describe('keys together', () => {
  it.each<[string, readonly unknown[]]>([
    ['one private key', [EC.privateKey]],
    ['keys of both kinds', [EC.privateKey, ED.privateKey]],
    ['a public key behind a private one', [ED.privateKey, EC.publicKey]],
  ])('%s will do', (_name, keys) => {
    expect(checkProofKeys(keys)).toBeUndefined();
  });

  it.each<[string, readonly unknown[], string]>([
    ['a public key first', [EC.publicKey, ED.privateKey], 'must begin with a private key'],
    ['public keys alone', [EC.publicKey], 'must begin with a private key'],
    ['a key twice', [EC.privateKey, ED.privateKey, EC.privateKey], 'lists the same key twice'],
    ['a key twice, spelled differently', [EC.privateKey, pem(EC.privateKey, 'sec1')], 'lists the same key twice'],
    ['a pair as two keys', [EC.privateKey, EC.publicKey], 'lists the same key twice'],
  ])('%s will not', (_name, keys, problem) => {
    expect(checkProofKeys(keys)).toContain(problem);
  });
});
