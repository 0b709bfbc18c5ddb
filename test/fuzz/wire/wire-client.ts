import { connect, type Socket } from 'node:net';
import { type AnswerRead, readAnswer, type WireAnswer } from './read-answer.js';

export type Exchange =
  | { readonly outcome: 'answered'; readonly answer: WireAnswer }
  /** The server closed the connection without an answer. */
  | { readonly outcome: 'closed' }
  /** Neither within `HANG_MS`. */
  | { readonly outcome: 'hang' };

export interface Sending {
  readonly bytes: Buffer;
  readonly isHead: boolean;
  /** Whether the connection may be used again. When not, nothing more is sent after it. */
  readonly isWellFramed: boolean;
}

/** No answer takes this long on any machine: the longest wait of the module is two seconds. */
const HANG_MS = 20_000;

/** One client with one connection, that is opened anew when the server closes it. Sends one request at a time. */
export class WireClient {
  private socket: Socket | undefined;

  constructor(private readonly port: number) {}

  async send(sending: Sending): Promise<Exchange> {
    if (this.socket?.readableEnded) {
      this.close();
    }
    const isUsed = this.socket !== undefined;
    const exchange = await this.exchange(sending);
    // A connection that nobody used for a while is closed at any time, perhaps just now.
    return exchange.outcome === 'closed' && isUsed ? this.exchange(sending) : exchange;
  }

  close(): void {
    this.socket?.destroy();
    this.socket = undefined;
  }

  private open(): Socket {
    const socket = connect({ port: this.port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    return socket.on('error', ignored);
  }

  private exchange({ bytes, isHead, isWellFramed }: Sending): Promise<Exchange> {
    const socket = (this.socket ??= this.open());
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const done = (exchange: Exchange, keepsOpen: boolean) => {
        socket.off('data', onData).off('end', onEnd).off('close', onEnd).off('timeout', onTimeout);
        if (!keepsOpen) {
          this.close();
        }
        resolve(exchange);
      };
      const read = (ended: boolean): AnswerRead | undefined => {
        try {
          return readAnswer(Buffer.concat(chunks), { isHead, ended });
        } catch (error) {
          reject(error);
          return undefined;
        }
      };
      const onData = (chunk: Buffer) => {
        chunks.push(chunk);
        const found = read(false);
        if (found !== undefined) {
          done({ outcome: 'answered', answer: found.answer }, found.keepsAlive && isWellFramed);
        }
      };
      const onEnd = () => {
        const found = read(true);
        done(found === undefined ? { outcome: 'closed' } : { outcome: 'answered', answer: found.answer }, false);
      };
      const onTimeout = () => done({ outcome: 'hang' }, false);
      socket.on('data', onData).on('end', onEnd).on('close', onEnd).on('timeout', onTimeout);
      socket.setTimeout(HANG_MS);
      if (isWellFramed) {
        socket.write(bytes);
      } else {
        socket.end(bytes);
      }
    });
  }
}

/** What breaks a connection is told by its closing. */
function ignored(): void {}
