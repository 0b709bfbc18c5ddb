import { applyDecorators, SetMetadata, UseFilters, UseGuards } from '@nestjs/common';
import type { OtpPurposeName } from '../challenge/purpose.js';
import { OtpGuard } from './otp.guard.js';
import { OtpExceptionFilter } from './otp-exception.filter.js';
import { OTP_REQUIREMENT } from './otp-requirement.js';

export interface RequireOtpOptions {
  /** `proof`: the request carries the header `OTP-Proof` with a proof that a right code earned. */
  readonly mode: 'proof';
  /** The proof opens one request and no second, even when the handler fails. @default false */
  readonly singleUse?: boolean;
  /** How long ago the code may have been entered, in seconds. @default the lifetime of proofs */
  readonly maxAgeSeconds?: number;
}

/**
 * Lets a request through only with a proof for `purpose`, on a handler or on all handlers of a class.
 *
 * Where the module has a `caller`, the proof must be for the caller's own number and account. A purpose that only the
 * application starts needs a caller; a public one (a login) may do without.
 *
 * Decorators of one handler run from the bottom up: authenticate on the class or globally, so that the caller is known
 * before the code is asked for.
 *
 * @example
 * @Post('session') @RequireOtp('login', { mode: 'proof', singleUse: true })
 * session(@VerifiedPhone() phoneNumber: string) {}
 */
export function RequireOtp(purpose: OtpPurposeName, options: RequireOtpOptions): MethodDecorator & ClassDecorator {
  return applyDecorators(
    SetMetadata(OTP_REQUIREMENT, { purpose, ...options }),
    UseGuards(OtpGuard),
    UseFilters(OtpExceptionFilter),
  );
}
