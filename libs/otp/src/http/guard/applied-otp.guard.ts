import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { OtpGuard } from './otp.guard.js';
import { isMarked } from './otp-requirement.js';

/** Stands on what `@RequireOtp` marks and asks the guard of the `OtpModule` that is in reach: `OtpGuard`, or its subclass. */
@Injectable()
export class AppliedOtpGuard implements CanActivate {
  constructor(readonly guard: OtpGuard) {}

  /** @throws Error where the mark is gone: another decorator put a handler in its place and took over only Nest's metadata. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const [handler, target] = [context.getHandler(), context.getClass()];
    if (!isMarked(handler, target)) {
      throw new Error(
        `@RequireOtp() of ${target.name}.${handler.name} is lost: put it above what replaces the handler`,
      );
    }
    return this.guard.canActivate(context);
  }
}
