import { defineOtpPurposes, type OtpPurposeName, RequireOtp, type OtpService } from 'nestjs-sms-otp';
import { expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import type { purposes } from './otp-register.js';

declare const otp: OtpService;
declare const text: string;
const phoneNumber = '+31612345678';
const client = 'none';

it('the declared purposes are all that there are', () => {
  expectTypeOf<OtpPurposeName>().toEqualTypeOf<keyof typeof purposes>();
  expectTypeOf<OtpPurposeName>().toEqualTypeOf<'login' | 'second' | 'payout' | 'transfer'>();
});

it('A4 a declared purpose compiles everywhere', () => {
  RequireOtp('login');
  void otp.issue({ purpose: 'login', phoneNumber, client });
  void otp.verify({ purpose: 'second', challengeId: text, code: text, client });
  void otp.checkProof({ purpose: 'login', proof: text, caller: 'none' });
});

it('A4 an undeclared one compiles nowhere', () => {
  // @ts-expect-error not declared
  RequireOtp('refund');
  // @ts-expect-error not declared
  RequireOtp('refund', { mode: 'proof' });
  // @ts-expect-error not declared
  void otp.issue({ purpose: 'refund', phoneNumber, client });
  // @ts-expect-error not declared
  void otp.verify({ purpose: 'refund', challengeId: text, code: text, client });
  // @ts-expect-error not declared
  void otp.checkProof({ purpose: 'refund', proof: text, caller: 'none' });
});

it('nor does text that may be anything, or no purpose at all', () => {
  // @ts-expect-error any text
  RequireOtp(text);
  // @ts-expect-error any text
  void otp.issue({ purpose: text, phoneNumber, client });
  // @ts-expect-error none
  void otp.issue({ phoneNumber, client });
  // @ts-expect-error none
  void otp.verify({ challengeId: text, code: text, client });
});

it('A4 C3 who asks, and from where, is not left out by accident', () => {
  // @ts-expect-error the client
  void otp.issue({ purpose: 'login', phoneNumber });
  // @ts-expect-error the client
  void otp.verify({ purpose: 'login', challengeId: text, code: text });
  // @ts-expect-error neither client nor 'none'
  void otp.resend({ challengeId: text, client: undefined });
  // @ts-expect-error the caller
  void otp.checkProof({ purpose: 'login', proof: text });
  // @ts-expect-error the caller's number
  void otp.checkProof({ purpose: 'login', proof: text, caller: { subject: text } });
});

it('a purpose is declared by what it can have', () => {
  expectTypeOf(defineOtpPurposes({ login: { start: 'public' } })).toEqualTypeOf<{
    readonly login: { readonly start: 'public' };
  }>();
  // @ts-expect-error neither public nor application
  defineOtpPurposes({ login: { start: 'anybody' } });
  // @ts-expect-error six, seven or eight
  defineOtpPurposes({ login: { codeLength: 4 } });
  // @ts-expect-error no option of a purpose
  defineOtpPurposes({ login: { ttl: 300 } });
  // @ts-expect-error the details of a code are a flat record
  defineOtpPurposes({ payout: { binding: z.object({ payee: z.object({ iban: z.string() }) }) } });
  // @ts-expect-error a schema and not an example
  defineOtpPurposes({ payout: { binding: { amount: '12.00' } } });
  defineOtpPurposes({ payout: { message: ({ code, binding }) => `${code} pays ${binding?.amount}` } });
  // @ts-expect-error a message is text
  defineOtpPurposes({ payout: { message: () => 7 } });
});
