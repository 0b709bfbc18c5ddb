import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { redisStore, type RedisStoreOptions } from './index.js';
import { createRedisClient } from './redis-client.js';

const url = 'redis://127.0.0.1:1';
const client = new Redis({ lazyConnect: true });

describe('the options of redisStore', () => {
  it.each<[string, RedisStoreOptions, RegExp]>([
    ['neither client nor url', {}, /exactly one of `client`.* and `url`/],
    ['both client and url', { client, url }, /exactly one of `client`.* and `url`/],
    ['an address of something else', { url: 'http://user:hunter22@host' }, /`url` is not a Redis address/],
    ['something that is no address', { url: 'hunter22' }, /`url` is not a Redis address/],
    ['a namespace that could end a part of a key', { url, namespace: 'a:b' }, /`namespace` must be/],
    ['an empty namespace', { url, namespace: '' }, /`namespace` must be/],
    ['a namespace too long', { url, namespace: 'a'.repeat(33) }, /`namespace` must be/],
    ['a timeout beyond 2 s', { url, commandTimeoutMs: 5_000 }, /`commandTimeoutMs` must be/],
    ['a timeout that is none', { url, commandTimeoutMs: Number.NaN }, /`commandTimeoutMs` must be/],
    ['no replica to wait for', { url, waitForReplicas: { replicas: 0 } }, /`waitForReplicas.replicas` must be/],
    ['half a replica', { url, waitForReplicas: { replicas: 1.5 } }, /`waitForReplicas.replicas` must be/],
    [
      'a wait for ever, which WAIT takes 0 for',
      { url, waitForReplicas: { replicas: 1, timeoutMs: 0 } },
      /`waitForReplicas.timeoutMs` must be/,
    ],
    [
      'a wait longer than a script may take',
      { url, commandTimeoutMs: 400, waitForReplicas: { replicas: 1, timeoutMs: 500 } },
      /`waitForReplicas.timeoutMs` must be .* to 400/,
    ],
  ])('%s: a TypeError that names it', (_, options, message) => {
    const create = () => redisStore(options);
    expect(create).toThrow(TypeError);
    expect(create).toThrow(message);
    expect(create).not.toThrow(/hunter22/);
  });

  it('a Cluster client is duplicated with settings that send nothing twice, whatever it had', () => {
    const cluster = new Redis.Cluster([{ host: '127.0.0.1', port: 1 }], {
      lazyConnect: true,
      keyPrefix: 'app:',
      scaleReads: 'slave',
      retryDelayOnFailover: 100,
      redisOptions: { maxRetriesPerRequest: null, stringNumbers: true },
    });
    const before = { ...cluster.options };
    const own = createRedisClient({ client: cluster, commandTimeoutMs: 500 });
    expect(own.options).toMatchObject({
      keyPrefix: '',
      scaleReads: 'master',
      enableOfflineQueue: false,
      retryDelayOnFailover: 0,
      retryDelayOnClusterDown: 0,
      redisOptions: { maxRetriesPerRequest: 0, autoResendUnfulfilledCommands: false, stringNumbers: false },
    });
    expect([own.status, cluster.status]).toEqual(['wait', 'wait']);
    expect(cluster.options).toEqual(before);
    expect(redisStore({ client: cluster }).name).toBe('redis');
  });

  it('a client of another library is refused by name', () => {
    const options = { client: { connect: () => undefined } };
    // @ts-expect-error what an application in JavaScript may pass
    expect(() => redisStore(options)).toThrow(/not an ioredis client/);
  });

  it('namespace otp is the default, and nothing connects', () => {
    const store = redisStore({ client });
    expect([store.name, store.namespace, client.status]).toEqual(['redis', 'otp', 'wait']);
  });
});
