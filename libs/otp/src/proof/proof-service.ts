import { randomUUID } from 'node:crypto';
import { errors, type JWTHeaderParameters, jwtVerify } from 'jose';
import type { Clock } from '../telemetry/clock.js';
import { type ProofClaims, readClaims, REQUIRED_CLAIMS, type VerifiedOtp, writeClaims } from './proof-claims.js';
import type { ProofKey, ProofKeys } from './proof-keys.js';
import type { OtpPublicKeys } from './proof-key-pair.js';

export type { ProofClaims, VerifiedOtp } from './proof-claims.js';

const TYPE = 'otp-proof+jwt';

/** What is signed: the claims, and the services beside this one that may rely on them. */
export interface NewProof extends ProofClaims {
  readonly audience?: readonly string[] | undefined;
}

export interface SignedProof {
  readonly proof: string;
  readonly otp: VerifiedOtp;
}

export interface ReadOptions {
  /** Must be among the proof's audience beside the namespace. @default none */
  readonly audience?: string | undefined;
}

export type ProofReading =
  { readonly outcome: 'valid'; readonly proof: VerifiedOtp } | { readonly outcome: 'expired' | 'invalid' };

export interface ProofServiceOptions {
  readonly keys: ProofKeys;
  readonly namespace: string;
  readonly issuer: string;
  readonly ttlSeconds: number;
  /** Difference of two servers' clocks that is forgiven. */
  readonly clockToleranceSeconds: number;
  readonly clock: Clock;
}

/**
 * Proofs: short-lived JWTs that a right code earns (RFC 7519), signed with the first key and verified with the one that
 * their `kid` names, by that key's algorithm alone. Type, issuer, audience, times and every claim are checked (RFC 8725,
 * OWASP ASVS 5.0 9.1, 9.2).
 */
export class ProofService {
  constructor(private readonly options: ProofServiceOptions) {}

  /** Id, times and the first audience are the service's own. */
  async sign({ audience = [], ...claims }: NewProof): Promise<SignedProof> {
    const { keys, namespace, issuer, ttlSeconds, clock } = this.options;
    const now = Math.floor(clock.now() / 1000);
    const otp: VerifiedOtp = {
      ...claims,
      id: randomUUID(),
      authTime: now,
      expiresAt: now + ttlSeconds,
      audience: [namespace, ...audience],
    };
    return { proof: await keys.first.sign(writeClaims(otp, issuer), TYPE), otp };
  }

  async read(token: string, { audience }: ReadOptions = {}): Promise<ProofReading> {
    const { keys, namespace, issuer, clockToleranceSeconds, clock } = this.options;
    const now = clock.now();
    try {
      const { payload } = await jwtVerify(token, (header) => this.keyOf(header).verifying(), {
        algorithms: [...new Set([...keys.byId.values()].map(({ algorithm }) => algorithm))],
        typ: TYPE,
        issuer,
        audience: namespace,
        clockTolerance: clockToleranceSeconds,
        currentDate: new Date(now),
        requiredClaims: REQUIRED_CLAIMS,
      });
      const proof = readClaims(payload, Math.floor(now / 1000) + clockToleranceSeconds);
      const isMeant = audience === undefined || proof?.audience.includes(audience);
      return proof && isMeant ? { outcome: 'valid', proof } : { outcome: 'invalid' };
    } catch (error) {
      if (error instanceof errors.JWTExpired) {
        return { outcome: 'expired' };
      }
      if (error instanceof errors.JOSEError) {
        return { outcome: 'invalid' };
      }
      throw error;
    }
  }

  /** What other services verify with, in a copy of its own; `undefined` where proofs are signed with a secret. */
  publicKeys(): OtpPublicKeys | undefined {
    const { published } = this.options.keys;
    return published && { keys: published.map((jwk) => ({ ...jwk })) };
  }

  /** A token may only choose among the keys, never an algorithm for one (RFC 8725 §3.1); keys that it brings are not read. */
  private keyOf({ alg, kid }: JWTHeaderParameters): ProofKey {
    const key = typeof kid === 'string' ? this.options.keys.byId.get(kid) : undefined;
    if (key === undefined || key.algorithm !== alg) {
      throw new errors.JWSInvalid('no key for this kid and alg');
    }
    return key;
  }
}
