import { startOtp } from '../bench-otp.js';
import { freshRedisStore, HASHERS } from '../otp-settings.js';
import type { BenchRedis } from '../redis.js';
import type { Section } from '../report.js';

/** Round trips of Redis. The tests assert them; here they are printed beside the rates. */
export async function roundTrips(redis: BenchRedis): Promise<Section> {
  const otp = await startOtp({ store: freshRedisStore(redis), hashing: HASHERS.HMAC() });
  const issued = await otp.issue();
  const figures = [
    { name: 'issue, the background write of its delivery included', value: await scriptsOf(redis, () => otp.issue()) },
    { name: 'refused issue', value: await scriptsOf(redis, () => otp.refusedIssue(issued.number, 'none')) },
    { name: 'wrong code', value: await scriptsOf(redis, () => otp.wrongAnswer(issued)) },
    { name: 'issue and right code', value: await scriptsOf(redis, () => otp.cycle()) },
  ].map((figure) => ({ ...figure, unit: 'round trips' }));
  await otp.close();
  return { title: 'Round trips of Redis', figures };
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
