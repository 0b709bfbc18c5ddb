import type { Channel } from '../phone/channel.js';
import type { Circuit } from './circuit.js';
import { readSendResult, sendFailure } from './read-send-result.js';
import type { OutgoingMessage, SendFailureReason, SendResult, SmsTransport } from './sms-transport.js';
import { DeadlineError, withDeadline } from './with-deadline.js';

/**
 * The provider's own troubles. Whoever refuses a recipient works; so does who answers `configuration`, for a number in a
 * country that is not enabled gets that too, and strangers choose the numbers.
 */
const FAULTS: ReadonlySet<SendFailureReason> = new Set(['transient', 'quota', 'unknown-outcome']);

export interface LinkOptions {
  readonly transport: SmsTransport;
  readonly circuit: Circuit;
  readonly receiptUrl: string | undefined;
}

/** One transport of the chain: its outcomes are always results, and its circuit learns from them. */
export class ChainLink {
  readonly name: string;
  readonly channels: readonly Channel[];
  readonly circuit: Circuit;

  constructor(private readonly options: LinkOptions) {
    this.name = options.transport.name;
    this.channels = options.transport.channels;
    this.circuit = options.circuit;
  }

  /** What it throws counts as yes: `send` will tell. */
  carries(message: OutgoingMessage): boolean {
    try {
      return this.options.transport.carries?.(message) !== false;
    } catch {
      return true;
    }
  }

  /** Always resolves, and in time: what a transport throws, and silence, are outcomes. */
  send(message: OutgoingMessage, timeoutSeconds: number): Promise<SendResult> {
    return this.circuit.run(
      () => this.attempt(message, timeoutSeconds),
      (result) => result.outcome === 'failed' && FAULTS.has(result.reason),
    );
  }

  private async attempt(message: OutgoingMessage, timeoutSeconds: number): Promise<SendResult> {
    const { transport, receiptUrl } = this.options;
    try {
      const result = await withDeadline({ timeoutSeconds }, async (signal) =>
        transport.send(message, { signal, receiptUrl }),
      );
      return readSendResult(result, [message.text, ...(transport.receipts?.tokens ?? [])]);
    } catch (error) {
      // Nobody knows whether the message left, so it must be neither repeated nor given back.
      return sendFailure(
        'unknown-outcome',
        error instanceof DeadlineError ? error.message : `the transport threw ${nameOf(error)}`,
      );
    }
  }
}

/** Never its words, which may repeat what was sent; and never a throw, whatever an error is made of. */
function nameOf(error: unknown): string {
  try {
    const name: unknown = error instanceof Error ? error.constructor.name : typeof error;
    return typeof name === 'string' && /^[A-Za-z]\w{0,63}$/.test(name) ? name : 'an error';
  } catch {
    return 'an error';
  }
}
