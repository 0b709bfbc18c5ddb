import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export type Direction = 'requests' | 'answers';

/** What becomes of bytes on the way. */
export type Line =
  | { readonly kind: 'open' }
  /** Each piece comes so much later, in its order; with a rate also as long as its bytes take. */
  | { readonly kind: 'slow'; readonly delayMs: () => number; readonly bytesPerSecond?: number }
  /** Half-open: connections stand, and nothing of one or both directions comes through before the line is open again. */
  | { readonly kind: 'dead'; readonly directions: readonly Direction[] };

/** Stands between a client and a server, to lose, hold and slow what is on the way. */
export interface TcpProxy {
  readonly port: number;
  /** How many connections clients have opened so far. */
  readonly connections: number;
  /** The server gets what the client sends, its next answer gets lost, and the connection breaks. */
  loseNextAnswer(): void;
  /** As above, and the first bytes of the answer come through. */
  breakNextAnswer(afterBytes: number): void;
  /** From now on, for connections that stand as well. What a dead line held comes through when it is open again. */
  setLine(line: Line): void;
  stop(): Promise<void>;
}

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let connections = 0;
  let cutAfter: number | undefined;
  let line: Line = { kind: 'open' };
  const waiting = new Set<() => void>();

  async function travel(direction: Direction, bytes: number): Promise<void> {
    while (line.kind === 'dead' && line.directions.includes(direction)) {
      await new Promise<void>((resolve) => waiting.add(resolve));
    }
    if (line.kind === 'slow') {
      const { delayMs, bytesPerSecond = Number.POSITIVE_INFINITY } = line;
      await delay(delayMs() + (bytes / bytesPerSecond) * 1000);
    }
  }

  /** Hands on what one side sends, in its order. */
  function hand(direction: Direction, data: Buffer, pass: (data: Buffer) => void, last: Promise<void>): Promise<void> {
    return last.then(() => travel(direction, data.length)).then(() => pass(data));
  }

  const server = createServer((client) => {
    connections += 1;
    const upstream = connect(targetPort, '127.0.0.1');
    for (const [socket, peer] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.once('close', () => {
        sockets.delete(socket);
        peer.destroy();
      });
      // The other side going away is what this is for.
      socket.on('error', () => undefined);
    }
    const write = (socket: Socket) => (data: Buffer) => void (socket.writable && socket.write(data));
    const answer = (data: Buffer) => {
      if (cutAfter === undefined) {
        write(client)(data);
      } else {
        const rest = data.subarray(0, cutAfter);
        cutAfter = undefined;
        client.end(rest, () => client.destroy());
      }
    };
    let requests = Promise.resolve();
    let answers = Promise.resolve();
    client.on('data', (data) => void (requests = hand('requests', data, write(upstream), requests)));
    upstream.on('data', (data) => void (answers = hand('answers', data, answer, answers)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('no port was assigned');
  }

  return {
    port: address.port,
    get connections() {
      return connections;
    },
    loseNextAnswer: () => (cutAfter = 0),
    breakNextAnswer: (afterBytes) => (cutAfter = afterBytes),
    setLine: (next) => {
      line = next;
      waiting.forEach((goOn) => goOn());
      waiting.clear();
    },
    stop: async () => {
      server.close();
      sockets.forEach((socket) => socket.destroy());
      await once(server, 'close');
    },
  };
}
