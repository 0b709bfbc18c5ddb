import { hmacSha256 } from 'nestjs-sms-otp';
import { startRedisCluster } from '../../support/redis-cluster.js';
import { startOtp } from '../bench-otp.js';
import { freshClusterStore, freshMemoryStore, freshRedisStore } from '../otp-settings.js';
import type { BenchRedis } from '../redis.js';
import { Conversation } from '../replay.js';
import { ofBound, perSecond, type Section } from '../report.js';
import { inFlight, measureRates, type RoundsOptions } from '../rounds.js';

const IN_FLIGHT = 64;
const LEAST_ISSUES = 0.7;
const LEAST_CYCLES = 0.6;

/** Without an expensive hash Redis is the bound: the same scripts, said by a plain ioredis client. */
export async function hmac(redis: BenchRedis, rounds: RoundsOptions): Promise<Section> {
  const cluster = await startRedisCluster();
  const client = cluster.connect();
  const apps = {
    memory: await startOtp({ store: freshMemoryStore(), hashing: hmacSha256() }),
    Redis: await startOtp({ store: freshRedisStore(redis), hashing: hmacSha256() }),
    Cluster: await startOtp({ store: freshClusterStore(client), hashing: hmacSha256() }),
  };
  const raw = await Conversation.overhear(redis.client, apps.Redis);
  const rates = await measureRates(
    [
      inFlight('raw issue', IN_FLIGHT, () => raw.issue()),
      inFlight('issue, Redis', IN_FLIGHT, () => apps.Redis.issue()),
      inFlight('raw cycle', IN_FLIGHT, () => raw.cycle()),
      inFlight('issue → verify, Redis', IN_FLIGHT, () => apps.Redis.cycle()),
      inFlight('issue, memory', IN_FLIGHT, () => apps.memory.issue()),
      inFlight('issue → verify, memory', IN_FLIGHT, () => apps.memory.cycle()),
      inFlight('issue, Cluster', IN_FLIGHT, () => apps.Cluster.issue()),
      inFlight('issue → verify, Cluster', IN_FLIGHT, () => apps.Cluster.cycle()),
    ],
    rounds,
  );
  await Promise.all([apps.memory.close(), apps.Redis.close(), apps.Cluster.close()]);
  client.disconnect();
  await cluster.stop();
  return {
    title: 'HMAC-SHA-256, against the same scripts through plain ioredis, pipelined',
    figures: [
      ofBound(rates, { name: 'issue, Redis', bound: 'raw issue', goal: { atLeast: LEAST_ISSUES } }),
      ofBound(rates, { name: 'issue → verify, Redis', bound: 'raw cycle', goal: { atLeast: LEAST_CYCLES } }),
      ...['issue, memory', 'issue → verify, memory', 'issue, Cluster', 'issue → verify, Cluster'].map((name) =>
        perSecond(name, rates.of(name)),
      ),
    ],
  };
}
