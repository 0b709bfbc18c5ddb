import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { parentPort } from 'node:worker_threads';
import { ipOf, seededRandom } from '../limits/traffic.js';
import type { LoadOrder, LoadResult } from './load.js';

const CONNECTIONS = 64;
const SEED = 60;
/** Every so many requests come from as many other addresses, some of which ask much more often than others. */
const BLOCK = { requests: 1_000, ips: 50, skew: 1.5 } as const;

const port = parentPort;
port?.on('message', (order: LoadOrder) => {
  void load(order).then((result) => port.postMessage(result));
});

/** The same requests in the same order at every call, one at a time on each connection, which stays open. */
async function load({ port: to, requests }: LoadOrder): Promise<LoadResult> {
  const sockets = await Promise.all(Array.from({ length: CONNECTIONS }, () => open(to)));
  const addresses = addressesOf(requests);
  let next = 0;
  let refused = 0;
  const startedAt = performance.now();
  const asking = sockets.map(async (socket) => {
    const answers = new Answers(socket);
    while (next < requests) {
      const ip = addresses[next];
      next += 1;
      socket.write(`GET /guarded HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: ${ip}\r\n\r\n`);
      const status = await answers.next();
      if (status !== 200 && status !== 429) {
        throw new Error(`The server answered ${status}`);
      }
      refused += status === 429 ? 1 : 0;
    }
    socket.destroy();
  });
  await Promise.all(asking);
  return { perSecond: (requests * 1000) / (performance.now() - startedAt), refused };
}

async function open(to: number): Promise<Socket> {
  const socket = connect({ port: to, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket;
}

function addressesOf(count: number): readonly string[] {
  const random = seededRandom(SEED);
  return Array.from({ length: count }, (_, i) => {
    const block = Math.floor(i / BLOCK.requests);
    return ipOf(block * BLOCK.ips + Math.floor(BLOCK.ips * random() ** BLOCK.skew));
  });
}

/** Reads as little of the answers as will do: a client as busy as the server would hide what the server does. */
class Answers {
  private text = '';
  private resolve: (status: number) => void = () => undefined;

  constructor(socket: Socket) {
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => this.read(chunk));
    socket.once('close', () => this.resolve(0));
  }

  next(): Promise<number> {
    return new Promise((resolve) => (this.resolve = resolve));
  }

  private read(chunk: string): void {
    this.text += chunk;
    const headEnd = this.text.indexOf('\r\n\r\n');
    const length = /content-length: (\d+)/i.exec(this.text)?.[1];
    if (headEnd !== -1 && length !== undefined && this.text.length >= headEnd + 4 + Number(length)) {
      const status = Number(this.text.slice(9, 12));
      this.text = '';
      this.resolve(status);
    }
  }
}
