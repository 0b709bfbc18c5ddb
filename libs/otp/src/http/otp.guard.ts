import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  Inject,
  Injectable,
  Logger,
  Optional,
  type Type,
  UnauthorizedException,
} from '@nestjs/common';
import { ModuleRef, Reflector } from '@nestjs/core';
import { CheckProofFlow } from '../flows/check-proof.flow.js';
import type { OtpParts } from '../flows/otp-parts.js';
import type { ProofRefusal } from '../telemetry/event-types.js';
import { header, type HttpRequest } from './http-request.js';
import { OtpException } from './otp.exception.js';
import type { OtpCaller, OtpCallerIdentity } from './otp-caller.js';
import { OTP_REQUIREMENT, type OtpRequirement } from './otp-requirement.js';
import { OTP_CALLER, OTP_PARTS } from './otp-tokens.js';
import { isVerified, rememberVerified } from './verified-request.js';

/**
 * Applied by `@RequireOtp`. Handlers without the decorator pass; with it, whatever is not proven is refused, and so is
 * every kind of context that the guard does not know. Each step can be overridden.
 */
@Injectable()
export class OtpGuard implements CanActivate {
  protected readonly logger = new Logger(OtpGuard.name);
  private readonly proofs: CheckProofFlow;
  private readonly warned = new Set<string>();

  constructor(
    private readonly reflector: Reflector,
    private readonly moduleRef: ModuleRef,
    @Inject(OTP_PARTS) private readonly parts: OtpParts,
    @Optional() @Inject(OTP_CALLER) private readonly callerClass?: Type<OtpCaller>,
  ) {
    this.proofs = new CheckProofFlow(parts);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const requirement = this.getRequirement(context);
    if (requirement === undefined) {
      return true;
    }
    if (context.getType() !== 'http') {
      throw new ForbiddenException(`@RequireOtp does not know contexts of type '${context.getType()}'`);
    }
    const purpose = this.parts.purposes.require(requirement.purpose);
    const request = context.switchToHttp().getRequest<HttpRequest>();
    if (isVerified(request, requirement)) {
      return true;
    }
    const result = await this.proofs.run({
      token: this.getProof(request),
      purpose: purpose.name,
      maxAgeSeconds: requirement.maxAgeSeconds,
      singleUse: requirement.singleUse ?? false,
      caller: await this.getCaller(request, context),
      callerRequired: purpose.start === 'application',
    });
    if (result.outcome === 'refused') {
      throw this.toException(result.reason, requirement);
    }
    rememberVerified(request, { requirement, proof: result.proof });
    return true;
  }

  /** The handler's own requirement, else its class's. */
  protected getRequirement(context: ExecutionContext): OtpRequirement | undefined {
    return this.reflector.getAllAndOverride<OtpRequirement | undefined>(OTP_REQUIREMENT, [
      context.getHandler(),
      context.getClass(),
    ]);
  }

  protected getProof(request: HttpRequest): string | undefined {
    return header(request, 'otp-proof');
  }

  protected async getCaller(request: HttpRequest, context: ExecutionContext): Promise<OtpCallerIdentity | undefined> {
    if (this.callerClass === undefined) {
      return undefined;
    }
    const caller = this.moduleRef.get(this.callerClass, { strict: false });
    return caller.resolve(request, context);
  }

  /** A flood of requests must not flood the log. */
  protected warnOnce(message: string): void {
    if (!this.warned.has(message)) {
      this.warned.add(message);
      this.logger.warn(message);
    }
  }

  protected toException(reason: ProofRefusal, { purpose, maxAgeSeconds }: OtpRequirement): Error {
    switch (reason) {
      case 'store_unavailable':
        return new OtpException('store_unavailable');
      case 'busy':
        return new OtpException('busy', { retryAfter: 1 });
      case 'no_caller':
        this.warnOnce(
          `@RequireOtp('${purpose}') met no caller. Give the module a \`caller\`, and authenticate before the code is ` +
            'asked for: guards of a class and global guards run before those of a handler, and the decorators of one ' +
            'handler run from the bottom up.',
        );
        return new UnauthorizedException();
      case 'missing':
        return new OtpException('otp_required', {}, stepUp(purpose, maxAgeSeconds));
      default:
        return new OtpException('insufficient_proof', {}, stepUp(purpose, maxAgeSeconds));
    }
  }
}

/** The challenge of RFC 9470 §3. */
function stepUp(purpose: string, maxAgeSeconds: number | undefined): Record<string, string> {
  const maxAge = maxAgeSeconds === undefined ? '' : `, max_age="${maxAgeSeconds}"`;
  return {
    'WWW-Authenticate': `Bearer error="insufficient_user_authentication", error_description="A code is needed: ${purpose}"${maxAge}`,
  };
}
