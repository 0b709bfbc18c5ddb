import { defineOtpPurposes } from 'nestjs-sms-otp';
import { z } from 'zod';
import { chooseLanguage } from './i18n/languages.js';
import { wordsOf } from './i18n/words.js';
import { shownAmount } from './transfer/shown-amount.js';

const channels = ['sms', 'voice'] as const;

/** What codes are for at Tern Bank. */
export const purposes = defineOtpPurposes({
  /** Number and code, also for clients without pages. */
  login: { start: 'public', channels },
  /** After the password. */
  second: { channels },
  'sign-up': { channels },
  transfer: {
    channels,
    ttlSeconds: 180,
    binding: z.strictObject({ amount: z.string(), payee: z.string(), iban: z.string() }),
    // In the words and figures of the pages, so that the person compares like with like.
    message: ({ code, binding: { amount = '', ...binding } = {}, locale }) => {
      const { t, language } = wordsOf(chooseLanguage(locale));
      return t('transfer.message', { code, amount: shownAmount(amount, language), ...binding });
    },
  },
  'old-number': { channels },
  'new-number': { channels },
  desk: { channels },
});
