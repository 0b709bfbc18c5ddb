import { performance } from 'node:perf_hooks';
import type { LimitRequest, OtpStore, RecordKey } from 'nestjs-sms-otp';
import { freshMemoryStore, freshRedisStore } from '../otp-settings.js';
import { overhearSend } from '../limits/overheard-send.js';
import { type LimiterContestant, replay } from '../limits/replays.js';
import { recordKey, type Sender, senders } from '../limits/traffic.js';
import type { BenchRedis } from '../redis.js';
import type { Figure, Section } from '../report.js';
import { median, type RoundsOptions } from '../rounds.js';

const DECISIONS = 20_000;

interface Usage {
  readonly roundTrips: number;
  /** Of the server's scripts, for each decision. */
  readonly serverMicros: number;
  /** Of this thread, for each decision. */
  readonly threadMicros: number;
}

/** The whole decision before a message, with all limits that are on by default. Every decision is about another number. */
export async function issueDecision(redis: BenchRedis, { rounds }: RoundsOptions): Promise<Section> {
  const send = await overhearSend();
  const usages: Usage[] = [];
  const onRedis = metered(
    redis,
    contestant('redis', send, () => freshRedisStore(redis)),
    usages,
  );
  const replays = await replay([contestant('memory', send, freshMemoryStore), onRedis], {
    rounds,
    decisions: DECISIONS,
  });
  // The first one warmed up.
  const usage = (of: (usage: Usage) => number) => median(usages.slice(1).map(of));
  const refused = (name: string) => `${Math.round(100 * (1 - replays.admittedShare(name)))} % refused`;
  const figures: readonly Figure[] = [
    { name: 'memory', value: 1e6 / replays.rate('memory'), unit: 'µs', note: refused('memory') },
    { name: 'redis, this thread', value: usage((of) => of.threadMicros), unit: 'µs', note: refused('redis') },
    { name: 'redis, its script', value: usage((of) => of.serverMicros), unit: 'µs' },
    { name: 'redis', value: usage((of) => of.roundTrips), unit: 'round trips', goal: { atMost: 1 } },
  ];
  return { title: `The decision before a message: ${send.length} requests to the limits at once`, figures };
}

function contestant(name: string, send: readonly LimitRequest[], freshStore: () => OtpStore): LimiterContestant {
  return {
    name,
    async start() {
      const traffic = senders(DECISIONS, keysOf);
      const store = freshStore();
      await store.connect();
      return {
        async decide(position) {
          const keys = traffic[position];
          const requests = send.map((request) => ({ ...request, key: keys?.get(request.key.kind) ?? request.key }));
          return (await store.limits.take(requests)).outcome === 'taken';
        },
        close: () => store.close(),
      };
    },
  };
}

let numbers = 0;

/** Country and all stay as they were overheard. */
function keysOf({ ip, prefix }: Sender): ReadonlyMap<RecordKey['kind'], RecordKey> {
  numbers += 1;
  const keys = [recordKey('number', `+316${10_000_000 + numbers}`), recordKey('ip', ip), recordKey('prefix', prefix)];
  return new Map(keys.map((key) => [key.kind, key]));
}

/** Reads the server's and this thread's clocks from the first decision to the last. */
function metered(redis: BenchRedis, { name, start }: LimiterContestant, usages: Usage[]): LimiterContestant {
  return {
    name,
    async start() {
      await redis.client.flushall();
      const run = await start();
      await redis.client.config('RESETSTAT');
      let decisions = 0;
      let before = performance.eventLoopUtilization();
      return {
        decide(position) {
          before = decisions === 0 ? performance.eventLoopUtilization() : before;
          decisions += 1;
          return run.decide(position);
        },
        async close() {
          const { active } = performance.eventLoopUtilization(before);
          const [, calls, micros] =
            /cmdstat_evalsha:calls=(\d+),usec=(\d+)/.exec(await redis.client.info('commandstats')) ?? [];
          usages.push({
            roundTrips: Number(calls) / decisions,
            serverMicros: Number(micros) / decisions,
            threadMicros: (active * 1000) / decisions,
          });
          await run.close();
        },
      };
    },
  };
}
