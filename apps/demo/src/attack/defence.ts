import type { TargetNumber } from './targets.js';

export interface SendRequest {
  readonly target: TargetNumber;
  readonly ip: string;
  readonly purpose?: string;
  /** What a remembered browser sends along. */
  readonly deviceToken?: string;
}

export interface ResendRequest extends SendRequest {
  readonly challengeId: string;
}

export interface GuessRequest {
  readonly challengeId: string;
  readonly code: string;
  readonly purpose?: string;
  readonly ip: string;
}

export interface Refusal {
  readonly outcome: 'refused';
  /** What refused, for the report. */
  readonly by: string;
}

export type SendAnswer = { readonly outcome: 'sent'; readonly challengeId: string } | Refusal;

/** `right` is what no guess should be. */
export type GuessAnswer = { readonly outcome: 'right' | 'wrong' } | Refusal;

export type SignInAnswer = { readonly outcome: 'signed_in'; readonly deviceToken?: string } | Refusal;

/** A login as an attacker meets it: with the module, or with what it is compared with. */
export interface Defence {
  send(request: SendRequest): Promise<SendAnswer>;
  resend(request: ResendRequest): Promise<SendAnswer>;
  guess(request: GuessRequest): Promise<GuessAnswer>;
  /** The owner of the number: asks for a code, reads it and enters it, and lets the browser be remembered. */
  signIn(request: SendRequest): Promise<SignInAnswer>;
}

export function refusedBy(by: string): Refusal {
  return { outcome: 'refused', by };
}
