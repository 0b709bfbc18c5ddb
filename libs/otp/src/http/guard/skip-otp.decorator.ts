import { applyDecorators } from '@nestjs/common';
import { describeGuarded } from '../openapi/marks.js';
import { markTarget } from './otp-requirement.js';

/**
 * Lifts the `@RequireOtp()` of the class from one handler.
 *
 * @example
 * @RequireOtp('payout') @Controller('payouts') class PayoutsController {
 *   @Get() @SkipOtp() list() {}
 * }
 */
export function SkipOtp(): MethodDecorator & ClassDecorator {
  return applyDecorators(markTarget('skip'), describeGuarded('skip'));
}
