import { Logger } from '@nestjs/common';
import type { OtpEvents } from './otp-events.js';

/** Writes every event as one structured line through Nest's logger: what went well at `log`, the rest at `warn`. */
export function logEvents(events: OtpEvents): () => void {
  const logger = new Logger('Otp');
  return events.on('*', (event) => {
    if (event.type.endsWith('.refused') || event.type.endsWith('.failed')) {
      logger.warn(event.type, event);
    } else {
      logger.log(event.type, event);
    }
  });
}
