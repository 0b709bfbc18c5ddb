import type { VerifiedOtp } from './proof-claims.js';

/** What the mark is about that tells when a number's proofs were revoked. */
export const REVOKED_PROOFS = 'revoked-proofs';

/** Longer than any proof lives, with the clock tolerance at its beginning and at its end. */
export const REVOKED_PROOFS_SECONDS = 86_400 + 2 * 60;

/** The mark's value: whole seconds since the Unix epoch, as in a proof. */
export function revokedAt(now: number): string {
  return String(Math.floor(now / 1000));
}

/** A proof of the very second of the revocation is revoked too, and so is every one when the mark cannot be read. */
export function isRevoked({ authTime }: VerifiedOtp, mark: string | undefined): boolean {
  return mark !== undefined && !(authTime > Number(mark));
}
