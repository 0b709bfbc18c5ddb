import { Redis } from 'ioredis';
import { freePort, startRedis, type RedisServer } from './redis-server.js';

const SLOTS = 16_384;
const MASTERS = 3;
const READY_TIMEOUT_MS = 30_000;

const firstSlotOf = (index: number) => Math.floor((index * SLOTS) / MASTERS);

/** A real Redis Cluster of three masters on the loopback address, without replicas and without persistence. */
export interface RedisCluster {
  readonly servers: readonly RedisServer[];
  /** Of one's own; the caller disconnects it. */
  connect(): InstanceType<typeof Redis.Cluster>;
  /** The server that holds a key. */
  ownerOf(key: string): Promise<RedisServer>;
  stop(): Promise<void>;
}

/**
 * The commands are those of `redis-cli --cluster create`, which waits in whole seconds. A server that is lost takes only
 * its own slots with it (`cluster-require-full-coverage no`).
 */
export async function startRedisCluster(): Promise<RedisCluster> {
  const servers = await Promise.all(Array.from({ length: MASTERS }, startMember));
  const admins = servers.map(({ url }) => new Redis(url).on('error', ignored));
  await Promise.all(
    admins.map(async (admin, index) => {
      await admin.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
      await admin.call('CLUSTER', 'ADDSLOTSRANGE', firstSlotOf(index), firstSlotOf(index + 1) - 1);
    }),
  );
  const [admin] = admins;
  for (const { port, busPort } of servers.slice(1)) {
    await admin?.call('CLUSTER', 'MEET', '127.0.0.1', port, busPort);
  }
  const signal = AbortSignal.timeout(READY_TIMEOUT_MS);
  await Promise.all(admins.map((each) => isWhole(each, signal)));

  return {
    servers,
    connect: () => new Redis.Cluster(servers.map(({ port }) => ({ host: '127.0.0.1', port }))).on('error', ignored),
    ownerOf: async (key) => {
      const slot = Number(await admin?.cluster('KEYSLOT', key));
      const owner = servers.findLast((_, index) => firstSlotOf(index) <= slot);
      if (owner === undefined) {
        throw new Error('no server has this slot');
      }
      return owner;
    },
    stop: async () => {
      admins.forEach((each) => each.disconnect());
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

/** Servers get lost in tests; a client without a listener would print it. */
function ignored(): void {}

async function startMember(): Promise<RedisServer & { readonly busPort: number }> {
  const busPort = await freePort();
  const cluster = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort), '--cluster-node-timeout', '2000'];
  const server = await startRedis({ extra: [...cluster, '--cluster-require-full-coverage', 'no'] });
  return Object.assign(server, { busPort });
}

/** Each answer is the occasion for the next question. */
async function isWhole(admin: Redis, signal: AbortSignal): Promise<void> {
  for (let info = ''; !(info.includes('cluster_state:ok') && info.includes(`cluster_slots_ok:${SLOTS}`));) {
    signal.throwIfAborted();
    info = String(await admin.call('CLUSTER', 'INFO'));
  }
}
