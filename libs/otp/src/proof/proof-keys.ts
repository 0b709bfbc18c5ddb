import { type KeyObject, webcrypto } from 'node:crypto';
import type { RingSecret, SecretRing } from '../secrets/secret-ring.js';
import { type OtpProofKey, type OtpPublicKey, type ProofKeyPair, readProofKeys } from './proof-key-pair.js';

/** What jose signs and verifies with. It imports a `KeyObject` of a pair once and keeps it. */
type WorkingKey = KeyObject | webcrypto.CryptoKey;

/** A key that verifies proofs, and the only algorithm that it is used with (RFC 8725 §3.1). */
export interface ProofKey {
  /** The `kid` of its proofs. */
  readonly id: string;
  readonly algorithm: 'HS256' | 'ES256' | 'EdDSA';
  verifying(): Promise<WorkingKey>;
}

export interface SigningKey extends ProofKey {
  signing(): Promise<WorkingKey>;
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
  const signing: SigningKey = { ...verifyingKey(first), signing: async () => privateKey };
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
  /** Once: jose would import it for every signature. */
  const key = () => (imported ??= importSecret(secret));
  return { id: secret.id, algorithm: 'HS256', signing: key, verifying: key };
}

function importSecret(secret: RingSecret): Promise<webcrypto.CryptoKey> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  return webcrypto.subtle.importKey('raw', secret.key('proof').export(), algorithm, false, ['sign', 'verify']);
}

function verifyingKey({ jwk, publicKey }: ProofKeyPair): ProofKey {
  return { id: jwk.kid, algorithm: jwk.alg, verifying: async () => publicKey };
}
