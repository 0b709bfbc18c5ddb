import type { OtpRequirement } from './otp-requirement.js';

/** Value of `WWW-Authenticate` for a request that needs a fresh code (RFC 9470 §3). */
export function stepUpChallenge({ purpose, maxAgeSeconds }: OtpRequirement): string {
  const maxAge = maxAgeSeconds === undefined ? '' : `, max_age="${maxAgeSeconds}"`;
  return `Bearer error="insufficient_user_authentication", error_description="A code is needed: ${purpose}"${maxAge}`;
}
