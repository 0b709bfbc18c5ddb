import { createParamDecorator, type ExecutionContext, UnauthorizedException } from '@nestjs/common';
import type { VerifiedOtp } from '../../proof/proof-claims.js';
import { readCall } from './guarded-call.js';
import type { OtpRequirement } from './otp-requirement.js';

interface Question {
  readonly requirement: OtpRequirement;
  /** Of which `OtpModule`; an application may have several. */
  readonly by: object;
}

interface Verified extends Question {
  readonly otp: VerifiedOtp;
}

/** Kept beside the call and not on it: nothing that a client sends can put an entry here. */
const verified = new WeakMap<object, Verified>();

export function rememberVerified(identity: object, entry: Verified): void {
  verified.set(identity, entry);
}

/** Whether a guard has met this very requirement for this call: two guards on one handler spend one code. */
export function isVerified(identity: object, { requirement, by }: Question): boolean {
  const entry = verified.get(identity);
  return entry?.requirement === requirement && entry.by === by;
}

/** What a guard found for this call. */
export function verifiedOtp(identity: object): VerifiedOtp | undefined {
  return verified.get(identity)?.otp;
}

function verifiedOf(context: ExecutionContext, decorator: string): VerifiedOtp {
  const call = readCall(context);
  const otp = call && verifiedOtp(call.identity);
  if (otp === undefined) {
    throw new UnauthorizedException(
      `@${decorator}(): nothing was proved, for @RequireOtp() is missing here or let the request through (skipIf)`,
    );
  }
  return otp;
}

/**
 * The number (E.164) that was proved. Only under `@RequireOtp`; without it, and where `skipIf` let the request through, the
 * request is refused.
 *
 * @example
 * session(@VerifiedPhone() phoneNumber: string) {}
 */
export const VerifiedPhone: () => ParameterDecorator = createParamDecorator(
  (_data: unknown, context: ExecutionContext): string => verifiedOf(context, 'VerifiedPhone').phoneNumber,
);

/**
 * What was proved: number, subject, purpose, when and how. Only under `@RequireOtp`, like `@VerifiedPhone()`.
 *
 * @example
 * pay(@Body() dto: PayoutDto, @OtpProof() proof: VerifiedOtp) {}
 */
export const OtpProof: () => ParameterDecorator = createParamDecorator(
  (_data: unknown, context: ExecutionContext): VerifiedOtp => verifiedOf(context, 'OtpProof'),
);
