import { Cluster, Redis } from 'ioredis';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { keySlot } from './key-slot.js';
import { ReplicatedConnection } from './replicated-connection.js';

const SLOTS = 16_384;
const [HERE, MOVED_AWAY] = ['otp:{a}', 'otp:{b}'];
const WAIT = { replicas: 1, timeoutMs: 200 };

afterEach(() => vi.restoreAllMocks());

/** A server of a cluster that has the records `has` says; it writes down what its scripts ran for. */
function serverAt(port: number, ran: string[], has: (name: string) => boolean): Redis {
  const server = new Redis({ host: 'h', port, lazyConnect: true });
  const answer = async <T>(name: string, value: T): Promise<T> => {
    if (!has(name)) {
      throw new Error(`MOVED ${keySlot(name)} h:2`);
    }
    return value;
  };
  vi.spyOn(server, 'callBuffer').mockImplementation(async (_command, _script, _count, name) => {
    const reply = await answer(String(name), 'OK');
    ran.push(String(name));
    return reply;
  });
  vi.spyOn(server, 'set').mockImplementation(async (name) => answer(String(name), 'OK'));
  vi.spyOn(server, 'wait').mockResolvedValue(1);
  vi.spyOn(server, 'script').mockResolvedValue('');
  vi.spyOn(server, 'info').mockResolvedValue('connected_slaves:1');
  return server;
}

/** A cluster that has not connected; `refresh` is what it does when it is asked where its slots are. */
function clusterOf(servers: readonly Redis[], refresh: (cluster: Cluster) => void): Cluster {
  const cluster = new Cluster([{ host: '127.0.0.1', port: 1 }], { lazyConnect: true });
  vi.spyOn(cluster, 'connect').mockResolvedValue();
  vi.spyOn(cluster, 'nodes').mockReturnValue([...servers]);
  vi.spyOn(cluster, 'refreshSlotsCache').mockImplementation((done) => {
    refresh(cluster);
    done?.();
  });
  cluster.slots = Array.from({ length: SLOTS }, () => ['h:1']);
  return cluster;
}

async function connected(client: Cluster): Promise<ReplicatedConnection> {
  client.status = 'ready';
  const connection = new ReplicatedConnection(client, 500, WAIT);
  await connection.open().catch(() => undefined);
  return connection;
}

const callOn = (connection: ReplicatedConnection, name: string) =>
  connection.evaluate({ script: { sha1: 'x', lua: '' }, keys: [name], args: [] });

describe('scripts that wait for replicas, in a cluster', () => {
  it('a script that has run is not sent again because the slot of another one in its group moved', async () => {
    const ran: string[] = [];
    const home = serverAt(1, ran, (name) => !name.includes('{b}'));
    const away = serverAt(2, ran, (name) => name.includes('{b}'));
    const cluster = clusterOf([home, away], ({ slots }) => (slots[keySlot(MOVED_AWAY)] = ['h:2']));
    const connection = await connected(cluster);
    ran.length = 0;
    const first = callOn(connection, HERE);
    const [, together, moved] = await Promise.allSettled([
      first,
      callOn(connection, HERE),
      callOn(connection, MOVED_AWAY),
    ]);
    expect(ran.filter((name) => name === HERE)).toHaveLength(2);
    expect(together).toMatchObject({ status: 'rejected', reason: { name: 'StoreUnavailableError' } });
    expect(moved).toEqual({ status: 'fulfilled', value: 'OK' });
  });

  it('L1 a cluster that has lost all servers is asked a few times for them, and not without end', async () => {
    const refresh = vi.fn();
    const connection = await connected(clusterOf([], refresh));
    await expect(callOn(connection, HERE)).rejects.toThrow('Redis did not run a script');
    expect(refresh.mock.calls.length).toBeLessThanOrEqual(4);
  });
});
