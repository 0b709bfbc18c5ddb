import { otpProblem, type OtpProblemCode, PROBLEM_STATUS } from '../problem.js';
import { isJson, type Json, jsonOf } from './json.js';
import { schemaRef } from './schemas.js';

/** Problems that tell when to come back. */
const WITH_WAIT: ReadonlySet<OtpProblemCode> = new Set([
  'idempotency_conflict',
  'throttled',
  'busy',
  'delivery_failed',
]);

const RETRY_AFTER = {
  description: 'Whole seconds after which it will do.',
  schema: { type: 'integer', minimum: 1 },
};
const WWW_AUTHENTICATE = {
  description: '`insufficient_user_authentication`, and `max_age` where a code must be fresh (RFC 9470).',
  schema: { type: 'string' },
};

/** Adds an operation's problems to its responses, beside what the application itself answers with the same status. */
export function withProblems(responses: Json, codes: readonly OtpProblemCode[]): Json {
  const distinct = [...new Set(codes)];
  const statuses = new Set(distinct.map(statusOf));
  const problems = [...statuses].map((status): [string, Json] => {
    const existing = responses[status];
    const problem = problemResponse(distinct.filter((code) => statusOf(code) === status));
    return [String(status), isJson(existing) ? mergeResponse(existing, problem) : problem];
  });
  return { ...responses, ...Object.fromEntries(problems) };
}

function statusOf(code: OtpProblemCode): number {
  return PROBLEM_STATUS[code];
}

function problemResponse(codes: readonly OtpProblemCode[]): Json {
  const isStepUp = codes.some((code) => code === 'otp_required' || code === 'insufficient_proof');
  const headers = {
    ...(codes.some((code) => WITH_WAIT.has(code)) ? { 'Retry-After': RETRY_AFTER } : {}),
    ...(isStepUp ? { 'WWW-Authenticate': WWW_AUTHENTICATE } : {}),
  };
  return {
    description: codes.map((code) => `\`${code}\`: ${otpProblem(code).title}.`).join(' '),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    content: { 'application/problem+json': { schema: schemaRef('OtpProblem') } },
  };
}

/** The application's own words come first, and what it says of a header or content type stands. */
function mergeResponse(existing: Json, problem: Json): Json {
  if ('$ref' in existing) {
    return existing;
  }
  return {
    ...problem,
    ...existing,
    description: [existing['description'], problem['description']].filter(Boolean).join('\n\n'),
    headers: { ...jsonOf(problem['headers']), ...jsonOf(existing['headers']) },
    content: { ...jsonOf(problem['content']), ...jsonOf(existing['content']) },
  };
}
