import type {
  Busy,
  CancelResult,
  IssueResult,
  ResendResult,
  StatusResult,
  StoreUnavailable,
  Throttled,
  VerifyResult,
} from '../../flows/results.js';
import type { OtpRefusal } from '../otp.exception.js';
import type { OtpProblemCode } from '../problem.js';
import { isProblemCode } from './problem-codes.js';

/** Codes of all refusals of a flow; those that are told as `invalid_request` are not among them. */
type RefusalCode<R> = Extract<Extract<R, OtpRefusal>['outcome'], OtpProblemCode>;

/** A table and no list, so that a code too few or too many does not compile. */
function codesOf<R>(table: Readonly<Record<RefusalCode<R>, true>>): readonly OtpProblemCode[] {
  return Object.keys(table).filter(isProblemCode);
}

export const ISSUE_REFUSALS = codesOf<IssueResult>({
  invalid_phone_number: true,
  destination_not_allowed: true,
  idempotency_conflict: true,
  throttled: true,
  busy: true,
  delivery_failed: true,
  store_unavailable: true,
});

export const RESEND_REFUSALS = codesOf<ResendResult>({
  destination_not_allowed: true,
  challenge_gone: true,
  attempts_exhausted: true,
  throttled: true,
  busy: true,
  delivery_failed: true,
  store_unavailable: true,
});

export const VERIFY_REFUSALS = codesOf<VerifyResult>({
  incorrect_code: true,
  challenge_gone: true,
  attempts_exhausted: true,
  throttled: true,
  busy: true,
  store_unavailable: true,
});

/** Of looking at a challenge and of ending it. */
export const CHALLENGE_REFUSALS = codesOf<StatusResult | CancelResult>({
  challenge_gone: true,
  store_unavailable: true,
});

export const THROTTLE_REFUSALS = codesOf<Throttled | Busy | StoreUnavailable>({
  throttled: true,
  busy: true,
  store_unavailable: true,
});
