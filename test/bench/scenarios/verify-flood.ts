import { Connection, getRequest } from '../http/connection.js';
import { Server } from '../http/server.js';
import type { BenchRedis } from '../redis.js';
import type { Figure, Section } from '../report.js';
import { median, quantile, type RoundsOptions } from '../rounds.js';

const FLOODING_CONNECTIONS = 256;
const MOST_MS_ABOVE_IDLE = 50;
/** One request at a time, asked from this process. */
const PROBE = getRequest({ path: '/other', ip: '10.255.0.1' });

interface Probes {
  readonly p50: number;
  readonly p99: number;
}

/** Another route of the same application while verification is flooded: what an attack costs the users of the rest. */
export async function verifyFlood({ url }: BenchRedis, { rounds, secondsPerRound }: RoundsOptions): Promise<Section> {
  const store = { kind: 'Redis', url } as const;
  const server = await Server.start({ kind: 'module', adapter: 'Fastify', store, hashing: 'argon2id' });
  // Twice the time: one after another, the probes are few.
  const seconds = 2 * secondsPerRound;
  const flood = () => server.load({ job: 'flood', connections: FLOODING_CONNECTIONS, seconds });
  await flood();

  const idle: Probes[] = [];
  const flooded: Probes[] = [];
  const loads: Awaited<ReturnType<typeof flood>>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    idle.push(await probeFor(server.port, seconds));
    const load = flood();
    flooded.push(await probeFor(server.port, seconds));
    loads.push(await load);
  }
  await server.close();

  const ms = (name: string, values: readonly number[]): Figure => ({ name, value: median(values), unit: 'ms' });
  return {
    title: `Another route while ${FLOODING_CONNECTIONS} connections flood verification (Fastify, Redis, argon2id)`,
    figures: [
      ms(
        'p50, idle',
        idle.map(({ p50 }) => p50),
      ),
      ms(
        'p99, idle',
        idle.map(({ p99 }) => p99),
      ),
      ms(
        'p50, flooded',
        flooded.map(({ p50 }) => p50),
      ),
      ms(
        'p99, flooded',
        flooded.map(({ p99 }) => p99),
      ),
      {
        ...ms(
          'p99, flooded, above idle',
          flooded.map(({ p99 }, round) => p99 - (idle[round]?.p99 ?? Number.NaN)),
        ),
        goal: { atMost: MOST_MS_ABOVE_IDLE },
      },
      ms(
        'event loop late by, p99, flooded',
        loads.map(({ loopDelayMs }) => loopDelayMs.p99),
      ),
      ms(
        'event loop late by, longest, flooded',
        loads.map(({ loopDelayMs }) => loopDelayMs.max),
      ),
      { name: 'requests of the flood', value: median(loads.map(({ perSecond }) => perSecond)), unit: '/s' },
    ],
  };
}

async function probeFor(port: number, seconds: number): Promise<Probes> {
  const connection = await Connection.open(port);
  const waits: number[] = [];
  const endsAt = performance.now() + seconds * 1000;
  while (performance.now() < endsAt) {
    const askedAt = performance.now();
    const { status } = await connection.ask(PROBE);
    if (status !== 200) {
      throw new Error(`The other route answered ${status}`);
    }
    waits.push(performance.now() - askedAt);
  }
  connection.close();
  return { p50: quantile(waits, 0.5), p99: quantile(waits, 0.99) };
}
