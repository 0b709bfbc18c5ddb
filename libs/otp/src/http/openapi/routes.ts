import { DEVICE_HEADER } from '../device-token.js';
import type { OtpProblemCode } from '../problem.js';
import { isJson, type Json, jsonOf } from './json.js';
import type { RouteName } from './marks.js';
import { CHALLENGE_REFUSALS, ISSUE_REFUSALS, RESEND_REFUSALS, VERIFY_REFUSALS } from './refusals.js';
import { type SchemaName, schemaRef } from './schemas.js';

/** A built-in route as the document tells it. */
export interface RouteDescription {
  readonly texts: { readonly summary: string; readonly description?: string };
  readonly parameters: readonly Parameter[];
  readonly requestBody?: Json;
  readonly responses: Json;
  readonly problems: readonly OtpProblemCode[];
}

interface Parameter extends Json {
  readonly name: string;
  readonly in: 'path' | 'header';
}

/** Problems of every route that takes a body. */
const BODY_PROBLEMS: readonly OtpProblemCode[] = [
  'invalid_request',
  'forbidden',
  'payload_too_large',
  'unsupported_media_type',
];

const CHALLENGE_ID: Parameter = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'The `challengeId`.',
  schema: { type: 'string' },
};

const IDEMPOTENCY_KEY: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    '1 to 255 visible ASCII characters. The same key with the same body is answered as the first request was, without a ' +
    'second message, for as long as the challenge lives.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

const DEVICE_TOKEN: Parameter = {
  name: DEVICE_HEADER,
  in: 'header',
  description: 'The token of a trusted device; browsers send it as a cookie instead.',
  schema: { type: 'string' },
};

const NEW_DEVICE_TOKEN = {
  [DEVICE_HEADER]: {
    description: 'The token of a trusted device, for clients that are no browser; a browser gets a cookie.',
    schema: { type: 'string' },
  },
};

export const ROUTES: Readonly<Record<RouteName, RouteDescription>> = {
  create: {
    texts: {
      summary: 'Sends a code',
      description:
        '`phoneNumber` is international (`+31 6 1234 5678`), or national with `country` (`NL`). `purpose` may be left out ' +
        'where only one may be started here.',
    },
    parameters: [IDEMPOTENCY_KEY, DEVICE_TOKEN],
    requestBody: body('OtpChallengeRequest'),
    responses: { 201: answer('The message is on its way.', 'OtpChallenge') },
    problems: [...BODY_PROBLEMS, ...ISSUE_REFUSALS],
  },
  resend: {
    texts: {
      summary: 'Sends a new code for the same challenge',
      description: 'The old code is dead. The body may be left out.',
    },
    parameters: [CHALLENGE_ID, DEVICE_TOKEN],
    requestBody: { ...body('OtpResendRequest'), required: false },
    responses: { 200: answer('The message is on its way.', 'OtpChallenge') },
    problems: [...BODY_PROBLEMS, ...RESEND_REFUSALS],
  },
  verify: {
    texts: {
      summary: 'Answers a challenge with the code of its message',
      description:
        'Spaces and hyphens in `code` do not matter. `rememberDevice` asks for the token of a trusted device.',
    },
    parameters: [CHALLENGE_ID, DEVICE_TOKEN],
    requestBody: body('OtpCodeRequest'),
    responses: {
      200: { ...answer('The code was right.', 'OtpVerified'), headers: NEW_DEVICE_TOKEN },
    },
    problems: [...BODY_PROBLEMS, ...VERIFY_REFUSALS],
  },
  status: {
    texts: { summary: 'How a challenge stands' },
    parameters: [CHALLENGE_ID],
    responses: { 200: answer('The challenge is live.', 'OtpChallengeStatus') },
    problems: ['forbidden', ...CHALLENGE_REFUSALS],
  },
  cancel: {
    texts: { summary: 'Ends a challenge' },
    parameters: [CHALLENGE_ID],
    responses: { 204: { description: 'The challenge is gone.' } },
    problems: ['forbidden', ...CHALLENGE_REFUSALS],
  },
  publicKeys: {
    texts: { summary: 'The public keys that verify proofs (JWK Set)' },
    parameters: [],
    responses: {
      200: answer('The keys.', 'OtpPublicKeys'),
      404: {
        description: 'Proofs are signed with a secret, so there are none.',
        content: { 'application/json': { schema: { type: 'object' } } },
      },
    },
    problems: ['forbidden'],
  },
};

/** What is said of every operation, such as global parameters, stays. */
export function withRoute(operation: Json, { texts, parameters, requestBody, responses }: RouteDescription): Json {
  const existing = Array.isArray(operation['parameters']) ? operation['parameters'].filter(isJson) : [];
  const others = existing.filter(
    (other) => !parameters.some((own) => own.name === other['name'] && own.in === other['in']),
  );
  return {
    ...operation,
    ...texts,
    parameters: [...parameters, ...others],
    ...(requestBody && { requestBody }),
    responses: { ...jsonOf(operation['responses']), ...responses },
  };
}

function body(name: SchemaName) {
  return { required: true, content: { 'application/json': { schema: schemaRef(name) } } };
}

function answer(description: string, name: SchemaName) {
  return { description, content: { 'application/json': { schema: schemaRef(name) } } };
}
