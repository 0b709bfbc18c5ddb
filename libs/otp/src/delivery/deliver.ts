import { readSendResult, sendFailure } from './read-send-result.js';
import type { OutgoingMessage, SendResult, SmsTransport } from './sms-transport.js';
import { DeadlineError, withDeadline } from './with-deadline.js';

export interface DelivererOptions {
  /** In order of preference. */
  readonly transports: readonly SmsTransport[];
  /** Longest wait for a transport, in seconds, whether or not it heeds its signal. */
  readonly timeoutSeconds: number;
}

/** How a message went, and the name of the transport that was asked. */
export type Delivery = SendResult & { readonly transport: string };

/** Always resolves: what a transport throws, and silence, are outcomes. */
export type Deliverer = (message: OutgoingMessage) => Promise<Delivery>;

/** Hands a message to the first transport that has its channel. */
export function createDeliverer({ transports, timeoutSeconds }: DelivererOptions): Deliverer {
  return async (message) => {
    const transport = transports.find(({ channels }) => channels.includes(message.channel));
    if (transport === undefined) {
      return { ...sendFailure('configuration', `no transport has the channel ${message.channel}`), transport: 'none' };
    }
    return { ...(await send(transport, message, timeoutSeconds)), transport: transport.name };
  };
}

async function send(transport: SmsTransport, message: OutgoingMessage, timeoutSeconds: number): Promise<SendResult> {
  try {
    const result = await withDeadline({ timeoutSeconds }, async (signal) => transport.send(message, { signal }));
    return readSendResult(result, message);
  } catch (error) {
    // Nobody knows whether the message left, so it must be neither repeated nor given back.
    return sendFailure(
      'unknown-outcome',
      error instanceof DeadlineError ? error.message : 'the transport threw an error',
    );
  }
}
