import { applyDecorators, UseFilters, UseGuards, UseInterceptors } from '@nestjs/common';
import type { OtpPurposeName } from '../../challenge/purpose.js';
import { describeGuarded } from '../openapi/marks.js';
import { OtpExceptionFilter } from '../otp-exception.filter.js';
import { AppliedOtpGuard } from './applied-otp.guard.js';
import { LateCallerInterceptor } from './late-caller.interceptor.js';
import { markTarget, type RequireOtpOptions } from './otp-requirement.js';

/**
 * Lets a call through only with a code for `purpose`, on a handler or on all handlers of a class; on controllers, resolvers
 * of GraphQL and gateways of WebSockets alike.
 *
 * The module's `caller` tells who is calling: number and account must be those of the challenge or proof. A public purpose
 * (a login) may do without a caller, with a proof.
 *
 * A handler's options go before its class's, see `requirementOf`. Decorators of one class or handler run from the bottom
 * up: authenticate globally, or on the class of guarded handlers, so that the caller is known before the code is asked for.
 *
 * @throws Error when it stands twice on one target, or beside `@SkipOtp()`.
 *
 * @example
 * @Post() @RequireOtp('payout', { binding: (request) => ({ amount: request.body.amount, payee: request.body.iban }) })
 * pay(@Body() dto: PayoutDto, @OtpProof() proof: VerifiedOtp) {}
 */
export function RequireOtp<P extends OtpPurposeName>(
  purpose: P,
  options: RequireOtpOptions<P> = {},
): MethodDecorator & ClassDecorator {
  return applyDecorators(
    markTarget({ purpose, ...options }),
    UseGuards(AppliedOtpGuard),
    UseInterceptors(LateCallerInterceptor),
    UseFilters(OtpExceptionFilter),
    describeGuarded({ purpose, ...options }),
  );
}
