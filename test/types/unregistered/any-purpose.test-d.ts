import {
  type OtpBindingInput,
  type OtpPurposeName,
  type OtpRegister,
  type OtpRequest,
  type OtpService,
  RequireOtp,
} from 'nestjs-sms-otp';
import { expectTypeOf, it } from 'vitest';

declare const otp: OtpService;
declare const text: string;
const client = 'none';

it('nothing is registered here', () => {
  expectTypeOf<keyof OtpRegister>().toEqualTypeOf<never>();
});

it('every text is a purpose, until the application has one declared', () => {
  expectTypeOf<OtpPurposeName>().toEqualTypeOf<string>();
  RequireOtp('refund');
  RequireOtp(text, { mode: 'proof' });
  void otp.issue({ purpose: text, phoneNumber: text, client });
  void otp.verify({ purpose: 'refund', challengeId: text, code: text, client });
  void otp.checkProof({ purpose: 'refund', proof: text, caller: 'none' });
  // @ts-expect-error a name is text
  RequireOtp(7);
});

it('a binding is a flat record then', () => {
  expectTypeOf<OtpBindingInput<'payout'>>().toEqualTypeOf<Readonly<Record<string, string | number | boolean>>>();
  void otp.issue({ purpose: 'payout', phoneNumber: text, client, binding: { amount: 12, urgent: true } });
  RequireOtp('payout', { binding: (request) => ({ amount: request.body.amount }) });
  // @ts-expect-error not flat
  void otp.issue({ purpose: 'payout', phoneNumber: text, client, binding: { payee: { iban: text } } });
});

it('a request is as untyped as what getRequest() answers', () => {
  expectTypeOf<OtpRequest>().toBeAny();
});
