import { type OtpBindingInput, RequireOtp, type OtpService, type Verified } from 'nestjs-sms-otp';
import { expectTypeOf, it } from 'vitest';
import './otp-register.js';

declare const otp: OtpService;
declare const proof: string;
const to = { phoneNumber: '+31612345678', client: 'none' } as const;
const entered = { challengeId: '', code: '', client: 'none' } as const;
const caller = { subject: 'user-1', phoneNumber: '+31612345678' };
const payout = { amount: '12.00 EUR', payee: 'NL91ABNA0417164300' };

it('A4 a binding is what the schema of the purpose takes', () => {
  expectTypeOf<OtpBindingInput<'payout'>>().toEqualTypeOf<{ amount: string; payee: string }>();
  expectTypeOf<OtpBindingInput<'transfer'>>().toEqualTypeOf<{ cents: string }>();
  expectTypeOf<OtpBindingInput<'login'>>().toEqualTypeOf<undefined>();
});

it('OtpService takes it and nothing else', () => {
  void otp.issue({ ...to, purpose: 'payout', binding: payout });
  void otp.verify({ ...entered, purpose: 'payout', binding: payout });
  void otp.checkProof({ proof, caller, purpose: 'payout', binding: payout });
  void otp.issue({ ...to, purpose: 'transfer', binding: { cents: '1200' } });

  // @ts-expect-error of the wrong type
  void otp.issue({ ...to, purpose: 'payout', binding: { ...payout, amount: 12 } });
  // @ts-expect-error a member is missing
  void otp.issue({ ...to, purpose: 'payout', binding: { amount: '12.00 EUR' } });
  // @ts-expect-error a member that the message would not show
  void otp.issue({ ...to, purpose: 'payout', binding: { amount: '', payee: '', reference: '' } });
  // @ts-expect-error what comes out of the schema does not go in
  void otp.issue({ ...to, purpose: 'transfer', binding: { cents: 1200 } });
  // @ts-expect-error of another purpose
  void otp.verify({ ...entered, purpose: 'payout', binding: { cents: '1200' } });
  // @ts-expect-error a member is missing
  void otp.checkProof({ proof, caller, purpose: 'payout', binding: { payee: '' } });
});

it('a purpose with a schema cannot do without', () => {
  // @ts-expect-error without its binding
  void otp.issue({ ...to, purpose: 'payout' });
  // @ts-expect-error without its binding
  void otp.checkProof({ proof, caller, purpose: 'payout' });
  void otp.verify({ ...entered, purpose: 'payout' });
});

it('a purpose without a schema takes none', () => {
  // @ts-expect-error no binding
  void otp.issue({ ...to, purpose: 'login', binding: payout });
  // @ts-expect-error no binding
  void otp.verify({ ...entered, purpose: 'login', binding: payout });
  // @ts-expect-error no binding
  void otp.checkProof({ proof, caller, purpose: 'second', binding: {} });
  // @ts-expect-error no binding
  RequireOtp('login', { binding: () => payout });
  RequireOtp('login', { binding: false });
});

it('@RequireOtp takes a function that gives it, now or later', () => {
  RequireOtp('payout', { binding: ({ body }) => ({ amount: body.amount, payee: body.iban }) });
  RequireOtp('payout', { binding: async ({ body }) => ({ amount: body.amount, payee: body.iban }) });
  RequireOtp('payout', { binding: (_request, context) => ({ ...payout, payee: context.getClass().name }) });

  // @ts-expect-error a member is missing
  RequireOtp('payout', { binding: ({ body }) => ({ amount: body.amount }) });
  // @ts-expect-error of the wrong type
  RequireOtp('payout', { binding: async ({ body }) => ({ amount: Number(body.amount), payee: body.iban }) });
  // @ts-expect-error a function of the request
  RequireOtp('payout', { binding: payout });
});

it('what comes back is what the person saw', () => {
  expectTypeOf<Verified['binding']>().toEqualTypeOf<Readonly<Record<string, string | number | boolean>> | undefined>();
});
