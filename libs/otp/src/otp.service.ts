import { Inject, Injectable } from '@nestjs/common';
import type { OtpPurposeName } from './challenge/purpose.js';
import { AnswerFlow } from './flows/answer.flow.js';
import { InspectFlow } from './flows/inspect.flow.js';
import { IdempotentIssueFlow } from './flows/idempotent-issue.flow.js';
import type { OtpParts } from './flows/otp-parts.js';
import { ResendFlow } from './flows/resend.flow.js';
import type {
  CancelResult,
  IssueResult,
  OtpClientOption,
  ResendResult,
  StatusResult,
  VerifyResult,
} from './flows/results.js';
import { OTP_PARTS } from './http/otp-tokens.js';

export interface IssueOptions {
  readonly purpose: OtpPurposeName;
  /** International (`+…`), or national with `country`. */
  readonly phoneNumber: string;
  /** ISO 3166-1 alpha-2 code that a national spelling belongs to. */
  readonly country?: string;
  /** The application's id of the account, at most 255 bytes; comes back when the code is answered. */
  readonly subject?: string;
  /** BCP 47 tag of the message. @default 'en' */
  readonly locale?: string;
  readonly client: OtpClientOption;
  /**
   * You have authenticated the subject (a password, a session), and the number is one that the account has proved:
   * strangers who use up the number's public budgets do not keep it from a code. The lane of a trusted device goes before
   * it. @default false
   */
  readonly vouched?: boolean;
  /** Of this client, at most 255 bytes: the same key again, with the same request, is answered as the first was, without a second message. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

export interface ResendOptions {
  readonly challengeId: string;
  readonly client: OtpClientOption;
  readonly signal?: AbortSignal;
}

export interface VerifyOptions {
  readonly challengeId: string;
  /** As it was typed: spaces and hyphens do not matter. */
  readonly code: string;
  /** A challenge of another purpose is answered `challenge_gone`. */
  readonly purpose: OtpPurposeName;
  readonly client: OtpClientOption;
  /** A success leaves a token for this device (`deviceToken`), which has budgets of its own. @default false */
  readonly rememberDevice?: boolean;
  readonly signal?: AbortSignal;
}

export interface ChallengeOptions {
  readonly challengeId: string;
}

const MAX_TEXT_BYTES = 255;

/**
 * Codes for an application's own controllers. Each method answers a union on `outcome`; `toOtpException` turns every
 * refusal into the problem of the built-in routes. What is thrown is a mistake in the call: an undeclared purpose, a
 * missing `client`, a subject that is too long.
 */
@Injectable()
export class OtpService {
  private readonly issueFlow: IdempotentIssueFlow;
  private readonly answerFlow: AnswerFlow;
  private readonly resendFlow: ResendFlow;
  private readonly inspectFlow: InspectFlow;

  constructor(@Inject(OTP_PARTS) private readonly parts: OtpParts) {
    this.issueFlow = new IdempotentIssueFlow(parts);
    this.answerFlow = new AnswerFlow(parts);
    this.resendFlow = new ResendFlow(parts);
    this.inspectFlow = new InspectFlow(parts);
  }

  /** Sends a code to a number. */
  async issue(options: IssueOptions): Promise<IssueResult> {
    const purpose = this.parts.purposes.require(options.purpose);
    checkText('subject', options.subject);
    checkText('idempotencyKey', options.idempotencyKey);
    return this.issueFlow.run({ ...options, purpose, client: checkClient(options.client) });
  }

  /** Sends a new code for a live challenge; the old one is dead. Attempts are not renewed. */
  async resend(options: ResendOptions): Promise<ResendResult> {
    return this.resendFlow.run({ ...options, client: checkClient(options.client) });
  }

  /** Answers a challenge. A right code is accepted once. */
  async verify(options: VerifyOptions): Promise<VerifyResult> {
    const { name } = this.parts.purposes.require(options.purpose);
    return this.answerFlow.run({ ...options, expectedPurpose: name, client: checkClient(options.client) });
  }

  /** Ends a challenge. What it took from the limits stays taken. */
  async cancel({ challengeId }: ChallengeOptions): Promise<CancelResult> {
    return this.inspectFlow.cancel(challengeId);
  }

  async status({ challengeId }: ChallengeOptions): Promise<StatusResult> {
    return this.inspectFlow.status(challengeId);
  }
}

/** JavaScript callers can leave it out; then the limits by IP would silently not apply. */
function checkClient(client: OtpClientOption | undefined): OtpClientOption {
  if (client === 'none' || (typeof client === 'object' && client !== null && 'ip' in client)) {
    return client;
  }
  throw new TypeError(
    "client is missing: give the client's address as { ip } (@OtpClient() in a controller), or 'none'",
  );
}

/** An empty text stands for none in what is hashed and sealed, so it would be taken for another. */
function checkText(name: string, value: string | undefined): void {
  if (value !== undefined && (typeof value !== 'string' || value === '' || Buffer.byteLength(value) > MAX_TEXT_BYTES)) {
    throw new RangeError(`${name} must be text of 1 to ${MAX_TEXT_BYTES} bytes; leave it out where there is none`);
  }
}
