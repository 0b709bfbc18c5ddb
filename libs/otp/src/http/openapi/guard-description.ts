import type { OtpProblemCode } from '../problem.js';
import { type Json, mapMembers } from './json.js';
import type { GuardMark } from './marks.js';
import { ISSUE_REFUSALS, VERIFY_REFUSALS } from './refusals.js';

/** What a guarded route can answer of itself. */
export function guardProblems({ mode = 'both', bound }: GuardMark): readonly OtpProblemCode[] {
  const byProof: readonly OtpProblemCode[] = ['otp_required', 'insufficient_proof', 'busy', 'store_unavailable'];
  const byCode = [...ISSUE_REFUSALS.filter((code) => code !== 'idempotency_conflict'), ...VERIFY_REFUSALS];
  switch (mode) {
    case 'proof':
      return bound === true ? ['invalid_request', ...byProof] : byProof;
    case 'inline':
      return ['invalid_request', 'otp_required', ...byCode];
    case 'both':
      return ['invalid_request', ...byProof, ...byCode];
  }
}

/** The extension of a guarded operation. */
export function guardExtension({ purpose, mode = 'both', bound = false, singleUse = bound, ...rest }: GuardMark): Json {
  const { maxAgeSeconds, audience } = rest;
  return {
    purpose,
    mode,
    bound,
    singleUse,
    ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
    ...(audience === undefined ? {} : { audience }),
  };
}

/** Ways to meet a requirement: of each, every scheme is needed. */
type Alternatives = readonly Readonly<Record<string, Json>>[];

export function guardSchemes({ mode = 'both', cookie }: GuardMark): Alternatives {
  const byProof: Alternatives = [
    { 'otp-proof': apiKey('OTP-Proof', 'A proof that a right code earned.') },
    ...(cookie === undefined
      ? []
      : [{ [cookieScheme(cookie)]: { ...apiKey(cookie, 'The same proof as a cookie.'), in: 'cookie' } }]),
  ];
  const byCode: Alternatives = [
    {
      'otp-challenge': apiKey(
        'OTP-Challenge',
        'The `challengeId` of the challenge that the first request was answered.',
      ),
      'otp-code': apiKey('OTP-Code', 'The code of its message.'),
    },
  ];
  return { proof: byProof, inline: byCode, both: [...byProof, ...byCode] }[mode];
}

/**
 * Requirements of a document are alternatives: one that stood beside the application's own would read as "either is
 * enough". A code is needed as well as what is needed already, so ours goes into each of theirs.
 */
export function withSchemes(existing: readonly Json[], schemes: Alternatives): readonly Json[] {
  const ours = schemes.map((alternative) => mapMembers(alternative, () => []));
  return (existing.length === 0 ? [{}] : existing).flatMap((theirs) => ours.map((mine) => ({ ...theirs, ...mine })));
}

function apiKey(name: string, description: string): Json {
  return { type: 'apiKey', in: 'header', name, description };
}

/** Keys of components are letters, digits, `.`, `-` and `_`; names of cookies have more. */
function cookieScheme(cookie: string): string {
  return `otp-proof-cookie-${cookie.replace(/[^\w-]/g, (character) => `.${character.charCodeAt(0).toString(16)}`)}`;
}
