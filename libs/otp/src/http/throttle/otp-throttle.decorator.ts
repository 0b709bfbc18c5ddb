import { applyDecorators, UseFilters, UseGuards } from '@nestjs/common';
import { describeThrottled } from '../openapi/marks.js';
import { OtpExceptionFilter } from '../otp-exception.filter.js';
import { OtpThrottleGuard } from './otp-throttle.guard.js';
import type { OtpThrottleLimit } from './otp-throttle-limit.js';
import { markThrottled } from './throttle-marks.js';

/**
 * Bounds how often a handler, or each client of all handlers of a class, may be called over HTTP: with the limiter of the
 * codes, in the module's store, so over all instances. A request is counted in all limits or, when one refuses, in none:
 * then it is answered 429 `throttled` with `Retry-After`. A lost store answers 503 `store_unavailable`.
 *
 * The lists of a handler and of its class both count. Other kinds of context than HTTP are denied.
 *
 * Decorators of one handler run from the bottom up: where `key` reads who is signed in, authenticate on the class or
 * globally.
 *
 * @throws TypeError when a limit is wrong, Error when it stands twice on one target.
 *
 * @example
 * @Get('quote')
 * @OtpThrottle([{ name: 'quote', limit: 20, windowSeconds: 60, key: (request) => request.user.id }])
 * quote() {}
 */
export function OtpThrottle(limits: readonly OtpThrottleLimit[]): MethodDecorator & ClassDecorator {
  return applyDecorators(
    markThrottled(limits),
    UseGuards(OtpThrottleGuard),
    UseFilters(OtpExceptionFilter),
    describeThrottled(),
  );
}
