import { availableParallelism } from 'node:os';
import { argon2id } from 'nestjs-sms-otp';
import { startRedisCluster } from '../../support/redis-cluster.js';
import { startOtp } from '../bench-otp.js';
import { type Engine, ENGINES, RAW_HASH } from '../hashers.js';
import { freshClusterStore, freshMemoryStore, freshRedisStore } from '../otp-settings.js';
import type { BenchRedis } from '../redis.js';
import { type Figure, ofBound, perSecond, type Section } from '../report.js';
import { inFlight, measureRates, type Rates, type RoundsOptions } from '../rounds.js';

/** In flight through the service; the gate lets as many hash as there are cores. */
const IN_FLIGHT = 32;
/** As many as the cores, less what the pool of four threads keeps free for other work. */
const SEATS = Math.min(availableParallelism(), 2);
/** Raw hashes at once: as many as there are seats, which is the bound, and all of libuv's pool for comparison. */
const RAW_AT_ONCE = [...new Set([SEATS, 4])];
const STORES = ['memory', 'Redis', 'Cluster'] as const;
const LEAST_ISSUES = 0.95;
/** Two hashes each. */
const LEAST_CYCLES = 0.475;

/** Codes issued and answered per second, against what the hashes alone allow. */
export async function hashBound(redis: BenchRedis, rounds: RoundsOptions): Promise<readonly Section[]> {
  const cluster = await startRedisCluster();
  const sections: Section[] = [];
  for (const engine of ENGINES) {
    const client = cluster.connect();
    const apps = {
      memory: await startOtp({ store: freshMemoryStore(), hashing: argon2id({ engine }) }),
      Redis: await startOtp({ store: freshRedisStore(redis), hashing: argon2id({ engine }) }),
      Cluster: await startOtp({ store: freshClusterStore(client), hashing: argon2id({ engine }) }),
    };
    const contestants = [
      ...RAW_AT_ONCE.map((atOnce) => inFlight(`raw ${atOnce}`, atOnce, RAW_HASH[engine])),
      ...STORES.flatMap((store) => [
        inFlight(`issue, ${store}`, IN_FLIGHT, () => apps[store].issue()),
        inFlight(`issue → verify, ${store}`, IN_FLIGHT, () => apps[store].cycle()),
      ]),
    ];
    sections.push({ title: titleOf(engine), figures: figuresOf(await measureRates(contestants, rounds)) });
    await Promise.all(STORES.map((store) => apps[store].close()));
    client.disconnect();
  }
  await cluster.stop();
  return sections;
}

function titleOf(engine: Engine): string {
  return `argon2id m=19456 t=2 p=1 by ${engine}, against the hashes alone`;
}

function figuresOf(rates: Rates): Figure[] {
  const bound = `raw ${SEATS}`;
  return [
    ...RAW_AT_ONCE.map((atOnce) => perSecond(`raw hashes, ${atOnce} at once`, rates.of(`raw ${atOnce}`))),
    ...STORES.flatMap((store) => [
      ofBound(rates, { name: `issue, ${store}`, bound, goal: { atLeast: LEAST_ISSUES } }),
      ofBound(rates, { name: `issue → verify, ${store}`, bound, goal: { atLeast: LEAST_CYCLES } }),
    ]),
  ];
}
