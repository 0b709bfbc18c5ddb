export interface AppRequest {
  readonly user: { readonly id: string };
  readonly body: { readonly amount: string; readonly iban: string };
}

// #region example
import { defineOtpPurposes } from 'nestjs-sms-otp';
import { z } from 'zod';

export const purposes = defineOtpPurposes({
  login: { start: 'public' },
  second: { start: 'application' },
  payout: { ttlSeconds: 180, binding: z.object({ amount: z.string(), payee: z.string() }) },
  transfer: { binding: z.object({ cents: z.string().transform(Number) }) }, // takes text, keeps a number
});

declare module 'nestjs-sms-otp' {
  interface OtpRegister {
    purposes: typeof purposes;
    request: AppRequest; // what your own guards leave on it
  }
}
// #endregion example
