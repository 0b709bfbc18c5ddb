import { GrownProgram } from '../growth/grown-program.js';
import { startRedis, type BenchRedis } from '../redis.js';
import type { Figure, Section } from '../report.js';
import type { RoundsOptions } from '../rounds.js';

/** Not quite a million: so many messages that nobody answers are as much as a limit can admit. */
const SIZES = [1_000, 100_000, 900_000] as const;
const OPERATIONS = ['issue', 'verify', 'refused'] as const;
const TIMES_EACH = 2_000;
/** The first ones find their code cold. */
const WARM_UP = 2;
const MOST_TIMES = 1.2;
const MOST_BYTES = 300;

/** What an operation and a challenge cost when there are many live ones; 64 operations in flight, HMAC. */
export async function growth(_: BenchRedis, { rounds }: RoundsOptions): Promise<readonly Section[]> {
  // A Redis each: its tables grow with all that is in it.
  const servers = await Promise.all(SIZES.map(startRedis));
  const [onRedis, inMemory] = await Promise.all([
    startAll(SIZES.map((challenges, at) => ({ challenges, redisUrl: servers[at]?.url ?? '' }))),
    startAll(SIZES.map((challenges) => ({ challenges }))),
  ]);
  for (let round = -WARM_UP; round < rounds; round += 1) {
    for (const program of [...onRedis, ...inMemory]) {
      await program.run(TIMES_EACH, round >= 0);
    }
  }
  const sections = [report('Redis', onRedis, { atMost: MOST_BYTES }), report('memory', inMemory)];
  await Promise.all([...onRedis, ...inMemory].map((program) => program.close()));
  await Promise.all(servers.map((server) => server.stop()));
  return sections;
}

async function startAll(all: readonly Parameters<typeof GrownProgram.start>[0][]): Promise<readonly GrownProgram[]> {
  const programs: GrownProgram[] = [];
  for (const options of all) {
    programs.push(await GrownProgram.start(options));
  }
  return programs;
}

function report(store: string, programs: readonly GrownProgram[], goal?: { readonly atMost: number }): Section {
  const [few] = programs;
  const most = programs.at(-1);
  if (few === undefined || most === undefined) {
    throw new Error('nothing was measured');
  }
  const costs = OPERATIONS.map((operation): Figure => {
    const micros = programs.map((program) => program.micros(operation).toFixed(0));
    return {
      name: `${operation}, cost at 9·10⁵ of that at 10³`,
      value: most.costAgainst(few, operation),
      unit: '×',
      goal: { atMost: MOST_TIMES },
      note: `${micros.join(', ')} µs at 10³, 10⁵, 9·10⁵`,
    };
  });
  const bytes = programs.map(({ challenges, bytesPerChallenge }): Figure => ({
    name: `a live challenge with its number’s counters, of ${challenges.toLocaleString('en-US')}`,
    value: bytesPerChallenge,
    unit: 'bytes',
    // The few pay for what does not grow.
    ...(goal !== undefined && challenges > SIZES[0] && { goal }),
  }));
  return { title: `Many live challenges, ${store}`, figures: [...costs, ...bytes] };
}
