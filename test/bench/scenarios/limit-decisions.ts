import { freshMemoryStore, freshRedisStore } from '../otp-settings.js';
import { fourLimits, ourLimiter, twoLimits } from '../limits/our-limits.js';
import { flexibleInMemory, flexibleOnRedis, FOUR, TWO } from '../limits/rate-limiter-flexible.js';
import { replay, type Replays } from '../limits/replays.js';
import type { BenchRedis } from '../redis.js';
import type { Figure, Section } from '../report.js';
import type { RoundsOptions } from '../rounds.js';

/** In each round. */
const ON_REDIS = { decisions: 30_000 } as const;
const IN_MEMORY = { decisions: 100_000 } as const;
const LEAST_ON_REDIS = 1.5;
const LEAST_IN_MEMORY = 2;

/** One decision over several limits, beside as many limiters of rate-limiter-flexible asked side by side. */
export async function limitDecisions(redis: BenchRedis, { rounds }: RoundsOptions): Promise<readonly Section[]> {
  return [await onRedis(redis, rounds), await inMemory(rounds)];
}

async function onRedis(redis: BenchRedis, rounds: number): Promise<Section> {
  const { decisions } = ON_REDIS;
  const freshStore = async () => {
    await redis.client.flushall();
    return freshRedisStore(redis);
  };
  const pipelined = { decisions, redis, enableAutoPipelining: true };
  const replays = await replay(
    [
      ourLimiter('ours, 2', twoLimits, { decisions, freshStore }),
      flexibleOnRedis('flexible, 2', TWO, { decisions, redis }),
      flexibleOnRedis('flexible pipelined, 2', TWO, pipelined),
      ourLimiter('ours, 4', fourLimits, { decisions, freshStore }),
      flexibleOnRedis('flexible, 4', FOUR, { decisions, redis }),
      flexibleOnRedis('flexible pipelined, 4', FOUR, pipelined),
    ],
    { ...ON_REDIS, rounds },
  );
  return {
    title: 'Decisions on Redis, against rate-limiter-flexible',
    figures: [
      against(replays, { name: 'two limits', ours: 'ours, 2', other: 'flexible, 2', atLeast: LEAST_ON_REDIS }),
      against(replays, { name: 'four limits', ours: 'ours, 4', other: 'flexible, 4', atLeast: LEAST_ON_REDIS }),
      against(replays, { name: 'two limits, its client pipelining', ours: 'ours, 2', other: 'flexible pipelined, 2' }),
      against(replays, { name: 'four limits, its client pipelining', ours: 'ours, 4', other: 'flexible pipelined, 4' }),
    ],
  };
}

async function inMemory(rounds: number): Promise<Section> {
  const { decisions } = IN_MEMORY;
  const replays = await replay(
    [
      ourLimiter('ours, 2', twoLimits, { decisions, freshStore: freshMemoryStore }),
      flexibleInMemory('flexible, 2', TWO, decisions),
      ourLimiter('ours, 4', fourLimits, { decisions, freshStore: freshMemoryStore }),
      flexibleInMemory('flexible, 4', FOUR, decisions),
    ],
    { ...IN_MEMORY, rounds },
  );
  return {
    title: 'Decisions in memory, against rate-limiter-flexible',
    figures: [
      against(replays, { name: 'two limits', ours: 'ours, 2', other: 'flexible, 2', atLeast: LEAST_IN_MEMORY }),
      against(replays, { name: 'four limits', ours: 'ours, 4', other: 'flexible, 4', atLeast: LEAST_IN_MEMORY }),
    ],
  };
}

function against(
  replays: Replays,
  { name, ours, other, atLeast }: { name: string; ours: string; other: string; atLeast?: number },
): Figure {
  const describe = (contestant: string) => {
    const micros = (1e6 / replays.rate(contestant)).toFixed(1);
    const refused = Math.round(100 * (1 - replays.admittedShare(contestant)));
    return `${micros} µs, ${refused} % refused`;
  };
  return {
    name,
    value: replays.ratio(ours, other),
    unit: '× as fast',
    note: `ours ${describe(ours)}; other ${describe(other)}`,
    ...(atLeast === undefined ? {} : { goal: { atLeast } }),
  };
}
