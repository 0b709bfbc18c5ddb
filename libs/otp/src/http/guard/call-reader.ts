import { type ExecutionContext, Inject, Injectable, Optional, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { canonicalHash, type Transaction } from '../../challenge/transaction.js';
import type { OtpParts } from '../../flows/otp-parts.js';
import { readBinding } from '../../flows/read-binding.js';
import type { OtpClientInfo } from '../../flows/results.js';
import { acceptedLanguage } from '../http-request.js';
import { OtpClientPipe } from '../otp-client.decorator.js';
import { OtpException, toOtpException } from '../otp.exception.js';
import type { OtpHttp } from '../otp-http.js';
import { OTP_CALLER, OTP_HTTP, OTP_PARTS } from '../otp-tokens.js';
import { faithfulJson } from './faithful-json.js';
import { type GuardedCall, readCall } from './guarded-call.js';
import type { OtpCaller, OtpCallerIdentity } from './otp-caller.js';
import { isSpent, type OtpRequirement, requirementOf } from './otp-requirement.js';
import { proofCookie } from './proof-cookie.js';

/** An entered code with the challenge that it answers. */
export interface EnteredCode {
  readonly challengeId: string;
  readonly code: string;
}

/** What `OtpGuard` reads of a call, step by step, before it decides. */
@Injectable()
export abstract class CallReader {
  constructor(
    /** Finds services of the application; the guard itself stands in `OtpModule`, which knows none of them. */
    protected readonly moduleRef: ModuleRef,
    private readonly clientPipe: OtpClientPipe,
    /** @internal Not for subclasses: may change in any release. */
    @Inject(OTP_PARTS) protected readonly parts: OtpParts,
    /** @internal Not for subclasses: may change in any release. */
    @Inject(OTP_HTTP) protected readonly http: OtpHttp,
    @Optional() @Inject(OTP_CALLER) private readonly callerClass?: Type<OtpCaller>,
  ) {}

  /**
   * The requirement of the handler and its class; `undefined` for handlers that need no code. Always the same object for the
   * same handler: by it the guards of one call know that they ask for the same.
   */
  protected getRequirement(context: ExecutionContext): OtpRequirement | undefined {
    return requirementOf(context.getHandler(), context.getClass());
  }

  /** `undefined` denies the call. */
  protected getCall(context: ExecutionContext): GuardedCall | undefined {
    return readCall(context);
  }

  protected async isSkipped(
    { skipIf }: OtpRequirement,
    { request }: GuardedCall,
    context: ExecutionContext,
  ): Promise<boolean> {
    const skipped: unknown = await skipIf?.(request, context);
    return skipped === true;
  }

  /** Who is calling: the requirement's `phoneNumber`, else the module's caller. */
  protected async getCaller(
    { phoneNumber }: OtpRequirement,
    { request }: GuardedCall,
    context: ExecutionContext,
  ): Promise<OtpCallerIdentity | undefined> {
    if (phoneNumber !== undefined) {
      const number: unknown = await phoneNumber(request, context);
      return typeof number === 'string' ? { phoneNumber: number } : undefined;
    }
    if (this.callerClass === undefined) {
      return undefined;
    }
    // A database that finds nobody may have answered `null`, which no compiler saw.
    return (await this.moduleRef.get(this.callerClass, { strict: false }).resolve(request, context)) ?? undefined;
  }

  protected getCode({ credentials: { challengeId, code } }: GuardedCall): EnteredCode | undefined {
    if (challengeId === undefined && code === undefined) {
      return undefined;
    }
    if (challengeId === undefined || code === undefined) {
      throw new OtpException('invalid_request', { detail: 'A code needs its challenge, and a challenge its code.' });
    }
    return { challengeId, code };
  }

  protected getProof({ credentials, httpRequest, safe }: GuardedCall, requirement: OtpRequirement): string | undefined {
    const { cookie } = requirement;
    if (credentials.proof !== undefined || cookie === undefined || httpRequest === undefined) {
      return credentials.proof;
    }
    const { allowedOrigins } = this.http;
    return proofCookie(httpRequest, { name: cookie, safe: safe && !isSpent(requirement), allowedOrigins });
  }

  /** What the code must stand for. @throws OtpException `invalid_request` for what the purpose's schema does not take. */
  protected async getTransaction(
    requirement: OtpRequirement,
    call: GuardedCall,
    context: ExecutionContext,
  ): Promise<Transaction> {
    const given = await this.getBinding(requirement, call, context);
    const reading = await readBinding(this.parts.purposes.require(requirement.purpose), given);
    if (reading.outcome !== 'ok') {
      throw toOtpException(reading);
    }
    const { details } = reading;
    // A schema may change what it takes, and the handler sees what was sent: then that is bound as well.
    const sent = details && canonicalHash(faithfulJson(given));
    const isChanged = sent !== undefined && !sent.equals(canonicalHash(details));
    const action = isChanged ? { action: call.action, sent: sent.toString('base64url') } : call.action;
    return { details, action: canonicalHash(action) };
  }

  /** What the application makes of the request; not checked yet. */
  protected async getBinding(
    { binding }: OtpRequirement,
    { kind, request }: GuardedCall,
    context: ExecutionContext,
  ): Promise<unknown> {
    if (typeof binding !== 'function') {
      return undefined;
    }
    const body: unknown = kind === 'http' ? Reflect.get(request, 'body') : request;
    const isEmpty = (body ?? undefined) === undefined;
    const noBody = () => new OtpException('invalid_request', { detail: 'The request has no body.' });
    try {
      const given: unknown = await binding(request, context);
      if (given !== undefined || !isEmpty) {
        return given;
      }
    } catch (error) {
      // `request.body.amount` without a body is the client's mistake.
      throw error instanceof TypeError && isEmpty ? noBody() : error;
    }
    // So is `request.body`.
    throw noBody();
  }

  /** Where the call comes from, for the limits by IP and for trusted devices. */
  protected getClient({ httpRequest }: GuardedCall): OtpClientInfo {
    return httpRequest === undefined ? { ip: undefined } : this.clientPipe.transform(httpRequest);
  }

  protected getLocale({ httpRequest }: GuardedCall, caller: OtpCallerIdentity): string | undefined {
    return caller.locale ?? (httpRequest && acceptedLanguage(httpRequest));
  }
}
