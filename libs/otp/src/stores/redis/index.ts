import type { Cluster, Redis } from 'ioredis';
import type { Clock } from '../../telemetry/clock.js';
import type { OtpStore } from '../otp-store.js';
import { checkNamespace, checkOptions } from '../store-checks.js';
import { ClusterChallengeStore } from './cluster-challenge.store.js';
import { ClusterLimitStore } from './cluster-limit.store.js';
import { RedisChallengeStore } from './redis-challenge.store.js';
import { createRedisClient } from './redis-client.js';
import { RedisConnection } from './redis-connection.js';
import { RedisLimitStore } from './redis-limit.store.js';
import { RedisMarkStore } from './redis-mark.store.js';
import { readReplicaWait, type WaitForReplicas } from './replica-wait.js';
import { ReplicatedConnection } from './replicated-connection.js';

/** No operation may take 2 s, the wait for a connection that broke and its repetition included. */
const LONGEST_TIMEOUT_MS = 1_900;
/** In a cluster an operation is up to three scripts, one after the other: a number's and an IP's, what all share, and undoing. */
const STEPS_IN_A_CLUSTER = 3;

export type { WaitForReplicas } from './replica-wait.js';

export interface RedisStoreOptions {
  /**
   * The application's ioredis client (5 or 6; one server, Sentinel or Cluster). The store duplicates it with settings of
   * its own (fail fast, no resending, no key prefix) and leaves it as it is. Either this or `url`.
   */
  readonly client?: Redis | Cluster;
  /** `redis://[user:password@]host:port[/db]`, or `rediss://` for TLS. Either this or `client`. */
  readonly url?: string;
  /**
   * Separates applications that share one Redis: 1 to 32 of `a-z`, `0-9`, `-`, `_`.
   * @default 'otp'
   */
  readonly namespace?: string;
  /**
   * How long one operation may take before it fails with `StoreUnavailableError`, in milliseconds, 50 to 1900. In a
   * Cluster a third of it for each script.
   * @default 1500
   */
  readonly commandTimeoutMs?: number;
  /**
   * Answers an attempt, a resend, a consumed or cancelled code and a spent proof only when so many replicas have it, so
   * that a failover does not bring it back; otherwise `StoreUnavailableError`, and what was asked for is spent. Costs one
   * round trip to the replicas for each, shared by all that come at once. See docs/stores.md.
   * @default undefined, which waits for none
   * @example { replicas: 1, timeoutMs: 500 }
   */
  readonly waitForReplicas?: WaitForReplicas;
  /** For tests, instead of the server's clock. The time to live of keys and marks stays the server's. */
  readonly clock?: Clock;
}

/**
 * Keeps challenges, counters and marks in Redis 6.2 or newer (or Valkey), so that they survive restarts and are shared by
 * all instances. Every operation is one atomic script on the server's own clock (in a Cluster: one for each record, see
 * docs/stores.md) and settles within 2 s: with an answer, or with `StoreUnavailableError`. A server that comes back is
 * used again without a restart.
 *
 * Nothing connects before `connect()`, which fails with `StoreUnavailableError` after 2 s without a server (and goes on
 * trying, so it may be called again).
 *
 * @throws {TypeError} when an option is missing or wrong
 * @example redisStore({ client: redis, namespace: 'acme' })
 */
export function redisStore(options: RedisStoreOptions): OtpStore {
  checkOptions('redisStore', options);
  const { client, url, clock, commandTimeoutMs = 1_500 } = options;
  const namespace = checkNamespace('redisStore', options.namespace ?? 'otp');
  if (!Number.isInteger(commandTimeoutMs) || commandTimeoutMs < 50 || commandTimeoutMs > LONGEST_TIMEOUT_MS) {
    throw new TypeError(`redisStore: \`commandTimeoutMs\` must be a whole number from 50 to ${LONGEST_TIMEOUT_MS}`);
  }
  const isSplit = client?.isCluster === true;
  const timeoutMs = isSplit ? Math.floor(commandTimeoutMs / STEPS_IN_A_CLUSTER) : commandTimeoutMs;
  const wait = readReplicaWait(options.waitForReplicas, timeoutMs);
  const newClient = () => createRedisClient({ client, url, commandTimeoutMs: timeoutMs });
  const connection = new RedisConnection(newClient(), timeoutMs);
  const waiting = wait && new ReplicatedConnection(newClient(), timeoutMs, wait);
  const connections = waiting ? [connection, waiting] : [connection];
  const parts = { connection, lasting: waiting ?? connection, namespace, clock };
  const [one, challenges] = [new RedisLimitStore(parts), new RedisChallengeStore(parts)];
  const limits = isSplit ? new ClusterLimitStore(one) : one;
  return {
    name: 'redis',
    namespace,
    challenges: limits instanceof ClusterLimitStore ? new ClusterChallengeStore(challenges, limits) : challenges,
    limits,
    marks: new RedisMarkStore(parts),
    connect: async () => (await Promise.all(connections.map((each) => each.open()))).flat(),
    close: async () => void (await Promise.all(connections.map((each) => each.close()))),
  };
}
