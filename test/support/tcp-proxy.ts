import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Stands between a client and a server, to lose what is on the way. */
export interface TcpProxy {
  readonly port: number;
  /** How many connections clients have opened so far. */
  readonly connections: number;
  /** The server gets what the client sends, its next answer gets lost, and the connection breaks. */
  loseNextAnswer(): void;
  stop(): Promise<void>;
}

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let connections = 0;
  let isLosing = false;

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
    client.on('data', (data) => upstream.write(data));
    upstream.on('data', (data) => {
      if (isLosing) {
        isLosing = false;
        client.destroy();
      } else {
        client.write(data);
      }
    });
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
    loseNextAnswer: () => (isLosing = true),
    stop: async () => {
      server.close();
      sockets.forEach((socket) => socket.destroy());
      await once(server, 'close');
    },
  };
}
