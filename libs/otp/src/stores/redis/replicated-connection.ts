import type { Redis } from 'ioredis';
import { keySlot } from './key-slot.js';
import { isCluster, serversOf, type RedisClient } from './redis-cluster-client.js';
import { RedisConnection, type ScriptCall } from './redis-connection.js';
import { isMoved, reasonOf } from './redis-errors.js';
import { ReplicationLine, type ReplicaWait } from './replication-line.js';
import { replicaWarnings } from './server-warnings.js';

/**
 * For the reply of `WAIT` itself to come, which says more than that none came: an idle server looks at its clock ten times
 * a second. Before the client's own deadlines, of which that of the socket would close the connection.
 */
const REPLY_MS = 100;
/** As ioredis does elsewhere (`maxRedirections`). A pool without servers answers a refresh at once: it would be asked for ever. */
const MOST_REDIRECTIONS = 4;

/** A connection whose scripts are answered when enough replicas have what they wrote. It needs a client of its own. */
export class ReplicatedConnection extends RedisConnection {
  private readonly lines = new WeakMap<Redis, ReplicationLine>();
  private readonly wait: ReplicaWait;

  constructor(client: RedisClient, timeoutMs: number, { replicas, timeoutMs: givenMs }: ReplicaWait) {
    super(client, timeoutMs);
    const longestMs = Math.max(timeoutMs - REPLY_MS, Math.floor(timeoutMs / 2));
    this.wait = { replicas, timeoutMs: Math.min(givenMs, longestMs) };
  }

  protected override send(command: 'evalsha' | 'eval', script: string, call: ScriptCall): Promise<unknown> {
    const { timeoutMs } = this.wait;
    const deadline = performance.now() + timeoutMs;
    return this.within(timeoutMs + REPLY_MS, this.sendUntil(deadline, { command, script, call }));
  }

  /** The other connection tells what else there is to know of the server. */
  protected override async warnings(): Promise<readonly string[]> {
    const counted = await this.warningsFrom((info) => replicaWarnings(info, this.wait.replicas));
    const asked = await Promise.all(serversOf(this.client).map(waitWarnings));
    return [...new Set([...counted, ...asked.flat()])];
  }

  /** Where a slot is may have changed; a server that does not have it has not run anything. */
  private async sendUntil(deadline: number, sent: Sent, redirections = MOST_REDIRECTIONS): Promise<unknown> {
    const { command, script, call } = sent;
    const [key = ''] = call.keys;
    const server = serverOf(this.client, key);
    if (server !== undefined) {
      try {
        return await this.lineOf(server).run({
          send: (redis) => redis.callBuffer(command, script, call.keys.length, ...call.keys, ...call.args),
          key,
          deadline,
          isUnchanged: call.isUnchanged,
        });
      } catch (error) {
        if (!isMoved(error) || redirections === 0 || performance.now() >= deadline) {
          throw error;
        }
      }
    }
    if (redirections > 0) {
      await slotsRefreshed(this.client);
    }
    if (redirections === 0 || performance.now() >= deadline) {
      throw new Error('no server has the slot');
    }
    return this.sendUntil(deadline, sent, redirections - 1);
  }

  private lineOf(server: Redis): ReplicationLine {
    const line = this.lines.get(server) ?? new ReplicationLine(server, this.wait);
    this.lines.set(server, line);
    return line;
  }
}

/** Waiting for no replica is answered at once, where it may be asked at all. */
async function waitWarnings(server: Redis): Promise<readonly string[]> {
  try {
    await server.wait(0, 1);
    return [];
  } catch (error) {
    return [
      `Redis did not run WAIT (${reasonOf(error)}), which \`waitForReplicas\` needs: until it does no code is accepted`,
    ];
  }
}

interface Sent {
  readonly command: 'evalsha' | 'eval';
  readonly script: string;
  readonly call: ScriptCall;
}

function serverOf(client: RedisClient, key: string): Redis | undefined {
  if (!isCluster(client)) {
    return client;
  }
  const [address] = client.slots[keySlot(key)] ?? [];
  return serversOf(client).find(({ options }) => `${options.host}:${options.port}` === address);
}

function slotsRefreshed(client: RedisClient): Promise<void> {
  return new Promise((resolve) => (isCluster(client) ? client.refreshSlotsCache(() => resolve()) : resolve()));
}
