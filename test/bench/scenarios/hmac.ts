import { hmacSha256 } from 'nestjs-sms-otp';
import { freshMemoryStore, freshRedisStore, startOtp } from '../bench-otp.js';
import type { BenchRedis } from '../redis.js';
import { Conversation } from '../replay.js';
import type { Section } from '../report.js';
import { measureRates, rate, type RoundsOptions } from '../rounds.js';
import { against } from './hash-bound.js';

const IN_FLIGHT = 64;
const LEAST = 0.6;

/** Without an expensive hash Redis is the bound: the same scripts, said by a plain ioredis client. */
export async function hmac(redis: BenchRedis, rounds: RoundsOptions): Promise<Section> {
  const onRedis = await startOtp({ store: freshRedisStore(redis), hashing: hmacSha256() });
  const memory = await startOtp({ store: freshMemoryStore(), hashing: hmacSha256() });
  const raw = await Conversation.overhear(redis.client, () => onRedis.cycle());
  const rates = await measureRates(
    [
      { name: 'raw issue', concurrency: IN_FLIGHT, perform: () => raw.issue() },
      { name: 'issue', concurrency: IN_FLIGHT, perform: () => onRedis.issue() },
      { name: 'raw cycle', concurrency: IN_FLIGHT, perform: () => raw.cycle() },
      { name: 'cycle', concurrency: IN_FLIGHT, perform: () => onRedis.cycle() },
      { name: 'memory issue', concurrency: IN_FLIGHT, perform: () => memory.issue() },
      { name: 'memory cycle', concurrency: IN_FLIGHT, perform: () => memory.cycle() },
    ],
    rounds,
  );
  await onRedis.close();
  await memory.close();
  return {
    title: 'HMAC-SHA-256, against the same scripts through plain ioredis',
    figures: [
      against(rate(rates, 'raw issue'), { name: 'issue, redis', perSecond: rate(rates, 'issue'), atLeast: LEAST }),
      against(rate(rates, 'raw cycle'), {
        name: 'issue → verify, redis',
        perSecond: rate(rates, 'cycle'),
        atLeast: LEAST,
      }),
      { name: 'issue, memory', value: rate(rates, 'memory issue'), unit: '/s' },
      { name: 'issue → verify, memory', value: rate(rates, 'memory cycle'), unit: '/s' },
    ],
  };
}
