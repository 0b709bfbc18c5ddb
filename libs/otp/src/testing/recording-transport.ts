import { CHANNELS } from '../phone/channel.js';
import type { OutgoingMessage, SendFailureReason, SendResult, SmsTransport } from '../delivery/sms-transport.js';

export interface RecordedMessage extends OutgoingMessage {
  readonly messageId: string;
}

export interface RecordingTransportOptions {
  /** @default 'recording' */
  readonly name?: string;
  /** How many messages are kept; the oldest is forgotten first. @default 10000 */
  readonly limit?: number;
}

/** What happens to the next messages instead of success. */
type Script =
  | { readonly kind: 'fail'; readonly reason: SendFailureReason }
  | { readonly kind: 'throw'; readonly error: Error }
  | { readonly kind: 'hang' };

/**
 * A transport for tests: keeps the messages and sends nothing. It accepts every message unless told otherwise; what it is
 * told holds for one message each, in order.
 *
 * @example
 * const transport = new RecordingTransport();
 * transport.failNext('transient');
 * …
 * transport.lastCodeTo('+31612345678');
 */
export class RecordingTransport implements SmsTransport {
  readonly name: string;
  readonly channels = CHANNELS;
  private readonly limit: number;
  private readonly recorded: RecordedMessage[] = [];
  private readonly scripts: Script[] = [];
  private count = 0;

  constructor({ name = 'recording', limit = 10_000 }: RecordingTransportOptions = {}) {
    this.name = name;
    this.limit = limit;
  }

  /** Accepted messages, oldest first. */
  get messages(): readonly RecordedMessage[] {
    return this.recorded;
  }

  /** The newest message to a number in E.164. */
  lastTo(number: string): RecordedMessage | undefined {
    return this.recorded.findLast(({ to }) => to === number);
  }

  /** The code of the newest message to a number in E.164. */
  lastCodeTo(number: string): string | undefined {
    return this.lastTo(number)?.code;
  }

  /** The next message is refused and not recorded. */
  failNext(reason: SendFailureReason): void {
    this.scripts.push({ kind: 'fail', reason });
  }

  /** The next send throws. */
  throwNext(error = new Error('scripted failure')): void {
    this.scripts.push({ kind: 'throw', error });
  }

  /** The next send gets no answer until its signal aborts. */
  hangNext(): void {
    this.scripts.push({ kind: 'hang' });
  }

  /** Forgets messages and scripts. */
  clear(): void {
    this.recorded.length = 0;
    this.scripts.length = 0;
  }

  async send(message: OutgoingMessage, { signal }: { readonly signal: AbortSignal }): Promise<SendResult> {
    signal.throwIfAborted();
    const script = this.scripts.shift();
    switch (script?.kind) {
      case 'fail':
        return { outcome: 'failed', reason: script.reason };
      case 'throw':
        throw script.error;
      case 'hang':
        return new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('the send was stopped')), { once: true });
        });
      case undefined:
        return this.record(message);
    }
  }

  private record(message: OutgoingMessage): SendResult {
    this.count++;
    const messageId = `${this.name}-${this.count}`;
    this.recorded.push({ ...message, messageId });
    if (this.recorded.length > this.limit) {
      this.recorded.shift();
    }
    return { outcome: 'accepted', messageId };
  }
}
