import { z } from 'zod';
import type { ChallengeStatusView, ChallengeView } from '../../challenge/challenge-view.js';
import { CHANNELS } from '../../phone/channel.js';
import type { OtpPublicKey, OtpPublicKeys } from '../../proof/proof-key-pair.js';
import type { VerifiedBody } from '../otp.controller.js';
import type { OtpProblem, ProblemError } from '../problem.js';
import { type Json, jsonOf, mapMembers, omitMembers } from './json.js';
import { PROBLEM_CODES } from './problem-codes.js';
import { CREATE_BODY, RESEND_BODY, VERIFY_BODY } from '../request-body.js';

/** A schema for every member of `T` and for none beside: the types stay the truth. */
type Shape<T> = { readonly [K in keyof T]-?: z.ZodType<T[K]> };

const time = (description: string) => z.string().meta({ format: 'date-time', description });
const count = (description: string) => z.number().min(0).meta({ type: 'integer', description });

const challenge = {
  challengeId: z.string().describe('Opaque; names the challenge in every later call.'),
  purpose: z.string(),
  channel: z.enum(CHANNELS),
  destination: z.string().describe('The masked number: country code and last two digits.'),
  codeLength: z.literal([6, 7, 8]),
  expiresAt: time('When the challenge ends; UTC.'),
  resendAt: time('When the next message may be asked for; UTC.'),
  attemptsRemaining: count('Codes that may still be entered for this challenge.'),
  sendsRemaining: count('Messages that may still be asked for.'),
} satisfies Shape<ChallengeView>;

const status = {
  ...challenge,
  delivery: z.enum(['queued', 'sent', 'delivered', 'failed', 'unknown']),
} satisfies Shape<ChallengeStatusView>;

const verified = {
  proof: z.string().describe('A signed token for the header `OTP-Proof`.'),
  expiresAt: time('When the proof ends; UTC.'),
  phoneNumber: z.string().describe('E.164.'),
  purpose: z.string(),
} satisfies Shape<VerifiedBody>;

const publicKey = {
  kty: z.enum(['EC', 'OKP']),
  crv: z.enum(['P-256', 'Ed25519']),
  x: z.string(),
  y: z.string().exactOptional(),
  kid: z.string(),
  alg: z.enum(['ES256', 'EdDSA']),
  use: z.literal('sig'),
} satisfies Shape<OtpPublicKey>;

const publicKeys = { keys: z.array(z.object(publicKey)) } satisfies Shape<OtpPublicKeys>;

const problemError = {
  pointer: z.string().describe('JSON Pointer to the member that is meant, as a URI fragment: `#/phoneNumber`.'),
  detail: z.string(),
} satisfies Shape<ProblemError>;

const challengeObject = z.object(challenge);

const problem = {
  type: z.string().meta({ format: 'uri' }),
  title: z.string(),
  status: z.number().meta({ type: 'integer' }),
  detail: z.string().optional(),
  code: z.enum(PROBLEM_CODES).describe('Stable: branch on it.'),
  errors: z.array(z.object(problemError)).optional(),
  attemptsRemaining: count('Of `incorrect_code`.').optional(),
  challenge: challengeObject.optional().describe('What to answer, where a guarded route started one.'),
  retryAfter: count('Seconds, as in the header `Retry-After`.').optional(),
} satisfies Shape<OtpProblem>;

const NAMED = {
  OtpChallengeRequest: CREATE_BODY,
  OtpResendRequest: RESEND_BODY,
  OtpCodeRequest: VERIFY_BODY,
  OtpChallenge: challengeObject,
  OtpChallengeStatus: z.object(status),
  OtpVerified: z.object(verified),
  OtpPublicKeys: z.object(publicKeys),
  OtpProblem: z.object(problem),
} as const;

export type SchemaName = keyof typeof NAMED;

export function schemaRef(name: SchemaName): { readonly $ref: string } {
  return { $ref: refOf(name) };
}

/**
 * The schemas for `components`. Written for OpenAPI 3.0 and only with what 3.1 reads alike, because a document's version is
 * its application's choice.
 */
export function schemaComponents(): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(NAMED)) {
    registry.add(schema, { id });
  }
  // As the client writes them: answers may get further members, requests may not have any.
  const { schemas } = z.toJSONSchema(registry, { target: 'openapi-3.0', io: 'input', uri: refOf });
  return mapMembers(schemas, (schema) => omitMembers(jsonOf(schema), ['$id']));
}

function refOf(name: string): string {
  return `#/components/schemas/${name}`;
}
