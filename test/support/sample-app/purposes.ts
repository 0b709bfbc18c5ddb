import { defineOtpPurposes } from 'nestjs-sms-otp';
import { z } from 'zod';

/** Another service that may rely on proofs of the purpose `export`. */
export const LEDGER = 'https://ledger.acme.example';

export const PAYOUT_SECONDS = 180;

const transfer = z.object({
  amount: z.string().regex(/^\d{1,7}\.\d\d$/, 'must be an amount such as 12.00'),
  payee: z.string().min(1),
});

export const purposes = defineOtpPurposes({
  login: { start: 'public' },
  signup: { start: 'public' },
  confirm: { message: ({ code, serviceName }) => `${code} confirms a change at ${serviceName}.` },
  export: { audience: LEDGER },
  payout: { ttlSeconds: PAYOUT_SECONDS, binding: transfer },
  mandate: { binding: transfer.extend({ yearly: z.boolean(), day: z.number().int() }) },
});
