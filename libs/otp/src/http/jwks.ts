import { NotFoundException } from '@nestjs/common';
import type { OtpParts } from '../flows/otp-parts.js';
import type { OtpPublicKeys } from '../proof/proof-key-pair.js';

/** Under `routes.path`; where a JWK Set is looked for by convention (RFC 8615). */
export const JWKS_PATH = '.well-known/jwks.json';

/** @throws NotFoundException where proofs are signed with a secret: nobody else may have what verifies them */
export function readPublicKeys({ proofs }: OtpParts): OtpPublicKeys {
  const keys = proofs.publicKeys();
  if (keys === undefined) {
    throw new NotFoundException('There are no public keys: proofs are signed with a secret (see proofs.keys)');
  }
  return keys;
}
