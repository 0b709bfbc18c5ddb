import { Logger } from '@nestjs/common';
import type { OtpEvent, OtpEventType } from './event-types.js';
import type { OtpEvents } from './otp-events.js';

/** Names of the OWASP Logging Vocabulary, so that a SIEM's rules fit without a mapping of their own. */
const OWASP_NAMES: Partial<Record<OtpEventType, string>> = {
  'challenge.verified': 'authn_login_success',
  'challenge.failed': 'authn_login_fail',
};

const OWASP_NAMES_BY_REASON: Readonly<Record<string, string>> = {
  attempts_exhausted: 'authn_login_fail_max',
  number_locked: 'authn_login_lock',
  throttled: 'excess_rate_limit_exceeded',
  used: 'authn_token_reuse',
};

/** Writes every event as one structured line through Nest's logger: what went well at `log`, the rest at `warn`. */
export function logEvents(events: OtpEvents): () => void {
  const logger = new Logger('Otp');
  return events.on('*', (event) => {
    const { type, ...data } = event;
    const line = { ...data, ...owaspName(event) };
    if (type.endsWith('.refused') || type.endsWith('.failed')) {
      logger.warn(type, line);
    } else {
      logger.log(type, line);
    }
  });
}

function owaspName(event: OtpEvent): { owasp?: string } {
  const name = OWASP_NAMES[event.type] ?? ('reason' in event ? OWASP_NAMES_BY_REASON[event.reason] : undefined);
  return name === undefined ? {} : { owasp: name };
}
