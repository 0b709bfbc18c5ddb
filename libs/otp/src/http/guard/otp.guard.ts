import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  Injectable,
  Logger,
  UnauthorizedException,
} from '@nestjs/common';
import type { Purpose } from '../../challenge/purpose.js';
import type { Transaction } from '../../challenge/transaction.js';
import { AnswerFlow } from '../../flows/answer.flow.js';
import { checkText } from '../../flows/check-text.js';
import { CheckProofFlow } from '../../flows/check-proof.flow.js';
import type { ProofRefused } from '../../flows/results.js';
import { StepUpFlow } from '../../flows/step-up.flow.js';
import type { VerifiedOtp } from '../../proof/proof-claims.js';
import { untilHangUp } from '../http-request.js';
import { OtpException, proofProblem, toOtpException } from '../otp.exception.js';
import type { ProblemExtras } from '../problem.js';
import { provenanceOf } from '../same-site.js';
import { CallReader, type EnteredCode } from './call-reader.js';
import type { GuardedCall } from './guarded-call.js';
import type { OtpCallerIdentity } from './otp-caller.js';
import { isSpent, type OtpRequirement } from './otp-requirement.js';
import { stepUpChallenge } from './step-up-challenge.js';
import { isVerified, rememberVerified, verifiedOtp } from './verified-call.js';
import { toWsException } from './ws-exception.js';

/** A call that needs a code, with all that the guard knows of it. */
export interface GuardedStep {
  readonly call: GuardedCall;
  readonly context: ExecutionContext;
  readonly requirement: OtpRequirement;
  readonly purpose: Purpose;
  /** `undefined` when nobody is signed in. */
  readonly caller: OtpCallerIdentity | undefined;
  readonly transaction: Transaction;
}

/**
 * Applied by `@RequireOtp`. Handlers without the decorator pass; with it, whatever is not proven is refused, and so is
 * every kind of context that the guard does not know. Each step can be overridden.
 *
 * caller → transaction → code answered, or proof checked → else a challenge is started
 */
@Injectable()
export class OtpGuard extends CallReader implements CanActivate {
  protected readonly logger = new Logger(OtpGuard.name);
  private readonly answers = new AnswerFlow(this.parts);
  private readonly proofs = new CheckProofFlow(this.parts);
  private readonly stepUps = new StepUpFlow(this.parts);
  private readonly started = new WeakSet<object>();
  /** Calls that a proof opened while nobody was signed in. */
  private readonly strangers = new WeakSet<object>();
  private readonly warned = new Set<string>();

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const requirement = this.getRequirement(context);
    if (requirement === undefined) {
      return true;
    }
    const call = this.getCall(context);
    if (call === undefined) {
      throw new ForbiddenException(`@RequireOtp does not know contexts of type '${context.getType()}'`);
    }
    if (isVerified(call.identity, { requirement, by: this.parts })) {
      await this.confirmCaller(context);
      return true;
    }
    try {
      if (await this.isSkipped(requirement, call, context)) {
        return true;
      }
      rememberVerified(call.identity, {
        requirement,
        by: this.parts,
        otp: await this.verify(requirement, call, context),
      });
      return true;
    } catch (error) {
      throw call.kind === 'ws' ? await toWsException(error) : error;
    }
  }

  /**
   * Asked again when every guard has run: a login's proof may come while nobody is signed in, but when a later guard has signed
   * somebody in after all, it must be theirs.
   *
   * @throws UnauthorizedException
   */
  async confirmCaller(context: ExecutionContext): Promise<void> {
    const requirement = this.getRequirement(context);
    const call = requirement && this.getCall(context);
    const otp = call && this.strangers.has(call.identity) ? verifiedOtp(call.identity) : undefined;
    if (requirement === undefined || call === undefined || otp === undefined) {
      return;
    }
    try {
      const caller = await this.getCaller(requirement, call, context);
      if (caller !== undefined && !this.proofs.isCallers(otp, caller)) {
        this.proofs.tell(requirement.purpose, 'not_the_caller');
        this.warnOnce(
          `A guard after @RequireOtp('${requirement.purpose}') signed somebody in, and the proof was another's. Authenticate ` +
            'before the code is asked for.',
        );
        throw new UnauthorizedException();
      }
    } catch (error) {
      throw call.kind === 'ws' ? await toWsException(error) : error;
    }
  }

  /** What was proved. @throws OtpException, or UnauthorizedException when nobody is signed in. */
  protected async verify(
    requirement: OtpRequirement,
    call: GuardedCall,
    context: ExecutionContext,
  ): Promise<VerifiedOtp> {
    const purpose = this.parts.purposes.require(requirement.purpose);
    const caller = await this.getCaller(requirement, call, context);
    checkText('the subject of a caller', caller?.subject);
    checkText('the session of a caller', caller?.session);
    const code = requirement.mode === 'proof' ? undefined : this.getCode(call);
    // Only a proof tells whose it is; a code is answered for the caller.
    if (caller === undefined && (purpose.start === 'application' || requirement.mode === 'inline' || code)) {
      throw this.refuseStranger(requirement);
    }
    if (caller === undefined) {
      this.strangers.add(call.identity);
    }
    const transaction = await this.getTransaction(requirement, call, context);
    const step: GuardedStep = { call, context, requirement, purpose, caller, transaction };
    if (code !== undefined) {
      return this.answer(step, code);
    }
    const proof = requirement.mode === 'inline' ? undefined : this.getProof(call, requirement);
    return proof === undefined && requirement.mode !== 'proof'
      ? this.stepUp(step, 'otp_required')
      : this.checkProof(step, proof);
  }

  /** Answers the challenge; a right code lets one call through. */
  protected async answer(
    { call, purpose, caller, transaction }: GuardedStep,
    { challengeId, code }: EnteredCode,
  ): Promise<VerifiedOtp> {
    const result = await this.whileConnected(call, (signal) =>
      this.answers.run({
        challengeId,
        code,
        expected: {
          purpose: purpose.name,
          phoneNumber: caller?.phoneNumber ?? '',
          subject: caller?.subject ?? null,
          details: transaction.details ?? null,
          action: transaction.action,
        },
        session: caller?.session,
        client: this.getClient(call),
        signal,
      }),
    );
    if (result.outcome !== 'verified') {
      throw toOtpException(result);
    }
    return result.otp;
  }

  protected async checkProof(step: GuardedStep, token: string | undefined): Promise<VerifiedOtp> {
    const { requirement, purpose, caller, transaction } = step;
    const result = await this.proofs.run({
      token,
      purpose: purpose.name,
      transaction,
      maxAgeSeconds: requirement.maxAgeSeconds,
      audience: requirement.audience,
      singleUse: isSpent(requirement),
      caller,
    });
    switch (result.outcome) {
      case 'accepted':
        return result.proof;
      case 'refused':
        return this.refuseProof(step, result.reason);
      case 'busy':
      case 'store_unavailable':
        throw toOtpException(result);
    }
  }

  /** A proof that does not do is as good as none: where a code may be answered here, a challenge is started. */
  protected async refuseProof(step: GuardedStep, reason: ProofRefused['reason']): Promise<never> {
    const code = proofProblem(reason);
    if (step.requirement.mode === 'proof') {
      throw this.toException(step.requirement, code);
    }
    return this.stepUp(step, code);
  }

  /** Nobody is signed in: nobody's phone is to ring for it. */
  protected refuseStranger({ purpose }: OtpRequirement): Error {
    this.proofs.tell(purpose, 'no_caller');
    this.warnOnce(
      `@RequireOtp('${purpose}') met no caller. Give the module a \`caller\`, and authenticate before the code is ` +
        'asked for: global guards run before those of a class, these before those of a handler, and the decorators of ' +
        'one class or handler from the bottom up.',
    );
    return new UnauthorizedException();
  }

  /** Refuses with a challenge for the caller's number; only a caller gets one, and only once a request. */
  protected async stepUp(step: GuardedStep, code: 'otp_required' | 'insufficient_proof'): Promise<never> {
    const { call, caller, requirement, purpose, transaction } = step;
    if (call.safe && requirement.startOnSafeMethods !== true) {
      throw this.toException(requirement, code, { detail: 'No code is sent for a request that only reads.' });
    }
    if (caller === undefined || this.started.has(call.request)) {
      throw this.toException(requirement, code);
    }
    if (this.mayBeForged(call)) {
      throw new OtpException('forbidden');
    }
    if (call.kind !== 'ws') {
      this.started.add(call.request);
    }
    const result = await this.whileConnected(call, (signal) =>
      this.stepUps.run({
        purpose,
        phoneNumber: caller.phoneNumber,
        subject: caller.subject,
        session: caller.session,
        transaction,
        locale: this.getLocale(call, caller),
        client: this.getClient(call),
        signal,
      }),
    );
    if (result.outcome === 'invalid_phone_number') {
      // The account's number and not the client's, so the client is told nothing of what it should have sent.
      this.warnOnce(
        '@RequireOtp() met a caller whose phone number is none: numbers of accounts are international (+…)',
      );
      throw new OtpException('invalid_phone_number', { detail: 'The phone number of this account cannot be used.' });
    }
    if (result.outcome !== 'issued') {
      throw toOtpException(result);
    }
    throw this.toException(requirement, code, { challenge: result.challenge });
  }

  /** Any page can have a browser send a form with the cookies of its person, whose phone is not to ring for it. */
  protected mayBeForged({ httpRequest }: GuardedCall): boolean {
    const { allowedOrigins } = this.http;
    return httpRequest?.headers.cookie !== undefined && provenanceOf(httpRequest, allowedOrigins) === 'foreign';
  }

  /** The refusal as RFC 9470 §3 describes it. */
  protected toException(
    requirement: OtpRequirement,
    code: 'otp_required' | 'insufficient_proof',
    extras: ProblemExtras = {},
  ): OtpException {
    return new OtpException(code, extras, { 'WWW-Authenticate': stepUpChallenge(requirement) });
  }

  /** A flood of requests must not flood the log. */
  protected warnOnce(message: string): void {
    if (!this.warned.has(message)) {
      this.warned.add(message);
      this.logger.warn(message);
    }
  }

  private whileConnected<T>(
    { kind, httpRequest }: GuardedCall,
    work: (signal?: AbortSignal) => Promise<T>,
  ): Promise<T> {
    return kind === 'ws' || httpRequest === undefined ? work() : untilHangUp(httpRequest, work);
  }
}
