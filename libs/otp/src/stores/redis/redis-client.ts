import { Redis, type RedisOptions } from 'ioredis';
import { duplicateCluster, isCluster, type RedisClient } from './redis-cluster-client.js';

export interface RedisClientOptions {
  readonly client?: RedisClient | undefined;
  readonly url?: string | undefined;
  readonly commandTimeoutMs: number;
}

/** Makes the store's own client, not connected yet. Throws `TypeError` for options that cannot work. */
export function createRedisClient({ client, url, commandTimeoutMs }: RedisClientOptions): RedisClient {
  if ((client === undefined) === (url === undefined)) {
    throw new TypeError(
      'redisStore: give exactly one of `client` (an ioredis client to take the settings from) and `url` (redis://host:6379)',
    );
  }
  const settings = ourSettings(commandTimeoutMs);
  const own = client === undefined ? fromUrl(String(url), settings) : duplicateOf(client, settings);
  // Without a listener ioredis prints errors itself; every operation tells its own failure to its caller.
  own.on('error', () => undefined);
  return own;
}

function duplicateOf(client: RedisClient, settings: OurSettings): RedisClient {
  if (typeof client.duplicate !== 'function' || typeof client.callBuffer !== 'function') {
    throw new TypeError(
      'redisStore: `client` is not an ioredis client: give `new Redis(…)` or `new Cluster(…)` of ioredis 5 or 6',
    );
  }
  return isCluster(client) ? duplicateCluster(client, settings) : client.duplicate(settings);
}

function fromUrl(url: string, settings: OurSettings): Redis {
  // The address may hold a password, so no error repeats it.
  if (!URL.canParse(url) || !['redis:', 'rediss:'].includes(new URL(url).protocol)) {
    throw new TypeError('redisStore: `url` is not a Redis address: write redis://host:6379 or rediss://host:6379');
  }
  return new Redis(url, settings);
}

/**
 * Fail fast and never repeat by itself: a counting script that the client sent twice would count twice. All that an
 * application's client may have set otherwise (and that changes commands, replies or waiting) stands here.
 */
function ourSettings(commandTimeoutMs: number) {
  return {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // 0: commands under way fail as soon as their connection breaks.
    maxRetriesPerRequest: 0,
    commandTimeout: commandTimeoutMs,
    connectTimeout: commandTimeoutMs,
    // A host that vanished without closing its connections is given up as soon as it keeps a command waiting.
    socketTimeout: commandTimeoutMs,
    maxLoadingRetryTime: 500,
    retryStrategy: reconnectAfterMs,
    sentinelRetryStrategy: reconnectAfterMs,
    // After a failover behind one address the old primary is a replica: look for the new one, without repeating.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    enableReadyCheck: true,
    enableAutoPipelining: false,
    keyPrefix: '',
    readOnly: false,
    role: 'master',
    monitor: false,
    stringNumbers: false,
    showFriendlyErrorStack: false,
    replyMapping: 'legacy',
    scripts: undefined,
  } satisfies RedisOptions;
}

type OurSettings = ReturnType<typeof ourSettings>;

function reconnectAfterMs(attempt: number): number {
  return Math.min(attempt * 50, 500);
}
