import { Redis } from 'ioredis';
import { freePort } from './redis-server.js';
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

const SLOTS = 16_384;
const MASTERS = 3;
/** As short as a busy machine allows without a failover that nobody wanted. */
const NODE_TIMEOUT_MS = 1_500;

const firstSlotOf = (index: number) => Math.floor((index * SLOTS) / MASTERS);

interface Node extends Member {
  readonly id: string;
  readonly busPort: number;
}

/** A real Cluster of three masters with one replica each, on the loopback address and without persistence. */
export async function startReplicatedCluster({
  extra = [],
}: { readonly extra?: readonly string[] } = {}): Promise<ReplicatedRedis> {
  const nodes: Node[] = [];
  for (let n = 0; n < 2 * MASTERS; n += 1) {
    nodes.push(await startNode(extra));
  }
  await Promise.all(
    nodes.slice(0, MASTERS).map(async ({ admin }, index) => {
      await admin.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
      await admin.call('CLUSTER', 'ADDSLOTSRANGE', firstSlotOf(index), firstSlotOf(index + 1) - 1);
    }),
  );
  for (const { server, busPort } of nodes.slice(1)) {
    await nodes[0]?.admin.call('CLUSTER', 'MEET', '127.0.0.1', server.port, busPort);
  }
  for (const [index, { admin }] of nodes.slice(MASTERS).entries()) {
    const masterId = nodes[index]?.id ?? '';
    // Until it has heard of its master it refuses.
    await until(async () => (await admin.call('CLUSTER', 'REPLICATE', masterId)) === 'OK');
  }
  const untilWhole = () => until(() => isWhole(nodes));
  await untilWhole();

  return {
    members: nodes,
    connect: (beside) =>
      new Redis.Cluster(
        nodes.map(({ line }) => ({ host: '127.0.0.1', port: line.port })),
        beside ? pastTheLine(beside) : {},
      ).on('error', ignored),
    master: async () => {
      const roles = await Promise.all(nodes.map(roleOf));
      const master = nodes.find((_, index) => roles[index]?.role === 'master');
      if (master === undefined) {
        throw new Error('no node is a master');
      }
      return master;
    },
    untilFailedOver: (from) =>
      until(async () => {
        const others = nodes.filter((node) => node !== from);
        const maps = await Promise.all(others.map(({ admin }) => slotMap(admin)));
        return maps.every((masters) => masters.length === MASTERS && !masters.includes(from.line.port));
      }),
    bringBack: async (lost) => {
      await revive(lost);
      await untilWhole();
    },
    stop: () => stopMembers(nodes),
  };
}

async function startNode(extra: readonly string[]): Promise<Node> {
  const [port, busPort] = [await freePort(), await freePort()];
  const cluster = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort)];
  const timing = ['--cluster-node-timeout', String(NODE_TIMEOUT_MS), '--cluster-replica-validity-factor', '0'];
  const announce = (lined: number) => [
    '--cluster-announce-port',
    String(lined),
    '--cluster-announce-bus-port',
    String(busPort),
  ];
  const coverage = ['--cluster-require-full-coverage', 'no'];
  const member = await startMember({ port, announce, extra: [...cluster, ...timing, ...coverage, ...extra] });
  return { ...member, busPort, id: await member.admin.cluster('MYID') };
}

/** Each master has its replica, and every node knows it. */
async function isWhole(nodes: readonly Node[]): Promise<boolean> {
  const roles = await Promise.all(nodes.map(roleOf));
  const states = await Promise.all(nodes.map(({ admin }) => admin.call('CLUSTER', 'INFO')));
  const maps = await Promise.all(nodes.map(({ admin }) => slotMap(admin)));
  const masters = roles.filter(({ role }) => role === 'master');
  return (
    masters.length === MASTERS &&
    masters.every(({ replicas }) => replicas === 1) &&
    roles.filter(({ isLinked }) => isLinked).length === MASTERS &&
    states.every((state) => String(state).includes('cluster_state:ok')) &&
    new Set(maps.map((ports) => ports.toSorted((a, b) => a - b).join())).size === 1
  );
}

/** The announced ports of the masters. */
async function slotMap(admin: Redis): Promise<readonly number[]> {
  const slots: unknown = await admin.call('CLUSTER', 'SLOTS');
  return Array.isArray(slots) ? slots.map((range: readonly (readonly unknown[])[]) => Number(range[2]?.[1])) : [];
}
