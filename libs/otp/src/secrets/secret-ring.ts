import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/** What a sub-key is for; each use has a key of its own, so that no two mechanisms ever share one. */
export type SecretUse = 'challenge-id' | 'record' | 'pepper' | 'proof' | 'answer' | 'device';

/** One secret of the ring, seen only through the keys derived from it. */
export interface RingSecret {
  /** Public name of the secret (the `kid` of a proof): derived from it, tells nothing about it. */
  readonly id: string;
  key(use: SecretUse): KeyObject;
}

/** Bytes below which a secret is refused: the strength of the keys derived from it (RFC 5869 §3.4, RFC 7518 §3.2). */
export const MIN_SECRET_BYTES = 32;

/**
 * The application's secrets. The first seals and signs, all open, so a secret is replaced without a moment in which
 * live challenges or proofs fail: roll out `old,new`, then `new,old`, then `new`.
 *
 * Keys are derived with HKDF-SHA-256 (RFC 5869); namespace and use are in its `info`.
 */
export class SecretRing {
  readonly first: RingSecret;
  readonly all: readonly RingSecret[];

  constructor(secrets: readonly string[], namespace: string) {
    this.all = secrets.map((secret) => new DerivedSecret(secret, namespace));
    const [first] = this.all;
    if (first === undefined) {
      throw new Error('A secret ring needs at least one secret');
    }
    this.first = first;
  }

  byId(id: string): RingSecret | undefined {
    return this.all.find((secret) => secret.id === id);
  }
}

class DerivedSecret implements RingSecret {
  readonly id: string;
  private readonly keys: Readonly<Record<SecretUse, KeyObject>>;

  constructor(secret: string, namespace: string) {
    this.id = deriveBytes(secret, { namespace, use: 'id', bytes: 6 }).toString('base64url');
    this.keys = {
      'challenge-id': deriveKey(secret, { namespace, use: 'challenge-id' }),
      record: deriveKey(secret, { namespace, use: 'record' }),
      pepper: deriveKey(secret, { namespace, use: 'pepper' }),
      proof: deriveKey(secret, { namespace, use: 'proof' }),
      answer: deriveKey(secret, { namespace, use: 'answer' }),
      device: deriveKey(secret, { namespace, use: 'device' }),
    };
  }

  key(use: SecretUse): KeyObject {
    return this.keys[use];
  }
}

export interface Derivation {
  readonly namespace: string;
  readonly use: string;
  readonly bytes?: number;
}

export function deriveKey(secret: string, derivation: Derivation): KeyObject {
  return createSecretKey(deriveBytes(secret, derivation));
}

export function deriveBytes(secret: string, { namespace, use, bytes = 32 }: Derivation): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `nestjs-sms-otp/v1/${namespace}/${use}`, bytes));
}
