import type { Redis } from 'ioredis';
import { StoreUnavailableError } from '../otp-store.js';
import { GatheredWrites } from './gathered-writes.js';
import { barrierKey } from './keys.js';
import { isMoved } from './redis-errors.js';

export interface ReplicaWait {
  readonly replicas: number;
  readonly timeoutMs: number;
}

/** One script, to be answered when enough replicas have what it wrote. */
export interface ReplicatedWrite {
  /** Sends it, on the connection that waits. */
  readonly send: (server: Redis) => Promise<unknown>;
  /** The record that it changes. */
  readonly key: string;
  /** By `performance.now()`; not sent after it. */
  readonly deadline: number;
  /** A reply that changed nothing: no replica need have it. */
  readonly isUnchanged?: ((reply: unknown) => boolean) | undefined;
}

interface Waiting extends ReplicatedWrite {
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: unknown) => void;
}

const BARRIER_TTL_MS = 1_000;

/**
 * One server's connection that `WAIT` may block. `WAIT` answers for what its own connection wrote, so the scripts run there
 * too: were they sent elsewhere, a failover in between would let the new master answer for what the old one lost. All
 * that comes while one `WAIT` is out goes together, under the next.
 */
export class ReplicationLine {
  private readonly writes = new GatheredWrites();
  private readonly waiting: Waiting[] = [];
  private isWaiting = false;

  constructor(
    private readonly server: Redis,
    private readonly wait: ReplicaWait,
  ) {}

  /** Fails with the script's own error, or with `StoreUnavailableError` when too few replicas have it in time. */
  run(write: ReplicatedWrite): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ ...write, resolve, reject });
      if (!this.isWaiting) {
        void this.sendAll();
      }
    });
  }

  private async sendAll(): Promise<void> {
    this.isWaiting = true;
    while (this.waiting.length > 0) {
      await this.sendTogether(this.waiting.splice(0));
    }
    this.isWaiting = false;
  }

  /** All is sent in one turn, so it shares a connection, or fails. */
  private async sendTogether(waiting: readonly Waiting[]): Promise<void> {
    const now = performance.now();
    for (const late of waiting.filter(({ deadline }) => deadline <= now)) {
      late.reject(new StoreUnavailableError('Redis was still waiting for its replicas; the script was not sent'));
    }
    const group = waiting.filter(({ deadline }) => deadline > now);
    const last = group.at(-1);
    if (last === undefined) {
      return;
    }
    const replies = group.map((write) => this.sendGathered(() => write.send(this.server)));
    const acknowledged = this.acknowledged(last.key, Math.max(...group.map(({ deadline }) => deadline - now)));
    const settled = group.map((write, index) => settle(write, replies[index], acknowledged));
    await Promise.all(settled);
    await acknowledged.catch(() => undefined);
  }

  /** A write of its own first: a script that found its work done before wrote nothing that `WAIT` would wait for. */
  private async acknowledged(key: string, ms: number): Promise<void> {
    const { replicas } = this.wait;
    const barrier = this.sendGathered(() => this.server.set(barrierKey(key), '', 'PX', BARRIER_TTL_MS));
    const waited = this.sendGathered(() => this.server.wait(replicas, Math.max(1, Math.floor(ms))));
    const [, count] = await Promise.all([barrier, waited]).catch(notAcknowledged);
    if (count < replicas) {
      throw new StoreUnavailableError(`Redis replicated a write to ${count} of ${replicas} replicas in time`);
    }
  }

  private sendGathered<T>(send: () => Promise<T>): Promise<T> {
    this.writes.gather(this.server.stream);
    return send();
  }
}

/** The last record's slot is elsewhere: the others' scripts have run all the same, so `MOVED` must not have them sent again. */
function notAcknowledged(error: unknown): never {
  throw isMoved(error) ? new StoreUnavailableError('Redis moved a slot before a write was acknowledged') : error;
}

async function settle(
  { isUnchanged, resolve, reject }: Waiting,
  sent: Promise<unknown> | undefined,
  acknowledged: Promise<void>,
): Promise<void> {
  try {
    const reply = await sent;
    if (isUnchanged?.(reply) !== true) {
      await acknowledged;
    }
    resolve(reply);
  } catch (error) {
    reject(error);
  }
}
