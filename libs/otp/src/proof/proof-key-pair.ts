import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { types } from 'node:util';

/** An entry of `proofs.keys`: PEM text (PKCS#8, SEC 1 or SPKI), or a `KeyObject` of `node:crypto`. */
export type OtpProofKey = string | KeyObject;

/** One public key as a JWK (RFC 7517 §4; RFC 7518 §6.2 for EC, RFC 8037 §2 for OKP). */
export interface OtpPublicKey {
  readonly kty: 'EC' | 'OKP';
  readonly crv: 'P-256' | 'Ed25519';
  readonly x: string;
  /** Of an EC key only. */
  readonly y?: string;
  /** The key's thumbprint (RFC 7638); the `kid` of the proofs that it verifies. */
  readonly kid: string;
  readonly alg: 'ES256' | 'EdDSA';
  readonly use: 'sig';
}

/** A JWK Set (RFC 7517 §5). */
export interface OtpPublicKeys {
  readonly keys: readonly OtpPublicKey[];
}

/** What an entry of `proofs.keys` is; without a private key it only verifies. */
export interface ProofKeyPair {
  readonly privateKey: KeyObject | undefined;
  readonly publicKey: KeyObject;
  readonly jwk: OtpPublicKey;
}

const MEND = 'make one with `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`';

export type ProofKeyReading =
  | { readonly outcome: 'pair'; readonly pair: ProofKeyPair }
  /** In words, and without a byte of the key. */
  | { readonly outcome: 'problem'; readonly problem: string };

/** EC keys on P-256 and Ed25519 keys are taken; nothing else, so that a key's kind alone tells its algorithm. */
export function readProofKey(value: unknown): ProofKeyReading {
  const key = typeof value === 'string' ? readPem(value) : value;
  if (!types.isKeyObject(key)) {
    return typeof value === 'string'
      ? problem(`is not the PEM text of a key (without a passphrase, and with its line breaks); ${MEND}`)
      : problem('must be PEM text or a KeyObject of node:crypto');
  }
  if (key.type === 'secret') {
    return problem(`is a secret key, which cannot be published; ${MEND}`);
  }
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  const jwk = publicJwk(publicKey);
  if (jwk === undefined) {
    return problem(`is of type ${key.asymmetricKeyType} and must be EC on P-256 or Ed25519; ${MEND}`);
  }
  return { outcome: 'pair', pair: { privateKey: key.type === 'private' ? key : undefined, publicKey, jwk } };
}

/** What is wrong with one entry of the option. */
export function checkProofKey(value: unknown): string | undefined {
  const reading = readProofKey(value);
  return reading.outcome === 'problem' ? reading.problem : undefined;
}

/** What is wrong with the entries together; each alone is `checkProofKey`'s. */
export function checkProofKeys(values: readonly unknown[]): string | undefined {
  const pairs = readProofKeys(values);
  if (new Set(pairs.map(({ jwk }) => jwk.kid)).size < pairs.length) {
    return 'lists the same key twice (a private key stands for its public one); list each once';
  }
  const first = readProofKey(values[0]);
  return first.outcome === 'pair' && first.pair.privateKey === undefined
    ? 'must begin with a private key: the first signs, the others verify'
    : undefined;
}

/** The entries that are keys. */
export function readProofKeys(values: readonly unknown[]): ProofKeyPair[] {
  return values.map(readProofKey).flatMap((reading) => (reading.outcome === 'pair' ? [reading.pair] : []));
}

/** Certificates are left out: nobody would check whether they are still valid. */
function readPem(text: string): KeyObject | undefined {
  try {
    if (/-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/.test(text)) {
      return createPrivateKey(text);
    }
    return text.includes('-----BEGIN PUBLIC KEY-----') ? createPublicKey(text) : undefined;
  } catch {
    return undefined;
  }
}

/** Member by member, so that nothing else of the key can get into it. */
function publicJwk(key: KeyObject): OtpPublicKey | undefined {
  if (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1') {
    const { x = '', y = '' } = key.export({ format: 'jwk' });
    return {
      kty: 'EC',
      crv: 'P-256',
      x,
      y,
      kid: thumbprint({ crv: 'P-256', kty: 'EC', x, y }),
      alg: 'ES256',
      use: 'sig',
    };
  }
  if (key.asymmetricKeyType === 'ed25519') {
    const { x = '' } = key.export({ format: 'jwk' });
    return {
      kty: 'OKP',
      crv: 'Ed25519',
      x,
      kid: thumbprint({ crv: 'Ed25519', kty: 'OKP', x }),
      alg: 'EdDSA',
      use: 'sig',
    };
  }
  return undefined;
}

/** RFC 7638 §3: SHA-256 of the required members as JSON; they must stand in the order of their names. */
function thumbprint(members: Readonly<Record<string, string>>): string {
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}

function problem(text: string): ProofKeyReading {
  return { outcome: 'problem', problem: text };
}
