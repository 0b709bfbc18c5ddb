import { Redis } from 'ioredis';
import { startRedis as startServer } from '../support/redis-server.js';

export interface BenchRedis {
  readonly url: string;
  /** A plain client with ioredis' own settings. */
  readonly client: Redis;
  stop(): Promise<void>;
}

/** A redis-server of its own on a free port, without persistence. */
export async function startRedis(): Promise<BenchRedis> {
  const server = await startServer();
  const client = new Redis(server.url).on('error', () => undefined);
  return {
    url: server.url,
    client,
    stop: async () => {
      client.disconnect();
      await server.stop();
    },
  };
}
