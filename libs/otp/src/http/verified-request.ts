import { createParamDecorator, type ExecutionContext, UnauthorizedException } from '@nestjs/common';
import type { VerifiedOtp } from '../proof/proof-service.js';
import type { OtpRequirement } from './otp-requirement.js';

interface Verified {
  readonly requirement: OtpRequirement;
  readonly proof: VerifiedOtp;
}

/** Kept beside the request and not on it: nothing that a client sends can put an entry here. */
const verified = new WeakMap<object, Verified>();

export function rememberVerified(request: object, entry: Verified): void {
  verified.set(request, entry);
}

/** Whether a guard has met this very requirement for this request: two guards on one handler spend one proof. */
export function isVerified(request: object, requirement: OtpRequirement): boolean {
  return verified.get(request)?.requirement === requirement;
}

/**
 * The number (E.164) that the request's proof is for. Only under `@RequireOtp`; without it the request is refused.
 *
 * @example
 * session(@VerifiedPhone() phoneNumber: string) {}
 */
export const VerifiedPhone: () => ParameterDecorator = createParamDecorator(
  (_data: unknown, context: ExecutionContext): string => {
    const entry = verified.get(context.switchToHttp().getRequest<object>());
    if (entry === undefined) {
      throw new UnauthorizedException('@VerifiedPhone() needs @RequireOtp() on its handler or class');
    }
    return entry.proof.phoneNumber;
  },
);
