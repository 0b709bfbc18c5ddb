import type { BindingDetails } from '../message/message-template.js';
import type { VerifiedOtp } from '../proof/proof-claims.js';
import type { ProofRefusal } from '../telemetry/event-types.js';
import type { ChallengeStatusView, ChallengeView } from '../challenge/challenge-view.js';

/** Where a request came from: `@OtpClient()` in a controller. */
export interface OtpClientInfo {
  /** The client's address; `undefined` when it is not known, which shares one strict budget with all such requests. */
  readonly ip: string | undefined;
  /** The token of a trusted device. */
  readonly deviceToken?: string;
}

/** `'none'` when no client is behind the call (a job, a support desk): limits by IP do not apply. */
export type OtpClientOption = OtpClientInfo | 'none';

/** A limit refused, and nothing was taken; or a risk assessor denied. HTTP: 429 `throttled`. */
export interface Throttled {
  readonly outcome: 'throttled';
  /** Whole seconds after which it will do if nobody else takes the same budget meanwhile. */
  readonly retryAfterSeconds: number;
}

/** Every hash seat is taken, or the memory store is full; nothing was spent. HTTP: 503 `busy`. */
export interface Busy {
  readonly outcome: 'busy';
  readonly retryAfterSeconds: number;
}

/** The store did not answer; nothing was sent or compared. HTTP: 503 `store_unavailable`. */
export interface StoreUnavailable {
  readonly outcome: 'store_unavailable';
}

/** Unknown, expired, used or cancelled: one answer. HTTP: 410 `challenge_gone`. */
export interface ChallengeGone {
  readonly outcome: 'challenge_gone';
}

/** Of the challenge or of its number, for right and wrong codes alike. HTTP: 410 `attempts_exhausted`. */
export interface AttemptsExhausted {
  readonly outcome: 'attempts_exhausted';
}

/** No provider took the message; the number's budget was given back, the cooldown was not. HTTP: 503 `delivery_failed`. */
export interface DeliveryFailed {
  readonly outcome: 'delivery_failed';
  /** When the cooldown ends. */
  readonly retryAfterSeconds: number;
}

/**
 * The idempotency key was used for another request, or the first request with it is still under way: then there is a
 * wait. HTTP: 409 `idempotency_conflict`.
 */
export interface IdempotencyConflict {
  readonly outcome: 'idempotency_conflict';
  readonly retryAfterSeconds?: number;
}

/** No channel of the purpose. HTTP: 400 `invalid_request`. */
export interface InvalidChannel {
  readonly outcome: 'invalid_channel';
  readonly detail: string;
}

/** What the purpose's `binding` schema, or the message that is to show it, does not take. HTTP: 400 `invalid_request`. */
export interface InvalidBinding {
  readonly outcome: 'invalid_binding';
  readonly detail: string;
  /** `pointer`: JSON Pointer to the member of the binding as a URI fragment, e.g. `#/amount`. */
  readonly errors: readonly { readonly pointer: string; readonly detail: string }[];
}

export type IssueResult =
  | { readonly outcome: 'issued'; readonly challenge: ChallengeView }
  | {
      readonly outcome: 'invalid_phone_number' | 'destination_not_allowed';
      /** A sentence for the person who typed the number. */
      readonly detail: string;
    }
  | InvalidBinding
  | InvalidChannel
  | IdempotencyConflict
  | Throttled
  | Busy
  | DeliveryFailed
  | StoreUnavailable;

export type ResendResult =
  | { readonly outcome: 'resent'; readonly challenge: ChallengeView }
  | InvalidChannel
  | AttemptsExhausted
  | { readonly outcome: 'destination_not_allowed'; readonly detail: string }
  | ChallengeGone
  | Throttled
  | Busy
  | DeliveryFailed
  | StoreUnavailable;

export interface Verified {
  readonly outcome: 'verified';
  /** E.164. */
  readonly phoneNumber: string;
  readonly purpose: string;
  /** What `issue` was given. */
  readonly subject: string | undefined;
  /** RFC 8176 methods: `['sms']`; `['tel']` for a call, `['otp']` for all other channels. */
  readonly amr: readonly string[];
  /** What `issue` was given as `binding`: what the person saw in the message, so the one to act on. */
  readonly binding: BindingDetails | undefined;
  /** What the proof says, as `@OtpProof()` gives it. */
  readonly otp: VerifiedOtp;
  /** A signed token for `@RequireOtp(purpose, { mode: 'proof' })`. */
  readonly proof: string;
  /** When the proof expires; ISO 8601, UTC. */
  readonly expiresAt: string;
  /** Where it was asked for, or replaces another: the token of a trusted device, for the client to keep. */
  readonly deviceToken?: string;
}

export type VerifyResult =
  | Verified
  | { readonly outcome: 'incorrect_code'; readonly attemptsRemaining: number }
  | AttemptsExhausted
  | {
      /** Not six to eight digits; no attempt was spent. HTTP: 400. */
      readonly outcome: 'invalid_code';
      readonly detail: string;
    }
  | InvalidBinding
  | ChallengeGone
  | Throttled
  | Busy
  | StoreUnavailable;

/** A proof that does not do. HTTP: 401, which does not tell the reason. */
export interface ProofRefused {
  readonly outcome: 'refused';
  readonly reason: Exclude<ProofRefusal, 'no_caller' | 'busy' | 'store_unavailable'>;
}

/** A proof that was looked at. */
export type ProofChecked =
  { readonly outcome: 'accepted'; readonly proof: VerifiedOtp } | ProofRefused | Busy | StoreUnavailable;

export type ProofCheckResult = ProofChecked | InvalidBinding;

export type CancelResult = { readonly outcome: 'cancelled' } | ChallengeGone | StoreUnavailable;

export type StatusResult =
  { readonly outcome: 'live'; readonly challenge: ChallengeStatusView } | ChallengeGone | StoreUnavailable;

/** A wait as `Retry-After` tells it (RFC 9110 §10.2.3): whole seconds, never too early. */
export function wholeSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
