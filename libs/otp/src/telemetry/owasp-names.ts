import type { OtpEventType } from './event-types.js';

const BY_TYPE: Partial<Record<OtpEventType, string>> = {
  'challenge.verified': 'authn_login_success',
  'challenge.failed': 'authn_login_fail',
  'limit.used_up': 'excess_rate_limit_exceeded',
  'request.throttled': 'excess_rate_limit_exceeded',
};

const BY_REASON: Readonly<Record<string, string>> = {
  attempts_exhausted: 'authn_login_fail_max',
  number_locked: 'authn_login_lock',
  throttled: 'excess_rate_limit_exceeded',
  used: 'authn_token_reuse',
};

/** Names of the OWASP Logging Vocabulary (OWASP Cheat Sheet Series, Logging Vocabulary). */
export function owaspName(type: OtpEventType, data: object): { readonly owasp?: string } {
  // Only a refusal's reason is one of ours: an unlock's is what somebody typed.
  const reason: unknown = type.endsWith('.refused') && 'reason' in data ? data.reason : undefined;
  const owasp = BY_TYPE[type] ?? (typeof reason === 'string' ? BY_REASON[reason] : undefined);
  return owasp === undefined ? {} : { owasp };
}
