import { header, type HttpRequest } from './http-request.js';
import { OtpException } from './otp.exception.js';

/** Visible ASCII: a UUID, or the quoted string of the draft. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/** @throws OtpException `invalid_request` for a key that is empty, too long or not plain text. */
export function readIdempotencyKey(request: HttpRequest): string | undefined {
  const key = header(request, 'idempotency-key');
  if (key !== undefined && !KEY.test(key)) {
    throw new OtpException('invalid_request', {
      detail: 'Idempotency-Key must have 1 to 255 visible ASCII characters.',
    });
  }
  return key;
}
