import { type CanActivate, type ExecutionContext, ForbiddenException, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { OtpParts } from '../../flows/otp-parts.js';
import type { Busy, OtpClientInfo, StoreUnavailable, Throttled } from '../../flows/results.js';
import { type ThrottleAsk, ThrottleFlow } from '../../flows/throttle.flow.js';
import { sharedNetworks } from '../../limits/ip-group.js';
import type { HttpRequest } from '../http-request.js';
import { OtpClientPipe } from '../otp-client.decorator.js';
import { type OtpException, toOtpException } from '../otp.exception.js';
import { OTP_PARTS } from '../otp-tokens.js';
import { checkKey, checkLimit, type OtpThrottleLimit } from './otp-throttle-limit.js';
import { throttleLimits } from './throttle-marks.js';

interface Call {
  readonly handler: unknown;
  readonly controller: unknown;
}

/**
 * The call of each request that was admitted: class, handler and `APP_GUARD` may all bring a guard, and the request is
 * counted once. Kept beside the request and not on it.
 */
const admitted = new WeakMap<object, Call>();

/**
 * Applied by `@OtpThrottle`; handlers without it pass. Each step can be overridden: register the subclass globally
 * (`APP_GUARD`), so that it comes first, and what it admits is not counted again.
 *
 * limits → keys → one decision
 */
@Injectable()
export class OtpThrottleGuard implements CanActivate {
  private readonly flow: ThrottleFlow;

  constructor(
    private readonly reflector: Reflector,
    private readonly clientPipe: OtpClientPipe,
    @Inject(OTP_PARTS) private readonly parts: OtpParts,
  ) {
    this.flow = new ThrottleFlow(parts);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') {
      return this.refuseContext(context, await this.getLimits(context));
    }
    const request = context.switchToHttp().getRequest<HttpRequest>();
    const call: Call = { handler: context.getHandler(), controller: context.getClass() };
    if (isSame(admitted.get(request), call)) {
      return true;
    }
    const limits = await this.getLimits(context);
    if (limits.length > 0) {
      await this.take(limits, request, context);
    }
    admitted.set(request, call);
    return true;
  }

  /** What this request is counted by; none lets it pass. */
  protected async getLimits(context: ExecutionContext): Promise<readonly OtpThrottleLimit[]> {
    return throttleLimits(this.reflector, context);
  }

  /** Where the request comes from. */
  protected getClient(request: HttpRequest): OtpClientInfo {
    return this.clientPipe.transform(request);
  }

  /** Whom a limit counts. */
  protected async getKey(limit: OtpThrottleLimit, request: HttpRequest, context: ExecutionContext): Promise<string> {
    return limit.key === undefined ? this.parts.ipGroup(this.getClient(request).ip) : limit.key(request, context);
  }

  protected toException(refusal: Throttled | Busy | StoreUnavailable): OtpException {
    return toOtpException(refusal);
  }

  private async take(
    limits: readonly OtpThrottleLimit[],
    request: HttpRequest,
    context: ExecutionContext,
  ): Promise<void> {
    limits.forEach(checkLimit);
    const asks = await Promise.all(
      limits.map(async (limit): Promise<readonly ThrottleAsk[]> => {
        const { name, windowSeconds } = limit;
        const key = checkKey(limit, await this.getKey(limit, request, context));
        const ask = { name, limit: limit.limit, windowSeconds, key };
        return [ask, ...(limit.key === undefined ? this.widerAsks(ask, request) : [])];
      }),
    );
    const result = await this.flow.run({ asks: asks.flat(), client: this.getClient(request) });
    if (result.outcome !== 'admitted') {
      throw this.toException(result);
    }
  }

  /** A host gets a whole /48 of IPv6 for little money, so the networks around an address count as those of codes do. */
  private widerAsks(ask: ThrottleAsk, request: HttpRequest): readonly ThrottleAsk[] {
    // An application may have its own idea of the default key.
    const isByAddress = ask.key === this.parts.ipGroup(this.getClient(request).ip);
    const networks = isByAddress ? sharedNetworks(ask.key) : [];
    return networks.map(({ group, times }) => ({ ...ask, key: group, limit: ask.limit * times }));
  }

  /** One connection carries many messages, and one request many fields: what to count there is not known. */
  private refuseContext(context: ExecutionContext, limits: readonly OtpThrottleLimit[]): true {
    if (limits.length > 0) {
      throw new ForbiddenException(`@OtpThrottle does not know contexts of type '${context.getType()}'`);
    }
    return true;
  }
}

function isSame(one: Call | undefined, other: Call): boolean {
  return one?.handler === other.handler && one?.controller === other.controller;
}
