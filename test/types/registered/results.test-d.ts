import {
  type CancelResult,
  type ChallengeStatusView,
  type ChallengeView,
  type IssueResult,
  type OtpException,
  type OtpPublicKeys,
  type OtpService,
  type ProofCheckResult,
  type ResendResult,
  type StatusResult,
  toOtpException,
  type Verified,
  type VerifiedOtp,
  type VerifyResult,
} from 'nestjs-sms-otp';
import { expectTypeOf, it } from 'vitest';
import './otp-register.js';

it('each method has its outcomes, and no other', () => {
  type Common = 'throttled' | 'busy' | 'store_unavailable';
  type Sending = Common | 'destination_not_allowed' | 'delivery_failed';
  expectTypeOf<IssueResult['outcome']>().toEqualTypeOf<
    'issued' | 'invalid_phone_number' | 'invalid_binding' | 'invalid_channel' | 'idempotency_conflict' | Sending
  >();
  expectTypeOf<ResendResult['outcome']>().toEqualTypeOf<
    'resent' | 'challenge_gone' | 'attempts_exhausted' | 'invalid_channel' | Sending
  >();
  expectTypeOf<VerifyResult['outcome']>().toEqualTypeOf<
    | 'verified'
    | 'incorrect_code'
    | 'invalid_code'
    | 'invalid_binding'
    | 'challenge_gone'
    | 'attempts_exhausted'
    | Common
  >();
  expectTypeOf<StatusResult['outcome']>().toEqualTypeOf<'live' | 'challenge_gone' | 'store_unavailable'>();
  expectTypeOf<CancelResult['outcome']>().toEqualTypeOf<'cancelled' | 'challenge_gone' | 'store_unavailable'>();
  expectTypeOf<ProofCheckResult['outcome']>().toEqualTypeOf<
    'accepted' | 'refused' | 'invalid_binding' | 'busy' | 'store_unavailable'
  >();

  expectTypeOf<OtpService['issue']>().returns.resolves.toEqualTypeOf<IssueResult>();
  expectTypeOf<OtpService['resend']>().returns.resolves.toEqualTypeOf<ResendResult>();
  expectTypeOf<OtpService['verify']>().returns.resolves.toEqualTypeOf<VerifyResult>();
  expectTypeOf<OtpService['status']>().returns.resolves.toEqualTypeOf<StatusResult>();
  expectTypeOf<OtpService['cancel']>().returns.resolves.toEqualTypeOf<CancelResult>();
  expectTypeOf<OtpService['checkProof']>().returns.resolves.toEqualTypeOf<ProofCheckResult>();
  expectTypeOf<OtpService['publicKeys']>().returns.toEqualTypeOf<OtpPublicKeys | undefined>();
});

it('an outcome narrows to what it carries', () => {
  function afterIssue(result: IssueResult): ChallengeView {
    // @ts-expect-error perhaps there is none
    void result.challenge;
    if (result.outcome !== 'issued') {
      expectTypeOf(toOtpException(result)).toEqualTypeOf<OtpException>();
      throw toOtpException(result);
    }
    return result.challenge;
  }
  function afterStatus(result: StatusResult): ChallengeStatusView | undefined {
    return result.outcome === 'live' ? result.challenge : undefined;
  }
  function afterVerify(result: VerifyResult): string | undefined {
    if (result.outcome !== 'verified') {
      throw toOtpException(result);
    }
    expectTypeOf(result).toEqualTypeOf<Verified>();
    return result.subject;
  }
  function afterCheck(result: ProofCheckResult): VerifiedOtp {
    if (result.outcome !== 'accepted') {
      throw toOtpException(result);
    }
    return result.proof;
  }
  void [afterIssue, afterStatus, afterVerify, afterCheck];
});

it('a success is no refusal', () => {
  function rethrow(issued: IssueResult, verified: VerifyResult, checked: ProofCheckResult): void {
    // @ts-expect-error may be issued
    void toOtpException(issued);
    // @ts-expect-error may be verified
    void toOtpException(verified);
    // @ts-expect-error may be accepted
    void toOtpException(checked);
  }
  void rethrow;
});

it('a switch over all outcomes is complete', () => {
  function words(result: IssueResult | ResendResult | VerifyResult | StatusResult | CancelResult): string | number {
    switch (result.outcome) {
      case 'issued':
      case 'resent':
      case 'live':
        return result.challenge.destination;
      case 'verified':
        return result.proof;
      case 'cancelled':
        return '';
      case 'invalid_phone_number':
      case 'destination_not_allowed':
      case 'invalid_channel':
      case 'invalid_code':
        return result.detail;
      case 'invalid_binding':
        return result.errors.map(({ pointer, detail }) => `${pointer} ${detail}`).join();
      case 'incorrect_code':
        return result.attemptsRemaining;
      case 'throttled':
      case 'busy':
      case 'delivery_failed':
        return result.retryAfterSeconds;
      case 'idempotency_conflict':
        return result.retryAfterSeconds ?? 0;
      case 'challenge_gone':
      case 'attempts_exhausted':
      case 'store_unavailable':
        return result.outcome;
    }
  }
  void words;
});

it('and one that misses an outcome, or makes one up, does not compile', () => {
  // @ts-expect-error store_unavailable ends without a result
  function incomplete(result: CancelResult): boolean {
    // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- what is tested
    switch (result.outcome) {
      case 'cancelled':
        return true;
      case 'challenge_gone':
        return false;
    }
  }
  function invented(result: CancelResult): boolean {
    // @ts-expect-error no such outcome
    return result.outcome === 'canceled';
  }
  void [incomplete, invented];
});

it('H5 H6 a proof tells whose it is, for what, how and when', () => {
  expectTypeOf<VerifiedOtp>().branded.toEqualTypeOf<{
    readonly id: string;
    readonly phoneNumber: string;
    readonly purpose: string;
    readonly subject: string | undefined;
    readonly amr: readonly string[];
    readonly authTime: number;
    readonly expiresAt: number;
    readonly audience: readonly string[];
    readonly binding?: string | undefined;
    readonly action?: string | undefined;
  }>();
  expectTypeOf<Verified['otp']>().toEqualTypeOf<VerifiedOtp>();
});
