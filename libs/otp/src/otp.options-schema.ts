import { z } from 'zod';
import { CODE_LENGTHS } from './code/make-code.js';
import { checkAudience } from './challenge/audience.js';
import { checkTrustedProxies } from './http/client-ip.js';
import { checkPrices } from './limits/prices.js';
import { checkOrigin, checkServiceName } from './message/check-message-options.js';
import { checkCountries } from './phone/countries.js';
import { checkProofKey, checkProofKeys } from './proof/proof-key-pair.js';
import { MIN_SECRET_BYTES } from './secrets/secret-ring.js';

const DAY_SECONDS = 86_400;

/** A member checked by a function that says in words what is wrong. */
function checked(check: (value: unknown) => string | undefined) {
  return z.unknown().superRefine((value, context) => {
    const problem = check(value);
    if (problem !== undefined) {
      context.addIssue({ code: 'custom', message: problem });
    }
  });
}

function checkedList(check: (list: readonly unknown[]) => string | undefined) {
  return checked((value) => (Array.isArray(value) ? check(value) : 'must be an array'));
}

const wholeNumber = (least: number, most: number) =>
  z
    .number(`must be a whole number from ${least} to ${most}`)
    .refine(
      (value) => Number.isSafeInteger(value) && value >= least && value <= most,
      `must be a whole number from ${least} to ${most}`,
    );

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

const url = checked((value) =>
  typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
    ? undefined
    : 'must be a URL that begins with https:// (http:// in development), e.g. "https://api.acme.com"',
);

const origin = checked((value) =>
  typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value
    ? undefined
    : 'must be an origin: scheme and host without a path, e.g. "https://app.acme.com"',
);

/** An object that brings functions of its own: a store, a transport, a hasher. */
const implementing = (mend: string, ...members: readonly string[]) =>
  checked((value) =>
    typeof value === 'object' && value !== null && members.every((member) => Reflect.get(value, member) !== undefined)
      ? undefined
      : mend,
  );

const transport = checked((value) =>
  typeof value === 'object' &&
  value !== null &&
  typeof Reflect.get(value, 'name') === 'string' &&
  Array.isArray(Reflect.get(value, 'channels')) &&
  typeof Reflect.get(value, 'send') === 'function'
    ? undefined
    : 'must be a transport: `name`, a list of `channels`, and `send`',
);

const windows = z
  .array(z.strictObject({ limit: wholeNumber(1, 1000), windowSeconds: wholeNumber(1, 30 * DAY_SECONDS) }))
  .min(1, 'must have at least one limit, e.g. [{ limit: 5, windowSeconds: 3600 }]');

const numberFrom = (least: number, most: number) =>
  z
    .number(`must be a number from ${least} to ${most}`)
    .refine((value) => value >= least && value <= most, `must be a number from ${least} to ${most}`);

const mode = z.enum(['enforce', 'observe'], "must be 'enforce' or 'observe'");

const budget = z.strictObject({
  limit: wholeNumber(1, 1_000_000),
  windowSeconds: wholeNumber(1, 30 * DAY_SECONDS),
  share: numberFrom(0, 100).optional(),
  trickleSeconds: wholeNumber(1, DAY_SECONDS).optional(),
  mode: mode.optional(),
});

const budgets = z
  .array(budget)
  .min(1, 'must have at least one limit, e.g. [{ limit: 50, windowSeconds: 3600, share: 0.5 }]');

const young = z.strictObject({
  seconds: wholeNumber(10, 120),
  upTo: wholeNumber(0, 1_000_000),
  share: numberFrom(0, 100).optional(),
});

const cooldown = z
  .array(wholeNumber(1, DAY_SECONDS))
  .min(1, 'must have at least one step in seconds, e.g. [30, 60, 120]');

const lane = { cooldownSeconds: cooldown.optional(), sends: windows.optional(), wrongCodes: windows.optional() };
const shared = { unansweredSends: budgets.optional(), youngSends: young.optional() };

const limits = z.strictObject({
  number: z.strictObject({ ...lane, consecutiveFailures: wholeNumber(1, 100).optional() }).optional(),
  device: z.strictObject(lane).optional(),
  vouched: z.strictObject(lane).optional(),
  trusted: z.strictObject({ sends: windows.optional(), wrongCodes: windows.optional() }).optional(),
  knownNumbers: z
    .strictObject({
      withinSeconds: wholeNumber(DAY_SECONDS, 400 * DAY_SECONDS).optional(),
      passes: wholeNumber(0, 10).optional(),
    })
    .optional(),
  ip: z
    .strictObject({
      ipv6Prefix: wholeNumber(48, 128).optional(),
      unansweredSends: budgets.optional(),
      youngSends: young.optional(),
      sends: budgets.optional(),
      unansweredCountries: budgets.max(1, 'must be one limit').optional(),
      wrongCodes: budgets.optional(),
      failedSends: budgets.optional(),
    })
    .optional(),
  prefix: z.strictObject(shared).optional(),
  country: z.strictObject(shared).optional(),
  all: z.strictObject({ ...shared, wrongCodes: budgets.optional() }).optional(),
  money: z
    .strictObject({
      perDay: numberFrom(0.01, 1_000_000_000),
      reserve: numberFrom(0, 0.9).optional(),
      prices: checked(checkPrices).optional(),
      mode: mode.optional(),
    })
    .optional(),
});

const checkBindingSchema = (value: unknown) =>
  (typeof value === 'object' || typeof value === 'function') && value !== null && '~standard' in value
    ? undefined
    : 'must be a schema (Standard Schema), e.g. z.object({ amount: z.string() })';

const proofKeys = z
  .array(checked(checkProofKey), 'must be an array of keys')
  .min(1, 'must have a key, or be left out to sign with the secrets')
  .superRefine((keys, context) => {
    const problem = checkProofKeys(keys);
    if (problem !== undefined) {
      context.addIssue({ code: 'custom', message: problem });
    }
  });

const purpose = z
  .strictObject({
    start: z.enum(['public', 'application'], "must be 'public' or 'application'").optional(),
    ttlSeconds: wholeNumber(30, 600).optional(),
    codeLength: z
      .number('must be 6, 7 or 8')
      .refine((value) => CODE_LENGTHS.some((length) => length === value), 'must be 6, 7 or 8')
      .optional(),
    maxAttempts: wholeNumber(1, 10).optional(),
    maxSends: wholeNumber(1, 10).optional(),
    audience: checked(checkAudience).optional(),
    binding: checked(checkBindingSchema).optional(),
    message: checked((value) => (typeof value === 'function' ? undefined : 'must be a function')).optional(),
  })
  .refine(
    ({ start, binding }) => start !== 'public' || binding === undefined,
    "is 'public' and has a binding; strangers must not write messages, so leave out one of the two",
  );

const purposes = z
  .record(
    z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'a name has letters, digits, - and _, and begins with a letter'),
    purpose,
    'must be defineOtpPurposes({ … })',
  )
  .refine(
    (value) => Object.keys(value).length > 0,
    'declares no purpose; declare one, e.g. { login: { start: "public" } }',
  );

export const OPTIONS_SCHEMA = z.strictObject({
  serviceName: checked(checkServiceName),
  secrets: z
    .array(secret, 'must be an array of secrets')
    .min(1, 'must have a secret; make one with `openssl rand -base64 32`'),
  indexSecret: secret.optional(),
  purposes,
  origin: checked(checkOrigin).optional(),
  publicUrl: url.optional(),
  store: implementing('must be memoryStore() or redisStore({ … })', 'challenges', 'limits', 'marks').optional(),
  transports: z
    .array(transport)
    .min(1, 'must have at least one transport; leave it out in development to print messages')
    .optional(),
  sendTimeoutSeconds: wholeNumber(1, 60).optional(),
  destinations: z
    .strictObject({
      countries: checkedList(checkCountries).optional(),
      allow: checked((value) => (typeof value === 'function' ? undefined : 'must be a function')).optional(),
    })
    .optional(),
  limits: limits.optional(),
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
  hashing: implementing('must be argon2id() or hmacSha256()', 'hash', 'verify', 'prepare', 'occupiesThread').optional(),
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
