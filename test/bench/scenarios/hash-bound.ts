import { availableParallelism } from 'node:os';
import { argon2id } from 'nestjs-sms-otp';
import { type BenchOtp, freshMemoryStore, freshRedisStore, startOtp } from '../bench-otp.js';
import { type Engine, ENGINES, RAW_HASH } from '../hashers.js';
import type { BenchRedis } from '../redis.js';
import type { Figure, Section } from '../report.js';
import { type Contestant, measureRates, rate, type Rates, type RoundsOptions } from '../rounds.js';

/** In flight through the service; the gate lets as many hash as there are cores. */
const IN_FLIGHT = 32;
/** As many as the cores, less what the pool of four threads keeps free for other work. */
const SEATS = Math.min(availableParallelism(), 2);
/** Raw hashes at once: as many as there are seats, which is the bound, and all of libuv's pool for comparison. */
const RAW_AT_ONCE = [...new Set([SEATS, 4])];
const STORES = ['memory', 'redis'] as const;
const LEAST_ISSUES = 0.95;
/** Two hashes each. */
const LEAST_CYCLES = 0.475;

/** Codes issued and answered per second, against what the hashes alone allow. */
export async function hashBound(redis: BenchRedis, rounds: RoundsOptions): Promise<readonly Section[]> {
  const sections: Section[] = [];
  for (const engine of ENGINES) {
    const apps = {
      memory: await startOtp({ store: freshMemoryStore(), hashing: argon2id({ engine }) }),
      redis: await startOtp({ store: freshRedisStore(redis), hashing: argon2id({ engine }) }),
    };
    const rates = await measureRates(contestantsOf(engine, apps), rounds);
    sections.push({ title: `argon2id m=19456 t=2 p=1 by ${engine}`, figures: figuresOf(rates) });
    await apps.memory.close();
    await apps.redis.close();
  }
  return sections;
}

function contestantsOf(engine: Engine, apps: Readonly<Record<(typeof STORES)[number], BenchOtp>>): Contestant[] {
  return [
    ...RAW_AT_ONCE.map((concurrency) => ({ name: `raw ${concurrency}`, concurrency, perform: RAW_HASH[engine] })),
    ...STORES.flatMap((store) => [
      { name: `issue ${store}`, concurrency: IN_FLIGHT, perform: () => apps[store].issue() },
      { name: `cycle ${store}`, concurrency: IN_FLIGHT, perform: () => apps[store].cycle() },
    ]),
  ];
}

function figuresOf(rates: Rates): Figure[] {
  const bound = rate(rates, `raw ${SEATS}`);
  return [
    ...RAW_AT_ONCE.map((concurrency) => ({
      name: `raw hashes, ${concurrency} at once`,
      value: rate(rates, `raw ${concurrency}`),
      unit: '/s',
    })),
    ...STORES.flatMap((store) => [
      against(bound, { name: `issue, ${store}`, perSecond: rate(rates, `issue ${store}`), atLeast: LEAST_ISSUES }),
      against(bound, {
        name: `issue → verify, ${store}`,
        perSecond: rate(rates, `cycle ${store}`),
        atLeast: LEAST_CYCLES,
      }),
    ]),
  ];
}

/** A rate as its share of what bounds it. */
export function against(
  bound: number,
  { name, perSecond, atLeast }: { readonly name: string; readonly perSecond: number; readonly atLeast: number },
): Figure {
  const note = `${perSecond.toFixed(1)}/s of ${bound.toFixed(1)}/s`;
  return { name, value: perSecond / bound, unit: 'of raw', goal: { atLeast }, note };
}
