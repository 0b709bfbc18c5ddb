import { Redis } from 'ioredis';
import { freePort, startRedis, type RedisServer } from './redis-server.js';
import {
  ignored,
  type Member,
  pastTheLine,
  type ReplicatedRedis,
  revive,
  roleOf,
  startMember,
  stopMembers,
  until,
} from './replicated-redis.js';

const NAME = 'otp';
const REPLICAS = 2;
const SENTINELS = ['a', 'b', 'c'];
const QUORUM = 2;
/** As short as a busy machine allows without a failover that nobody wanted. */
const DOWN_AFTER_MS = 1_000;

/** A real master with two replicas under three real Sentinels, on the loopback address and without persistence. */
export async function startRedisSentinel({
  extra = [],
}: { readonly extra?: readonly string[] } = {}): Promise<ReplicatedRedis> {
  const first = await startData(extra);
  const members = [first];
  for (let n = 0; n < REPLICAS; n += 1) {
    members.push(await startData([...extra, '--replicaof', `127.0.0.1 ${first.line.port}`]));
  }
  const sentinels = await startSentinels(members);
  const asker = new Redis(sentinels.map(portOf)[0] ?? 0, { maxRetriesPerRequest: null }).on('error', ignored);

  const master = async () => {
    const address: unknown = await asker.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME);
    const port = Array.isArray(address) ? Number(address[1]) : undefined;
    const named = members.find(({ line }) => line.port === port);
    if (named === undefined) {
      throw new Error('the Sentinels name nobody');
    }
    return named;
  };
  const untilWhole = () =>
    until(async () => {
      const { role, replicas } = await roleOf(await master());
      return role === 'master' && replicas === REPLICAS;
    });
  await untilWhole();

  return {
    members,
    connect: (beside) =>
      new Redis({
        name: NAME,
        sentinels: sentinels.map((sentinel) => ({ host: '127.0.0.1', port: portOf(sentinel) })),
        ...(beside ? pastTheLine(beside) : {}),
      }).on('error', ignored),
    master,
    untilFailedOver: (from) =>
      until(async () => {
        const named = await master();
        return named !== from && (await roleOf(named)).role === 'master';
      }),
    bringBack: async (lost) => {
      await revive(lost);
      const named = await master();
      if (named !== lost) {
        // Sentinels would say so as well, at their next look, 10 s later.
        await lost.admin.replicaof('127.0.0.1', named.line.port);
      }
      await untilWhole();
    },
    stop: async () => {
      asker.disconnect();
      await Promise.all(sentinels.map((sentinel) => sentinel.stop()));
      await stopMembers(members);
    },
  };
}

const portOf = ({ port }: RedisServer) => port;

async function startData(extra: readonly string[]): Promise<Member> {
  const announce = (port: number) => ['--replica-announce-ip', '127.0.0.1', '--replica-announce-port', String(port)];
  return startMember({ port: await freePort(), announce, extra });
}

/** They know each other and the replicas from the start, instead of finding them in their own time. */
async function startSentinels([master, ...replicas]: readonly Member[]): Promise<readonly RedisServer[]> {
  const peers = await Promise.all(SENTINELS.map(async (letter) => ({ id: letter.repeat(40), port: await freePort() })));
  return Promise.all(
    peers.map(({ id, port }) =>
      startRedis({
        port,
        sentinel: [
          `sentinel myid ${id}`,
          `sentinel monitor ${NAME} 127.0.0.1 ${master?.line.port ?? 0} ${QUORUM}`,
          `sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}`,
          `sentinel failover-timeout ${NAME} 5000`,
          `sentinel parallel-syncs ${NAME} ${REPLICAS}`,
          ...replicas.map(({ line }) => `sentinel known-replica ${NAME} 127.0.0.1 ${line.port}`),
          ...peers
            .filter((peer) => peer.id !== id)
            .map((peer) => `sentinel known-sentinel ${NAME} 127.0.0.1 ${peer.port} ${peer.id}`),
        ],
      }),
    ),
  );
}
