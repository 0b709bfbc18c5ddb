import { HttpException } from '@nestjs/common';
import type {
  CancelResult,
  IssueResult,
  ProofCheckResult,
  ProofRefused,
  ResendResult,
  StatusResult,
  VerifyResult,
} from '../flows/results.js';
import { type OtpProblem, otpProblem, type OtpProblemCode, type ProblemExtras } from './problem.js';

/** A refusal on its way to the client. Nest's own filter answers its problem as JSON; `OtpProblemFilter` adds the headers. */
export class OtpException extends HttpException {
  readonly problem: OtpProblem;
  /** Where GraphQL servers look for what a client may see. */
  readonly extensions: { readonly code: OtpProblemCode; readonly problem: OtpProblem };
  /** Headers that belong to the answer, such as `WWW-Authenticate`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: OtpProblemCode, extras: ProblemExtras = {}, headers: Readonly<Record<string, string>> = {}) {
    const problem = otpProblem(code, extras);
    super({ ...problem }, problem.status);
    this.message = problem.title;
    this.problem = problem;
    this.extensions = { code, problem };
    this.headers =
      problem.retryAfter === undefined ? headers : { 'Retry-After': String(problem.retryAfter), ...headers };
  }
}

type AnyResult = IssueResult | ResendResult | VerifyResult | CancelResult | StatusResult | ProofCheckResult;

/** Every result of `OtpService` that is not the success. */
export type OtpRefusal = Exclude<
  AnyResult,
  { readonly outcome: 'issued' | 'resent' | 'verified' | 'cancelled' | 'live' | 'accepted' }
>;

/**
 * The exception that answers a refusal as the built-in routes do.
 *
 * @example
 * const result = await otp.issue({ purpose: 'second', phoneNumber, client });
 * if (result.outcome !== 'issued') throw toOtpException(result);
 */
export function toOtpException(refusal: OtpRefusal): OtpException {
  switch (refusal.outcome) {
    case 'invalid_phone_number':
      return new OtpException('invalid_phone_number', {
        detail: refusal.detail,
        errors: [{ pointer: '#/phoneNumber', detail: refusal.detail }],
      });
    case 'invalid_code':
      return new OtpException('invalid_request', {
        detail: refusal.detail,
        errors: [{ pointer: '#/code', detail: refusal.detail }],
      });
    case 'invalid_channel':
      return new OtpException('invalid_request', {
        detail: refusal.detail,
        errors: [{ pointer: '#/channel', detail: refusal.detail }],
      });
    case 'invalid_binding':
      return new OtpException('invalid_request', { detail: refusal.detail, errors: refusal.errors });
    case 'destination_not_allowed':
      return new OtpException('destination_not_allowed', { detail: refusal.detail });
    case 'incorrect_code':
      return new OtpException('incorrect_code', { attemptsRemaining: refusal.attemptsRemaining });
    case 'throttled':
    case 'busy':
    case 'delivery_failed':
      return new OtpException(refusal.outcome, { retryAfter: refusal.retryAfterSeconds });
    case 'idempotency_conflict':
      return new OtpException(
        'idempotency_conflict',
        refusal.retryAfterSeconds === undefined ? {} : { retryAfter: refusal.retryAfterSeconds },
      );
    case 'challenge_gone':
    case 'attempts_exhausted':
    case 'store_unavailable':
      return new OtpException(refusal.outcome);
    case 'refused':
      return new OtpException(
        proofProblem(refusal.reason),
        {},
        { 'WWW-Authenticate': 'Bearer error="insufficient_user_authentication"' },
      );
  }
}

/** The client learns no more of a proof that does not do. */
export function proofProblem(reason: ProofRefused['reason']): 'otp_required' | 'insufficient_proof' {
  return reason === 'missing' ? 'otp_required' : 'insufficient_proof';
}
