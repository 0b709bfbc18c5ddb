import { bareApp, type GuardedApp, limitApp, throttlerApp } from '../guards/guarded-apps.js';
import { Load } from '../guards/load.js';
import type { BenchRedis } from '../redis.js';
import type { Figure, Section } from '../report.js';
import { median, type RoundsOptions } from '../rounds.js';

const REQUESTS = 20_000;
const LEAST = 1.4;

/** A guard with two limits of an IP on Redis: the same requests to the same route of a Fastify application. */
export async function routeGuards(redis: BenchRedis, { rounds }: RoundsOptions): Promise<Section> {
  const bare = new Contestant(await bareApp());
  const ours = new Contestant(await limitApp(redis));
  const throttler = new Contestant(await throttlerApp(redis, true));
  const withoutHeaders = new Contestant(await throttlerApp(redis, false));
  const contestants = [bare, ours, throttler, withoutHeaders];

  const load = new Load();
  for (let round = 0; round <= rounds; round += 1) {
    for (const contestant of contestants) {
      await redis.client.flushall();
      await contestant.run(load, round > 0);
    }
  }
  await load.close();
  for (const contestant of contestants) {
    await contestant.app.close();
  }

  const against = (name: string, other: Contestant): Figure => ({
    name,
    value: ours.ratioTo(other),
    unit: '× requests',
    goal: { atLeast: LEAST },
    note: `${ours.describe()} against ${other.describe()}`,
  });
  return {
    title: 'A guard with two limits on a Fastify route, Redis, against @nestjs/throttler',
    figures: [
      against('with its headers (its default)', throttler),
      against('without them, as ours', withoutHeaders),
      {
        name: 'what the guard adds to a request, ours',
        value: ours.microsAfter(bare),
        unit: 'µs',
        note: `throttler ${throttler.microsAfter(bare).toFixed(0)} µs, without headers ${withoutHeaders.microsAfter(bare).toFixed(0)} µs`,
      },
      { name: 'no guard', value: bare.rate(), unit: '/s' },
    ],
  };
}

class Contestant {
  private readonly rates: number[] = [];
  private refused = 0;

  constructor(readonly app: GuardedApp) {}

  async run(load: Load, isCounted: boolean): Promise<void> {
    const { perSecond, refused } = await load.run({ port: this.app.port, requests: REQUESTS });
    if (isCounted) {
      this.rates.push(perSecond);
      this.refused = refused;
    }
  }

  rate(): number {
    return median(this.rates);
  }

  /** The median over the rounds, in each of which both took turns. */
  ratioTo(other: Contestant): number {
    return median(this.rates.map((rate, round) => rate / (other.rates[round] ?? Number.NaN)));
  }

  microsAfter(bare: Contestant): number {
    return median(this.rates.map((rate, round) => 1e6 / rate - 1e6 / (bare.rates[round] ?? Number.NaN)));
  }

  describe(): string {
    return `${Math.round(this.rate()).toLocaleString('en-US')}/s (${((100 * this.refused) / REQUESTS).toFixed(1)} % refused)`;
  }
}
