import { z } from 'zod';
import { checkAudience } from './challenge/audience.js';
import { CODE_LENGTHS } from './code/make-code.js';
import { CHANNELS_SCHEMA } from './otp.delivery-schema.js';
import { checked, wholeNumber } from './otp.schema-parts.js';

const checkBindingSchema = (value: unknown) =>
  (typeof value === 'object' || typeof value === 'function') && value !== null && '~standard' in value
    ? undefined
    : 'must be a schema (Standard Schema), e.g. z.object({ amount: z.string() })';

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
    channels: CHANNELS_SCHEMA.optional(),
    audience: checked(checkAudience).optional(),
    binding: checked(checkBindingSchema).optional(),
    message: checked((value) => (typeof value === 'function' ? undefined : 'must be a function')).optional(),
  })
  .refine(
    ({ start, binding }) => start !== 'public' || binding === undefined,
    "is 'public' and has a binding; strangers must not write messages, so leave out one of the two",
  );

export const PURPOSES_SCHEMA = z
  .record(
    z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'a name has letters, digits, - and _, and begins with a letter'),
    purpose,
    'must be defineOtpPurposes({ … })',
  )
  .refine(
    (value) => Object.keys(value).length > 0,
    'declares no purpose; declare one, e.g. { login: { start: "public" } }',
  );
