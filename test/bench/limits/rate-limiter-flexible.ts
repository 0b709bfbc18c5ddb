import { Redis } from 'ioredis';
import { type IRateLimiterOptions, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { BenchRedis } from '../redis.js';
import type { LimiterContestant } from './replays.js';
import { type Sender, senders } from './traffic.js';

/** One limiter a limit, as its documentation has it. */
interface FlexibleLimit extends Pick<IRateLimiterOptions, 'keyPrefix' | 'points' | 'duration'> {
  readonly of: 'number' | 'ip' | 'prefix';
}

const HOUR = 3600;

export const TWO: readonly FlexibleLimit[] = [
  { of: 'number', keyPrefix: 'number-hour', points: 5, duration: HOUR },
  { of: 'ip', keyPrefix: 'ip-hour', points: 20, duration: HOUR },
];

export const FOUR: readonly FlexibleLimit[] = [
  ...TWO,
  { of: 'number', keyPrefix: 'number-day', points: 10, duration: 24 * HOUR },
  { of: 'prefix', keyPrefix: 'prefix-hour', points: 10, duration: HOUR },
];

type Limiter = RateLimiterMemory | RateLimiterRedis;
type OpenLimit = readonly [FlexibleLimit['of'], Limiter];

export function flexibleInMemory(name: string, limits: readonly FlexibleLimit[], decisions: number): LimiterContestant {
  return {
    name,
    async start() {
      const traffic = senders(decisions, (sender) => sender);
      const open = limits.map(({ of, ...options }): OpenLimit => [of, new RateLimiterMemory(options)]);
      return {
        decide: (position) => consumeAll(open, traffic[position]),
        // Every key has a timer, which would keep it in memory into the next rounds.
        async close() {
          await Promise.all(traffic.flatMap((sender) => open.map(([of, limiter]) => limiter.delete(sender[of]))));
        },
      };
    },
  };
}

interface FlexibleOnRedisOptions {
  readonly decisions: number;
  readonly redis: BenchRedis;
  /** Of its client; ioredis' own default is `false`. */
  readonly enableAutoPipelining?: boolean;
}

/** With the client of its documentation's example, whose commands fail while there is no connection. */
export function flexibleOnRedis(
  name: string,
  limits: readonly FlexibleLimit[],
  { decisions, redis, enableAutoPipelining = false }: FlexibleOnRedisOptions,
): LimiterContestant {
  return {
    name,
    async start() {
      await redis.client.flushall();
      const traffic = senders(decisions, (sender) => sender);
      const storeClient = new Redis(redis.url, { lazyConnect: true, enableOfflineQueue: false, enableAutoPipelining });
      await storeClient.connect();
      const open = limits.map(({ of, ...options }): OpenLimit => {
        return [of, new RateLimiterRedis({ ...options, storeClient })];
      });
      return {
        decide: (position) => consumeAll(open, traffic[position]),
        close: async () => void (await storeClient.quit()),
      };
    },
  };
}

/** All at once; one that refuses rejects. What the others counted stays counted. */
async function consumeAll(open: readonly OpenLimit[], sender: Sender | undefined): Promise<boolean> {
  if (sender === undefined) {
    return false;
  }
  try {
    await Promise.all(open.map(([of, limiter]) => limiter.consume(sender[of])));
    return true;
  } catch (error) {
    if (error instanceof RateLimiterRes) {
      return false;
    }
    throw error;
  }
}
