import type { OtpBindingInput, OtpBindingNeeded, OtpPurposeName } from './challenge/purpose.js';
import type { ProofCaller } from './flows/check-proof.flow.js';
import type { OtpClientOption } from './flows/results.js';
import type { Channel } from './phone/channel.js';

export type IssueOptions<P extends OtpPurposeName = OtpPurposeName> = IssueFields<P> & OtpBindingNeeded<P>;

interface IssueFields<P extends OtpPurposeName> {
  readonly purpose: P;
  /** International (`+…`), or national with `country`. */
  readonly phoneNumber: string;
  /** ISO 3166-1 alpha-2 code that a national spelling belongs to. */
  readonly country?: string | undefined;
  /** The application's id of the account, at most 255 bytes; comes back when the code is answered. */
  readonly subject?: string | undefined;
  /**
   * What the code stands for, e.g. amount and payee: required where the purpose has a `binding` schema. The message shows
   * it, and `verify` answers it.
   */
  readonly binding?: OtpBindingInput<P> | undefined;
  /**
   * Opaque text that stands for the client's session, at most 255 bytes. It is hashed into the code, so that `verify` must
   * be given the same. The built-in routes know no sessions. @default codes are not bound to a session
   */
  readonly session?: string | undefined;
  /** BCP 47 tag of the message. @default the language of the number's country, where there are words for it */
  readonly locale?: string | undefined;
  /** One of the purpose's `channels`. @default the first of them */
  readonly channel?: Channel | undefined;
  readonly client: OtpClientOption;
  /**
   * You have authenticated the subject (a password, a session), and the number is one that the account has proved:
   * strangers who use up the number's public budgets do not keep it from a code. The lane of a trusted device goes before
   * it. @default false
   */
  readonly vouched?: boolean | undefined;
  /** Of this client, at most 255 bytes: the same key again, with the same request, is answered as the first was, without a second message. */
  readonly idempotencyKey?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ResendOptions {
  readonly challengeId: string;
  /** One of the purpose's `channels`. @default the one of the message before */
  readonly channel?: Channel | undefined;
  readonly client: OtpClientOption;
  readonly signal?: AbortSignal | undefined;
}

export interface VerifyOptions<P extends OtpPurposeName = OtpPurposeName> {
  readonly challengeId: string;
  /** As it was typed: spaces and hyphens do not matter. */
  readonly code: string;
  /** A challenge of another purpose is answered `challenge_gone`. */
  readonly purpose: P;
  /** A challenge of another subject is answered `challenge_gone`. @default any */
  readonly subject?: string | undefined;
  /** A challenge of another number is answered `challenge_gone`, whatever the spelling. @default any */
  readonly phoneNumber?: string | undefined;
  /**
   * What you are about to do. For anything else than what `issue` was given the code is wrong, which costs an attempt.
   * Leave it out when you act on the `binding` of the result. @default what `issue` was given
   */
  readonly binding?: OtpBindingInput<P> | undefined;
  /** What `issue` was given. */
  readonly session?: string | undefined;
  readonly client: OtpClientOption;
  /** A success leaves a token for this device (`deviceToken`), which has budgets of its own. @default false */
  readonly rememberDevice?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ChallengeOptions {
  readonly challengeId: string;
}

export type CheckProofOptions<P extends OtpPurposeName = OtpPurposeName> = CheckProofFields<P> & OtpBindingNeeded<P>;

interface CheckProofFields<P extends OtpPurposeName> {
  /** As the client sent it; `undefined` where it sent none. */
  readonly proof: string | undefined;
  readonly purpose: P;
  /**
   * Who is signed in: number and subject must be the proof's. `'none'` only where nobody is, such as at a login: a proof
   * says that somebody holds a number, not that it is the account's.
   */
  readonly caller: ProofCaller | 'none';
  /** What you are about to do; required where the purpose has a `binding` schema. */
  readonly binding?: OtpBindingInput<P> | undefined;
  /** How long ago the code may have been entered, in seconds. @default the lifetime of proofs */
  readonly maxAgeSeconds?: number | undefined;
  /** The proof opens this once and never again. @default true with a binding */
  readonly singleUse?: boolean | undefined;
  /** Who must be in the proof's audience. @default this application's namespace */
  readonly audience?: string | undefined;
}
