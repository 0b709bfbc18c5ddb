import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';

export interface BenchRedis {
  readonly url: string;
  /** A plain client with ioredis' own settings. */
  readonly client: Redis;
  stop(): Promise<void>;
}

/** A redis-server of its own on a free port, without persistence. */
export async function startRedis(): Promise<BenchRedis> {
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn('redis-server', args, { stdio: 'ignore' });
  const killed = () => void child.kill('SIGKILL');
  process.once('exit', killed);
  const url = `redis://127.0.0.1:${port}`;
  // It tries again until the server listens.
  const client = new Redis(url, { maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  await client.ping();
  return {
    url,
    client,
    stop: async () => {
      client.disconnect();
      process.off('exit', killed);
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') {
    throw new Error('no port was assigned');
  }
  return address.port;
}
