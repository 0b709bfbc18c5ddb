import { parentPort } from 'node:worker_threads';
import { Connection, getRequest } from '../http/connection.js';
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
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => Connection.open(to)));
  const addresses = addressesOf(requests);
  let next = 0;
  let refused = 0;
  const startedAt = performance.now();
  const asking = connections.map(async (connection) => {
    while (next < requests) {
      const ip = addresses[next] ?? '';
      next += 1;
      const { status } = await connection.ask(getRequest({ path: '/guarded', ip }));
      if (status !== 200 && status !== 429) {
        throw new Error(`The server answered ${status}`);
      }
      refused += status === 429 ? 1 : 0;
    }
    connection.close();
  });
  await Promise.all(asking);
  return { perSecond: (requests * 1000) / (performance.now() - startedAt), refused };
}

function addressesOf(count: number): readonly string[] {
  const random = seededRandom(SEED);
  return Array.from({ length: count }, (_, i) => {
    const block = Math.floor(i / BLOCK.requests);
    return ipOf(block * BLOCK.ips + Math.floor(BLOCK.ips * random() ** BLOCK.skew));
  });
}
