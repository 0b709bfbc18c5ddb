import { Logger } from '@nestjs/common';
import type { OtpEvents } from './otp-events.js';

const BAD_NEWS = ['.refused', '.failed', '.opened'];

/** Writes every event as one structured line through Nest's logger: what went well at `log`, the rest at `warn`. */
export function logEvents(events: OtpEvents): () => void {
  const logger = new Logger('Otp');
  return events.on('*', (event) => {
    if (BAD_NEWS.some((end) => event.type.endsWith(end))) {
      logger.warn(event.type, event);
    } else {
      logger.log(event.type, event);
    }
  });
}
