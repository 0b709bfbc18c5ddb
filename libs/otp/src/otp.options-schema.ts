import { z } from 'zod';
import { checkTrustedProxies } from './http/client-ip.js';
import {
  checkAndroidAppHash,
  checkLanguages,
  checkLanguagesHaveWords,
  checkOrigin,
  checkServiceName,
  checkTemplates,
} from './message/check-message-options.js';
import { checkCountries } from './phone/countries.js';
import { DELIVERY_SCHEMA, TEST_NUMBERS_SCHEMA, TRANSPORT_SCHEMA } from './otp.delivery-schema.js';
import { LIMITS_SCHEMA } from './otp.limits-schema.js';
import { PURPOSES_SCHEMA } from './otp.purposes-schema.js';
import { checked, checkedList, DAY_SECONDS, numberFrom, wholeNumber } from './otp.schema-parts.js';
import { checkProofKey, checkProofKeys } from './proof/proof-key-pair.js';
import { MIN_SECRET_BYTES } from './secrets/secret-ring.js';

const secret = checked((value) => {
  if (typeof value !== 'string') {
    return 'must be a string; make one with `openssl rand -base64 32`';
  }
  const bytes = Buffer.byteLength(value);
  if (bytes < MIN_SECRET_BYTES) {
    return `has ${bytes} bytes and needs ${MIN_SECRET_BYTES}; make one with \`openssl rand -base64 32\``;
  }
  return new Set(value).size < 10 ? 'is no random value; make one with `openssl rand -base64 32`' : undefined;
});

const url = checked((value) => {
  const parsed = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    return 'must be a URL that begins with https:// (http:// in development), e.g. "https://api.acme.com"';
  }
  // Providers are given addresses below it, and proofs name it as their issuer.
  return parsed.username === '' && parsed.password === '' && !/[?#]/.test(parsed.href)
    ? undefined
    : 'must hold neither credentials nor query nor fragment, e.g. "https://api.acme.com"';
});

const origin = checked((value) =>
  typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value
    ? undefined
    : 'must be an origin: scheme and host without a path, e.g. "https://app.acme.com"',
);

/** An object that brings functions of its own: a store, a hasher. `members`: each with the type that it has. */
const implementing = (mend: string, members: Readonly<Record<string, 'function' | 'object' | 'string' | 'boolean'>>) =>
  checked((value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(members).every(([name, type]) => {
      const member: unknown = Reflect.get(value, name);
      return typeof member === type && member !== null;
    })
      ? undefined
      : mend,
  );

const proofKeys = z
  .array(checked(checkProofKey), 'must be an array of keys')
  .min(1, 'must have a key, or be left out to sign with the secrets')
  .superRefine((keys, context) => {
    const problem = checkProofKeys(keys);
    if (problem !== undefined) {
      context.addIssue({ code: 'custom', message: problem });
    }
  });

export const OPTIONS_SCHEMA = z.strictObject({
  serviceName: checked(checkServiceName),
  secrets: z
    .array(secret, 'must be an array of secrets')
    .min(1, 'must have a secret; make one with `openssl rand -base64 32`'),
  indexSecret: secret.optional(),
  purposes: PURPOSES_SCHEMA,
  origin: checked(checkOrigin).optional(),
  publicUrl: url.optional(),
  store: implementing('must be memoryStore() or redisStore({ … })', {
    challenges: 'object',
    limits: 'object',
    marks: 'object',
    namespace: 'string',
    connect: 'function',
    close: 'function',
  }).optional(),
  transports: z
    .array(TRANSPORT_SCHEMA)
    .min(1, 'must have at least one transport; leave it out in development to print messages')
    .optional(),
  sendTimeoutSeconds: wholeNumber(1, 60).optional(),
  delivery: DELIVERY_SCHEMA.optional(),
  messages: z
    .strictObject({
      languages: checked(checkLanguages).optional(),
      templates: checked(checkTemplates).optional(),
      androidAppHash: checked(checkAndroidAppHash).optional(),
    })
    .superRefine((messages, context) => {
      const problem = checkLanguagesHaveWords(messages);
      if (problem !== undefined) {
        context.addIssue({ code: 'custom', path: ['languages'], message: problem });
      }
    })
    .optional(),
  testNumbers: TEST_NUMBERS_SCHEMA.optional(),
  destinations: z
    .strictObject({
      countries: checkedList(checkCountries).optional(),
      allow: checked((value) => (typeof value === 'function' ? undefined : 'must be a function')).optional(),
    })
    .optional(),
  limits: LIMITS_SCHEMA.optional(),
  risk: z
    .strictObject({
      assessor: checked((value) =>
        typeof value === 'object' && value !== null && typeof Reflect.get(value, 'assess') === 'function'
          ? undefined
          : 'must be an object with a function `assess`',
      ),
      timeoutSeconds: numberFrom(0.1, 10).optional(),
      onFailure: z.enum(['deny', 'allow'], "must be 'deny' or 'allow'").optional(),
      decoys: z.boolean('must be true or false').optional(),
    })
    .optional(),
  hashing: implementing('must be argon2id() or hmacSha256()', {
    hash: 'function',
    verify: 'function',
    prepare: 'function',
    occupiesThread: 'boolean',
  }).optional(),
  proofs: z
    .strictObject({
      ttlSeconds: wholeNumber(30, DAY_SECONDS).optional(),
      keys: proofKeys.optional(),
      clockToleranceSeconds: wholeNumber(0, 60).optional(),
    })
    .optional(),
  trustedProxies: checkedList(checkTrustedProxies).optional(),
  forwardedHeader: z
    .enum(['x-forwarded-for', 'forwarded'], "must be 'x-forwarded-for' or 'forwarded', as your proxies write it")
    .optional(),
  allowedOrigins: z.array(origin, 'must be an array of origins').optional(),
  production: z.boolean('must be true or false').optional(),
});

/** One line for each mistake, beginning with the option's path. Values are not repeated: they may be secrets. */
export function problemsOf(error: z.ZodError): string[] {
  return error.issues.map((issue) => {
    const path = issue.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
    return `${path.replace(/^\./, '') || 'options'}: ${describe(issue)}`;
  });
}

function describe(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `${issue.keys.map((key) => `'${key}'`).join(', ')} is not an option here; ${mendOf(issue.keys)}`;
    case 'invalid_key':
      return issue.issues[0]?.message ?? issue.message;
    case 'invalid_type':
      return issue.message.startsWith('Invalid input')
        ? `must be ${SHAPES[issue.expected] ?? issue.expected}`
        : issue.message;
    default:
      return issue.message;
  }
}

function mendOf(keys: readonly string[]): string {
  return keys.some((key) => ['routes', 'caller', 'isGlobal'].includes(key))
    ? 'routes, caller and isGlobal stand beside useFactory'
    : 'see the options table for what is';
}

const SHAPES: Readonly<Record<string, string>> = {
  object: 'an object, { … }; see the options table for its members',
  array: 'an array, [ … ]; see the options table for its entries',
  record: 'an object, { … }',
};
