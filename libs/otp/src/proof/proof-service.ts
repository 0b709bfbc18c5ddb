import { webcrypto } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import type { RingSecret, SecretRing } from '../secrets/secret-ring.js';
import type { Clock } from '../telemetry/clock.js';

const TYPE = 'otp-proof+jwt';
const ALGORITHM = 'HS256';
/** Difference of two servers' clocks that is forgiven, in seconds. */
const CLOCK_TOLERANCE_SECONDS = 5;

/** What a right code proved. */
export interface ProofClaims {
  /** E.164; verified (OpenID Connect Core 1.0 §5.1). */
  readonly phoneNumber: string;
  readonly purpose: string;
  /** The application's id of the account, where the challenge had one. */
  readonly subject: string | undefined;
  /** RFC 8176: `sms`. */
  readonly amr: readonly string[];
}

export interface VerifiedOtp extends ProofClaims {
  /** Unique id of the proof. */
  readonly id: string;
  /** When the code was entered, seconds since the Unix epoch. */
  readonly authTime: number;
  /** Seconds since the Unix epoch. */
  readonly expiresAt: number;
}

export type ProofReading =
  { readonly outcome: 'valid'; readonly proof: VerifiedOtp } | { readonly outcome: 'expired' | 'invalid' };

export interface ProofServiceOptions {
  readonly ring: SecretRing;
  readonly namespace: string;
  readonly issuer: string;
  readonly ttlSeconds: number;
  readonly clock: Clock;
}

/**
 * Proofs: short-lived JWTs that a right code earns (RFC 7519), signed with the first secret of the ring, verified with
 * any (`kid`). Algorithm, type, issuer, audience, times and every claim are checked (RFC 8725, OWASP ASVS 5.0 9.1, 9.2).
 */
export class ProofService {
  private readonly keys = new Map<RingSecret, Promise<webcrypto.CryptoKey>>();

  constructor(private readonly options: ProofServiceOptions) {}

  async sign(claims: ProofClaims, id: string): Promise<{ readonly proof: string; readonly expiresAt: number }> {
    const { ring, namespace, issuer, ttlSeconds, clock } = this.options;
    const now = Math.floor(clock.now() / 1000);
    const expiresAt = now + ttlSeconds;
    const proof = await new SignJWT({
      phone_number: claims.phoneNumber,
      phone_number_verified: true,
      purpose: claims.purpose,
      amr: [...claims.amr],
      auth_time: now,
      ...(claims.subject === undefined ? {} : { sub: claims.subject }),
    })
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: ring.first.id })
      .setIssuer(issuer)
      .setAudience(namespace)
      .setIssuedAt(now)
      .setExpirationTime(expiresAt)
      .setJti(id)
      .sign(await this.keyOf(ring.first));
    return { proof, expiresAt };
  }

  async read(token: string): Promise<ProofReading> {
    const { ring, namespace, issuer, clock } = this.options;
    try {
      const { payload } = await jwtVerify(
        token,
        ({ kid }) => {
          const secret = typeof kid === 'string' ? ring.byId(kid) : undefined;
          if (secret === undefined) {
            throw new errors.JWSInvalid('unknown kid');
          }
          return this.keyOf(secret);
        },
        {
          algorithms: [ALGORITHM],
          typ: TYPE,
          issuer,
          audience: namespace,
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
          currentDate: new Date(clock.now()),
          requiredClaims: ['phone_number', 'purpose', 'amr', 'auth_time', 'iat', 'exp', 'jti'],
        },
      );
      const proof = readClaims(payload);
      return proof ? { outcome: 'valid', proof } : { outcome: 'invalid' };
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

  /** Imported once: jose would import it for every signature. */
  private keyOf(secret: RingSecret): Promise<webcrypto.CryptoKey> {
    const known = this.keys.get(secret);
    if (known !== undefined) {
      return known;
    }
    const usages: webcrypto.KeyUsage[] = ['sign', 'verify'];
    const key = webcrypto.subtle.importKey(
      'raw',
      secret.key('proof').export(),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      usages,
    );
    this.keys.set(secret, key);
    return key;
  }
}

function readClaims(payload: Readonly<Record<string, unknown>>): VerifiedOtp | undefined {
  const { phone_number: phoneNumber, phone_number_verified: verified, purpose, sub, amr, jti, exp } = payload;
  const authTime = payload['auth_time'];
  if (
    typeof phoneNumber !== 'string' ||
    verified !== true ||
    typeof purpose !== 'string' ||
    (sub !== undefined && typeof sub !== 'string') ||
    !Array.isArray(amr) ||
    !amr.every((method) => typeof method === 'string') ||
    typeof jti !== 'string' ||
    typeof authTime !== 'number' ||
    typeof exp !== 'number'
  ) {
    return undefined;
  }
  return { phoneNumber, purpose, subject: sub, amr, id: jti, authTime, expiresAt: exp };
}
