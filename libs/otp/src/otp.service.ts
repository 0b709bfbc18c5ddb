import { Inject, Injectable } from '@nestjs/common';
import type { OtpPurposeName } from './challenge/purpose.js';
import { AnswerFlow } from './flows/answer.flow.js';
import { checkText } from './flows/check-text.js';
import { CheckProofFlow, type ProofCaller } from './flows/check-proof.flow.js';
import { InspectFlow } from './flows/inspect.flow.js';
import { IdempotentIssueFlow } from './flows/idempotent-issue.flow.js';
import type { OtpParts } from './flows/otp-parts.js';
import { readBinding } from './flows/read-binding.js';
import { ResendFlow } from './flows/resend.flow.js';
import type {
  CancelResult,
  IssueResult,
  OtpClientOption,
  ProofCheckResult,
  ResendResult,
  StatusResult,
  VerifyResult,
} from './flows/results.js';
import { OTP_PARTS } from './http/otp-tokens.js';
import type {
  ChallengeOptions,
  CheckProofOptions,
  IssueOptions,
  ResendOptions,
  VerifyOptions,
} from './otp.service-options.js';
import type { OtpPublicKeys } from './proof/proof-key-pair.js';

/**
 * Codes for an application's own controllers. Each method answers a union on `outcome`; `toOtpException` turns every
 * refusal into the problem of the built-in routes. What is thrown is a mistake in the call: an undeclared purpose, a
 * missing `client`, a subject that is too long.
 */
@Injectable()
export class OtpService {
  private readonly issueFlow: IdempotentIssueFlow;
  private readonly answerFlow: AnswerFlow;
  private readonly checkProofFlow: CheckProofFlow;
  private readonly resendFlow: ResendFlow;
  private readonly inspectFlow: InspectFlow;

  constructor(@Inject(OTP_PARTS) private readonly parts: OtpParts) {
    this.issueFlow = new IdempotentIssueFlow(parts);
    this.answerFlow = new AnswerFlow(parts);
    this.checkProofFlow = new CheckProofFlow(parts);
    this.resendFlow = new ResendFlow(parts);
    this.inspectFlow = new InspectFlow(parts);
  }

  /** Sends a code to a number. */
  async issue<P extends OtpPurposeName>(options: IssueOptions<P>): Promise<IssueResult> {
    const purpose = this.parts.purposes.require(options.purpose);
    checkText('subject', options.subject);
    checkText('session', options.session);
    checkText('idempotencyKey', options.idempotencyKey);
    const client = checkClient(options.client);
    const reading = await readBinding(purpose, options.binding);
    if (reading.outcome !== 'ok') {
      return reading;
    }
    const transaction = { details: reading.details, action: undefined };
    return this.issueFlow.run({ ...options, purpose, transaction, client });
  }

  /** Sends a new code for a live challenge; the old one is dead. Attempts are not renewed. */
  async resend(options: ResendOptions): Promise<ResendResult> {
    return this.resendFlow.run({ ...options, client: checkClient(options.client) });
  }

  /** Answers a challenge. A right code is accepted once. */
  async verify<P extends OtpPurposeName>(options: VerifyOptions<P>): Promise<VerifyResult> {
    const purpose = this.parts.purposes.require(options.purpose);
    const { phoneNumber, subject, binding } = options;
    const client = checkClient(options.client);
    const reading = binding === undefined ? undefined : await readBinding(purpose, binding);
    if (reading?.outcome === 'invalid_binding') {
      return reading;
    }
    const expected = { purpose: purpose.name, phoneNumber, subject, details: reading?.details };
    return this.answerFlow.run({ ...options, expected, client });
  }

  /** Checks a proof as `@RequireOtp` does, for an application's own guards. */
  async checkProof<P extends OtpPurposeName>(options: CheckProofOptions<P>): Promise<ProofCheckResult> {
    const purpose = this.parts.purposes.require(options.purpose);
    const reading = await readBinding(purpose, options.binding);
    if (reading.outcome !== 'ok') {
      return reading;
    }
    const transaction = { details: reading.details, action: undefined };
    return this.checkProofFlow.run({
      token: options.proof,
      purpose: purpose.name,
      transaction,
      maxAgeSeconds: options.maxAgeSeconds,
      audience: options.audience,
      singleUse: options.singleUse ?? reading.details !== undefined,
      caller: checkCaller(options.caller),
    });
  }

  /** Ends a challenge. What it took from the limits stays taken. */
  async cancel({ challengeId }: ChallengeOptions): Promise<CancelResult> {
    return this.inspectFlow.cancel(challengeId);
  }

  /** What other services verify proofs with, as the JWKS route answers it; `undefined` without `proofs.keys`. */
  publicKeys(): OtpPublicKeys | undefined {
    return this.parts.proofs.publicKeys();
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

/** JavaScript callers can leave it out; then anybody's proof would do. */
function checkCaller(caller: ProofCaller | 'none' | undefined): ProofCaller | undefined {
  if (caller === undefined || caller === null) {
    throw new TypeError("caller is missing: give who is signed in as { subject, phoneNumber }, or 'none'");
  }
  return caller === 'none' ? undefined : caller;
}
