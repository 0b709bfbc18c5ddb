// #region example
import { defineOtpPurposes } from 'nestjs-sms-otp';
import { z } from 'zod';

export const purposes = defineOtpPurposes({
  login: { start: 'public' }, // POST /otp/challenges may start it
  second: { start: 'application' }, // the default: only the application's own code or a guard starts it
  payout: { ttlSeconds: 180, binding: z.object({ amount: z.string(), payee: z.string() }) },
});
// #endregion example
