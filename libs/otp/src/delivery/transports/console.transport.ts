import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { CHANNELS } from '../../phone/channel.js';
import type { SmsTransport } from '../sms-transport.js';

export interface ConsoleTransportOptions {
  /** Takes the printed text. @default Nest's `Logger` with the context `OtpConsoleTransport` */
  readonly write?: ((text: string) => void) | undefined;
}

const SHOWN_DIGITS = 2;

/**
 * Sends nothing and prints the message, with its code. For development: the module refuses to start with it when
 * `NODE_ENV` is `production`.
 */
export function consoleTransport(options: ConsoleTransportOptions = {}): SmsTransport {
  const logger = new Logger('OtpConsoleTransport');
  const write = options.write ?? ((text: string) => logger.log(text));
  return {
    name: 'console',
    channels: CHANNELS,
    developmentOnly: true,
    send: async (message, { signal }) => {
      signal.throwIfAborted();
      const recipient = `the number ending in ${message.to.slice(-SHOWN_DIGITS)}`;
      write(`[development only, nothing was sent] ${message.channel} to ${recipient}:\n${message.text}`);
      return { outcome: 'accepted', messageId: randomUUID() };
    },
  };
}
