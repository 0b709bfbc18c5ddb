// #region issuer
import { defineOtpPurposes, type OtpOptions } from 'nestjs-sms-otp';

const purposes = defineOtpPurposes({
  login: { start: 'public' },
  payout: { ttlSeconds: 180, audience: 'https://payments.acme.com' }, // or a list of them
});

/** Of the application that signs. `proofKey` is the PEM text of a private key. */
export function issuerOptions(secrets: readonly string[], proofKey: string) {
  return {
    serviceName: 'Acme',
    publicUrl: 'https://api.acme.com', // the issuer
    purposes,
    secrets,
    proofs: { keys: [proofKey] },
  } satisfies OtpOptions;
}
// #endregion issuer

// #region elsewhere
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';

export interface ProofIssuer {
  /** `publicUrl` of the application that signs. */
  readonly issuer: string;
  /** Its route, e.g. `https://api.acme.com/otp/.well-known/jwks.json`. */
  readonly jwksUrl: string;
  /** The name under which the purpose's `audience` lists this service. */
  readonly audience: string;
}

/** Reads proofs in a service that shares no secret, store or library with the application that signs them. */
export function createProofReader({ issuer, jwksUrl, audience }: ProofIssuer) {
  const keys = createRemoteJWKSet(new URL(jwksUrl)); // fetched on first use and kept

  return async (proof: string, purpose: string): Promise<JWTPayload> => {
    const { payload } = await jwtVerify(proof, keys, {
      algorithms: ['ES256', 'EdDSA'],
      typ: 'otp-proof+jwt',
      issuer,
      audience,
      requiredClaims: ['exp', 'jti', 'auth_time', 'phone_number'],
      clockTolerance: 5,
    });
    if (payload['purpose'] !== purpose || payload['phone_number_verified'] !== true) {
      throw new Error('a proof of something else');
    }
    return payload; // compare sub and phone_number with who is signed in here
  };
}
// #endregion elsewhere
