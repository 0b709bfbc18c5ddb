import type { ChallengeView } from '../challenge/challenge-view.js';

/** Every `code` that a problem of this module can have. Stable: clients branch on it. */
export const PROBLEM_STATUS = {
  invalid_request: 400,
  invalid_phone_number: 400,
  otp_required: 401,
  insufficient_proof: 401,
  destination_not_allowed: 403,
  forbidden: 403,
  idempotency_conflict: 409,
  challenge_gone: 410,
  attempts_exhausted: 410,
  payload_too_large: 413,
  unsupported_media_type: 415,
  incorrect_code: 422,
  throttled: 429,
  busy: 503,
  delivery_failed: 503,
  store_unavailable: 503,
} as const;

export type OtpProblemCode = keyof typeof PROBLEM_STATUS;

const TITLES: Readonly<Record<OtpProblemCode, string>> = {
  invalid_request: 'The request is not as it should be',
  invalid_phone_number: 'This is not a phone number that can be used',
  otp_required: 'A code is needed',
  insufficient_proof: 'The proof is not sufficient',
  destination_not_allowed: 'No message can be sent to this number',
  forbidden: 'The request comes from a place that may not send it',
  idempotency_conflict: 'The idempotency key belongs to another request',
  challenge_gone: 'This code can no longer be entered',
  attempts_exhausted: 'There are no attempts left',
  payload_too_large: 'The request is too large',
  unsupported_media_type: 'The request must be JSON',
  incorrect_code: 'The code is not right',
  throttled: 'Too many requests',
  busy: 'The service is busy',
  delivery_failed: 'The message could not be sent',
  store_unavailable: 'The service is not available',
};

export interface ProblemError {
  /** JSON Pointer (RFC 6901) as a URI fragment to the member that is meant, e.g. `#/phoneNumber`. */
  readonly pointer: string;
  readonly detail: string;
}

/** Members beyond those of RFC 9457, by `code`. */
export interface ProblemExtras {
  readonly detail?: string;
  /** `invalid_request`, `invalid_phone_number`. */
  readonly errors?: readonly ProblemError[];
  /** `incorrect_code`. */
  readonly attemptsRemaining?: number;
  /** `otp_required`, `insufficient_proof`: what to answer, where the guard started one. */
  readonly challenge?: ChallengeView;
  /** Seconds; also the header `Retry-After`. */
  readonly retryAfter?: number;
}

/** Problem details for HTTP APIs (RFC 9457) with a stable `code`. */
export interface OtpProblem extends ProblemExtras {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: OtpProblemCode;
}

export function otpProblem(code: OtpProblemCode, extras: ProblemExtras = {}): OtpProblem {
  return { type: `urn:problem-type:otp:${code}`, title: TITLES[code], status: PROBLEM_STATUS[code], code, ...extras };
}
