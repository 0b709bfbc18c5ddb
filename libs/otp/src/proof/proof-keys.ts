import { createHmac, type KeyObject, webcrypto } from 'node:crypto';
import { type JWTHeaderParameters, SignJWT } from 'jose';
import type { RingSecret, SecretRing } from '../secrets/secret-ring.js';
import type { WrittenClaims } from './proof-claims.js';
import { type OtpProofKey, type OtpPublicKey, type ProofKeyPair, readProofKeys } from './proof-key-pair.js';

/** What jose verifies with. It imports a `KeyObject` of a pair once and keeps it. */
type WorkingKey = KeyObject | webcrypto.CryptoKey;

/** A key that verifies proofs, and the only algorithm that it is used with (RFC 8725 §3.1). */
export interface ProofKey {
  /** The `kid` of its proofs. */
  readonly id: string;
  readonly algorithm: 'HS256' | 'ES256' | 'EdDSA';
  verifying(): Promise<WorkingKey>;
}

export interface SigningKey extends ProofKey {
  /** The JWT (RFC 7519) of these claims, `type` in its header (RFC 8725 §3.11). */
  sign(claims: WrittenClaims, type: string): Promise<string>;
}

/** The keys behind proofs: the first signs, all verify. */
export interface ProofKeys {
  readonly first: SigningKey;
  readonly byId: ReadonlyMap<string, ProofKey>;
  /** What other services verify with; `undefined` where that would be a secret. */
  readonly published: readonly OtpPublicKey[] | undefined;
}

/** Proofs that only this application verifies: HS256 by keys derived from its secrets. */
export function secretProofKeys(ring: SecretRing): ProofKeys {
  const first = secretKey(ring.first);
  const others = ring.all.filter((secret) => secret !== ring.first).map(secretKey);
  return { first, byId: namedKeys([first, ...others]), published: undefined };
}

/**
 * Proofs that other services verify too: ES256 and EdDSA by the option's keys. Secrets of the ring then verify none.
 *
 * @throws Error when the first is not a private key: the options' check was passed by
 */
export function publishedProofKeys(keys: readonly OtpProofKey[]): ProofKeys {
  const [first, ...others] = readProofKeys(keys);
  if (first?.privateKey === undefined) {
    throw new Error('proofs.keys must begin with a private key');
  }
  const { privateKey } = first;
  const verifying = verifyingKey(first);
  const signing: SigningKey = {
    ...verifying,
    sign: (claims, typ) =>
      new SignJWT(claims).setProtectedHeader({ alg: verifying.algorithm, typ, kid: verifying.id }).sign(privateKey),
  };
  return {
    first: signing,
    byId: namedKeys([signing, ...others.map(verifyingKey)]),
    published: [first, ...others].map(({ jwk }) => jwk),
  };
}

function namedKeys(keys: readonly ProofKey[]): ReadonlyMap<string, ProofKey> {
  return new Map(keys.map((key) => [key.id, key]));
}

function secretKey(secret: RingSecret): SigningKey {
  let imported: Promise<webcrypto.CryptoKey> | undefined;
  return {
    id: secret.id,
    algorithm: 'HS256',
    sign: async (claims, typ) => signHs256(secret.key('proof'), { alg: 'HS256', typ, kid: secret.id }, claims),
    /** Once: jose would import it for every proof. */
    verifying: () => (imported ??= importSecret(secret)),
  };
}

/**
 * A compact JWS (RFC 7515 §7.1, RFC 7518 §3.2). jose asks Web Crypto for it, which goes through another thread and costs
 * as much as everything else that a right answer does; what comes in is left to jose.
 */
function signHs256(key: KeyObject, header: JWTHeaderParameters, claims: WrittenClaims): string {
  const input = `${encodeJson(header)}.${encodeJson(claims)}`;
  return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
}

function encodeJson(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function importSecret(secret: RingSecret): Promise<webcrypto.CryptoKey> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  return webcrypto.subtle.importKey('raw', secret.key('proof').export(), algorithm, false, ['sign', 'verify']);
}

function verifyingKey({ jwk, publicKey }: ProofKeyPair): ProofKey {
  return { id: jwk.kid, algorithm: jwk.alg, verifying: async () => publicKey };
}
