import type { ExecutionContext } from '@nestjs/common';
import { type OtpRequest, OtpThrottle, type OtpThrottleLimit, RequireOtp } from 'nestjs-sms-otp';
import { expectTypeOf, it } from 'vitest';
import type { AppRequest } from './otp-register.js';

it('a registered request is what every function of a decorator gets', () => {
  expectTypeOf<OtpRequest>().toEqualTypeOf<AppRequest>();
  expectTypeOf<NonNullable<OtpThrottleLimit['key']>>().parameters.toEqualTypeOf<[AppRequest, ExecutionContext]>();
  RequireOtp('login', {
    phoneNumber: (request) => {
      expectTypeOf(request).toEqualTypeOf<AppRequest>();
      return request.user.id;
    },
    skipIf: (request, context) => {
      expectTypeOf(request).toEqualTypeOf<AppRequest>();
      expectTypeOf(context).toEqualTypeOf<ExecutionContext>();
      return request.user.id === 'ada';
    },
  });
});

it('so a member that it does not have is found', () => {
  // @ts-expect-error no such member
  RequireOtp('login', { phoneNumber: (request) => request.account });
  // @ts-expect-error no such member
  RequireOtp('payout', { binding: ({ body }) => ({ amount: body.amount, payee: body.payee }) });
  // @ts-expect-error no such member
  OtpThrottle([{ name: 'quote', limit: 20, windowSeconds: 60, key: (request) => request.session }]);
});
