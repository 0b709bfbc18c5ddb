import { Body, Controller, Get, Post } from '@nestjs/common';
import {
  OtpClient,
  type OtpClientInfo,
  OtpProof,
  OtpThrottle,
  RequireOtp,
  SkipOtp,
  type VerifiedOtp,
  VerifiedPhone,
} from 'nestjs-sms-otp';
import { expectTypeOf, it } from 'vitest';
import type { AppRequest } from './otp-register.js';

it('guards and limits stand on classes and handlers, the others on parameters', () => {
  @RequireOtp('second')
  @OtpThrottle([{ name: 'account', limit: 20, windowSeconds: 60, key: (request) => request.user.id }])
  @Controller('account')
  class AccountController {
    @Post('payouts')
    @RequireOtp('payout', { binding: ({ body }) => ({ amount: body.amount, payee: body.iban }), maxAgeSeconds: 60 })
    @OtpThrottle([{ name: 'payouts', limit: 5, windowSeconds: 3600 }])
    pay(@Body() dto: AppRequest['body'], @OtpProof() proof: VerifiedOtp, @VerifiedPhone() phoneNumber: string) {
      return { dto, proof, phoneNumber };
    }

    @Get()
    @SkipOtp()
    show(@OtpClient() { ip }: OtpClientInfo) {
      return ip;
    }
  }
  void AccountController;
});

it('not elsewhere', () => {
  class Misplaced {
    // @ts-expect-error a property is no handler
    @RequireOtp('login')
    readonly property: string = '';

    // @ts-expect-error a parameter is no handler
    handler(@RequireOtp('login') parameter: string) {
      return parameter;
    }

    // @ts-expect-error a handler is no parameter
    @VerifiedPhone()
    other() {
      return '';
    }
  }
  void Misplaced;
});

it('@RequireOtp takes its options and no other', () => {
  RequireOtp('login', { mode: 'proof', singleUse: true, audience: 'https://payments.acme.com', cookie: 'otp-proof' });
  RequireOtp('second', { mode: 'inline', startOnSafeMethods: true, phoneNumber: async () => undefined });
  expectTypeOf(RequireOtp<'second'>)
    .parameter(0)
    .toEqualTypeOf<'second'>();

  // @ts-expect-error no such mode
  RequireOtp('second', { mode: 'sms' });
  // @ts-expect-error no such option
  RequireOtp('second', { maxAge: 60 });
  // @ts-expect-error a number of seconds
  RequireOtp('second', { maxAgeSeconds: '60s' });
  // @ts-expect-error a number is text
  RequireOtp('second', { phoneNumber: () => 31612345678 });
  // @ts-expect-error whether, and not for whom
  RequireOtp('second', { skipIf: (request) => request.user.id });
});

it('@OtpThrottle takes a list of limits', () => {
  // @ts-expect-error a list
  OtpThrottle({ name: 'quote', limit: 20, windowSeconds: 60 });
  // @ts-expect-error the window is missing
  OtpThrottle([{ name: 'quote', limit: 20 }]);
  // @ts-expect-error a key is text
  OtpThrottle([{ name: 'quote', limit: 20, windowSeconds: 60, key: () => 7 }]);
});
