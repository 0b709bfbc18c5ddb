import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { OtpGuard } from './otp.guard.js';

/** Runs when all guards have, so it meets the caller whom a guard after ours has authenticated. */
@Injectable()
export class LateCallerInterceptor implements NestInterceptor {
  constructor(private readonly guard: OtpGuard) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<ReturnType<CallHandler['handle']>> {
    await this.guard.confirmCaller(context);
    return next.handle();
  }
}
