import type { Cluster, ClusterOptions, Redis } from 'ioredis';

export type RedisClient = Redis | Cluster;

export function isCluster(client: RedisClient): client is Cluster {
  return client.isCluster;
}

/** The servers that hold records: each has scripts and warnings of its own. */
export function serversOf(client: RedisClient): readonly Redis[] {
  return isCluster(client) ? client.nodes('master') : [client];
}

type NodeSettings = NonNullable<ClusterOptions['redisOptions']>;

type Settings = NodeSettings & {
  readonly replyMapping: 'legacy';
  readonly readOnly: boolean;
  readonly enableOfflineQueue: boolean;
  readonly retryStrategy: NonNullable<ClusterOptions['clusterRetryStrategy']>;
};

/**
 * The application's cluster client with our settings. ioredis follows MOVED and ASK, which a server answers instead of
 * running a command; all that could run one twice is off.
 */
export function duplicateCluster(client: Cluster, settings: Settings): Cluster {
  // Which node is a replica is the cluster's to say.
  const { retryStrategy, enableOfflineQueue, readOnly: _, ...redisOptions } = settings;
  const own = client.duplicate([], {
    lazyConnect: true,
    enableOfflineQueue,
    enableReadyCheck: true,
    enableAutoPipelining: false,
    keyPrefix: '',
    scripts: undefined,
    shardedSubscribers: false,
    // A replica is behind: read there, a spent code would still be good.
    scaleReads: 'master',
    maxRedirections: 4,
    clusterRetryStrategy: retryStrategy,
    // A node that is lost is looked for anew when a command needs it.
    clusterNodeRetryStrategy: null,
    retryDelayOnMoved: 0,
    retryDelayOnTryAgain: 50,
    // 0: not at all. Repeated after a connection that broke, a counting script would count twice.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    redisOptions,
  });
  // Startup nodes may come with options of their own, which ioredis puts before `redisOptions`.
  own.on('+node', (node: Redis) => {
    Object.assign(node.options, redisOptions);
    setImmediate(() => warmUp(own));
  });
  own.on('ready', () => warmUp(own));
  return own;
}

/** A node that first connects when a command needs it refuses all others until it has. */
function warmUp(cluster: Cluster): void {
  // Earlier, its own check of the cluster would be among those refused.
  if (cluster.status !== 'ready') {
    return;
  }
  for (const node of serversOf(cluster)) {
    if (node.status === 'wait') {
      node.connect().catch(() => undefined);
    }
  }
}
