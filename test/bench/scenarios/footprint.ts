import { hmacSha256 } from 'nestjs-sms-otp';
import { freshRedisStore, startOtp } from '../bench-otp.js';
import type { BenchRedis } from '../redis.js';
import type { Section } from '../report.js';

/** Redis' tables have 65,536 places for this many keys, grown at 32,768: by the end they have long moved over. */
const CHALLENGES = 50_000;
const AT_ONCE = 200;
const MOST_BYTES = 300;

/** Memory and round trips of Redis. The tests assert both; here they are printed beside the rates. */
export async function footprint(redis: BenchRedis): Promise<Section> {
  await redis.client.flushall();
  const otp = await startOtp({ store: freshRedisStore(redis), hashing: hmacSha256() });
  const before = await usedMemory(redis);
  for (let done = 0; done < CHALLENGES; done += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, () => otp.issue()));
  }
  const bytes = ((await usedMemory(redis)) - before) / CHALLENGES;

  const issued = await otp.issue();
  const figures = [
    { name: 'issue, the background write of its delivery included', value: await scriptsOf(redis, () => otp.issue()) },
    { name: 'refused issue', value: await scriptsOf(redis, () => otp.refusedIssue(issued.number, 'none')) },
    { name: 'wrong code', value: await scriptsOf(redis, () => otp.wrongAnswer(issued)) },
    { name: 'issue and right code', value: await scriptsOf(redis, () => otp.cycle()) },
  ].map((figure) => ({ ...figure, unit: 'round trips' }));
  await otp.close();
  const memory = {
    name: 'a live challenge with its number’s counters',
    value: bytes,
    unit: 'bytes',
    goal: { atMost: MOST_BYTES },
  };
  return { title: 'Redis', figures: [memory, ...figures] };
}

async function usedMemory({ client }: BenchRedis): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1]);
}

/** Scripts that the server ran meanwhile; one round trip each. */
async function scriptsOf({ client }: BenchRedis, work: () => Promise<unknown>): Promise<number> {
  await settled(client);
  await client.config('RESETSTAT');
  await work();
  await settled(client);
  return Number(/cmdstat_evalsha:calls=(\d+)/.exec(await client.info('commandstats'))?.[1] ?? 0);
}

/** Two turns of the server's loop: what was sent before is read in the first. */
async function settled(client: BenchRedis['client']): Promise<void> {
  await client.ping();
  await client.ping();
}
