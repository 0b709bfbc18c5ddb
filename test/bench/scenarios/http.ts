import { startRedisCluster } from '../../support/redis-cluster.js';
import type { AdapterName, StorePlace } from '../http/measured-server.js';
import { Server } from '../http/server.js';
import type { BenchRedis } from '../redis.js';
import { type Goal, ofBound, perSecond, type Section } from '../report.js';
import { measureRates, type Rates, type RoundsOptions } from '../rounds.js';

const ADAPTERS: readonly AdapterName[] = ['Fastify', 'Express'];
const LEAST: Goal = { atLeast: 0.6 };

interface Servers {
  readonly adapter: AdapterName;
  readonly echo: Server;
  /** On memory, Redis and Cluster; the first two are held against the bare route. */
  readonly hmac: readonly Server[];
  readonly argon2id: Server;
}

/** The built-in routes, against a bare Nest route on the same adapter that reads a JSON body and answers it. */
export async function http({ url }: BenchRedis, rounds: RoundsOptions): Promise<readonly Section[]> {
  const cluster = await startRedisCluster();
  const onRedis: StorePlace = { kind: 'Redis', url };
  const places: readonly StorePlace[] = [
    { kind: 'memory' },
    onRedis,
    { kind: 'Cluster', ports: cluster.servers.map(({ port }) => port) },
  ];
  const all: Servers[] = [];
  for (const adapter of ADAPTERS) {
    all.push(await startServers(adapter, places, onRedis));
  }
  const rates = await measureRates(all.flatMap(contestantsOf), rounds);
  for (const { echo, hmac, argon2id } of all) {
    await Promise.all([echo, ...hmac, argon2id].map((server) => server.close()));
  }
  await cluster.stop();
  return all.map((servers) => report(servers, rates));
}

async function startServers(
  adapter: AdapterName,
  places: readonly StorePlace[],
  onRedis: StorePlace,
): Promise<Servers> {
  const echo = await Server.start({ kind: 'echo', adapter });
  const argon2id = await Server.start({ kind: 'module', adapter, store: onRedis, hashing: 'argon2id' });
  const hmac: Server[] = [];
  for (const store of places) {
    hmac.push(await Server.start({ kind: 'module', adapter, store, hashing: 'HMAC' }));
  }
  return { adapter, echo, hmac, argon2id };
}

function contestantsOf({ echo, hmac, argon2id }: Servers) {
  const both = [...hmac, argon2id].flatMap((server) => [server.contestant('issue'), server.contestant('cycle')]);
  return [echo.contestant('issue'), ...both];
}

function report({ adapter, echo, hmac, argon2id }: Servers, rates: Rates): Section {
  const bound = echo.contestant('issue').name;
  return {
    title: `Over HTTP on ${adapter}, against a bare Nest route`,
    figures: [
      perSecond('bare route, POST', rates.of(bound)),
      ...hmac.flatMap((server) => {
        const { name } = server.contestant('issue');
        const cycle = server.contestant('cycle').name;
        const goal = adapter === 'Fastify' && !name.includes('Cluster') ? { goal: LEAST } : {};
        return [ofBound(rates, { name, bound, ...goal }), perSecond(cycle, rates.of(cycle))];
      }),
      ...[argon2id.contestant('issue'), argon2id.contestant('cycle')].map(({ name }) =>
        perSecond(name, rates.of(name)),
      ),
    ],
  };
}
