import type { OtpProblemCode, OtpRefusal } from 'nestjs-sms-otp';
import { toOtpException } from 'nestjs-sms-otp';
import type { Words } from '../i18n/words.js';

/** One sentence or two for the person, whatever the module refused. */
export function refusalText(refusal: OtpRefusal, words: Words): string {
  const { code, attemptsRemaining = 0, retryAfter } = toOtpException(refusal).problem;
  return problemText(code, words, { attempts: attemptsRemaining, retryAfter });
}

export function problemText(
  code: OtpProblemCode,
  words: Words,
  { attempts = 0, retryAfter = 60 }: { readonly attempts?: number; readonly retryAfter?: number | undefined } = {},
): string {
  const { t } = words;
  switch (code) {
    case 'throttled':
      return t('problems.throttled', { wait: duration(retryAfter, words) });
    case 'incorrect_code':
      return t('problems.incorrect_code', { attempts });
    case 'invalid_request':
    case 'invalid_phone_number':
    case 'destination_not_allowed':
    case 'challenge_gone':
    case 'attempts_exhausted':
    case 'delivery_failed':
    case 'busy':
    case 'store_unavailable':
    case 'forbidden':
      return t(`problems.${code}`);
    default:
      return t('problems.unexpected');
  }
}

export function duration(seconds: number, { t }: Words): string {
  if (seconds < 90) {
    return t('problems.seconds', { count: seconds });
  }
  return seconds < 5400
    ? t('problems.minutes', { count: Math.ceil(seconds / 60) })
    : t('problems.hours', { count: Math.ceil(seconds / 3600) });
}
