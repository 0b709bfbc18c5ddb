import { OtpException } from 'nestjs-sms-otp';
import type { ZodType } from 'zod';

/**
 * What a form sent, or JSON in its place.
 *
 * @throws OtpException `invalid_request`: not what the page's own form sends, so the person is told no details
 */
export function readForm<T>(schema: ZodType<T>, body: unknown): T {
  const reading = schema.safeParse(body ?? {});
  if (!reading.success) {
    throw new OtpException('invalid_request');
  }
  return reading.data;
}
