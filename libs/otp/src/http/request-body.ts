import { z } from 'zod';
import { CHANNELS } from '../phone/channel.js';
import { OtpException } from './otp.exception.js';

const text = (longest: number) => z.string().max(longest);

/** The bodies of the built-in routes. Members that are not listed are refused. */
export const CREATE_BODY = z.strictObject({
  phoneNumber: text(64),
  country: text(2).optional(),
  purpose: text(64).optional(),
  locale: text(35)
    .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, 'must be a BCP 47 language tag')
    .optional(),
  channel: z.enum(CHANNELS).optional(),
});

export const RESEND_BODY = z.strictObject({ channel: z.enum(CHANNELS).optional() });

export const VERIFY_BODY = z.strictObject({ code: text(64), rememberDevice: z.boolean().optional() });

/** @throws OtpException `invalid_request` that names each member at fault and repeats nothing of what was sent. */
export function readBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) {
    return result.data;
  }
  throw new OtpException('invalid_request', {
    detail: 'The body is not as it should be.',
    errors: result.error.issues.map(problemOf),
  });
}

function problemOf(issue: z.core.$ZodIssue): { pointer: string; detail: string } {
  const pointer = ['#', ...issue.path.map(String)].join('/');
  switch (issue.code) {
    case 'invalid_type':
      return { pointer, detail: `must be ${issue.expected === 'object' ? 'a JSON object' : `a ${issue.expected}`}` };
    case 'unrecognized_keys':
      return { pointer, detail: 'has members that are not known here' };
    case 'too_big':
      return { pointer, detail: `must have at most ${issue.maximum} characters` };
    case 'invalid_format':
      return { pointer, detail: issue.message };
    case 'invalid_value':
      return { pointer, detail: `must be one of: ${issue.values.join(', ')}` };
    default:
      return { pointer, detail: 'is not valid' };
  }
}
