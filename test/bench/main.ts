import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { type BenchOptions, readOptions } from './options.js';
import { startRedis } from './redis.js';
import { isMissed, markdownOf, printSection, type Section } from './report.js';
import { SCENARIOS } from './scenarios.js';

interface Report {
  readonly measuredAt: string;
  readonly node: string;
  readonly cores: number;
  readonly rounds: number;
  readonly secondsPerRound: number;
  readonly sections: readonly Section[];
}

const options = readOptions(process.argv.slice(2));
const path = resolve(options.path);
await (options.markdown ? printMarkdown() : measure(options));

/** What is compared runs in turns; medians over the rounds are printed. */
async function measure({ only, rounds, secondsPerRound }: BenchOptions): Promise<void> {
  const about = { node: process.version, cores: availableParallelism(), rounds, secondsPerRound };
  console.log(
    `Node ${about.node}, ${about.cores} cores; medians of ${rounds} rounds of ${secondsPerRound} s. All takes about 18 minutes.`,
  );
  // Exits in order, so that no server stays behind.
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  const redis = await startRedis();
  const sections: Section[] = [];
  try {
    for (const name of only) {
      await redis.client.flushall();
      const more = [await SCENARIOS[name](redis, { rounds, secondsPerRound })].flat();
      more.forEach(printSection);
      sections.push(...more);
    }
  } finally {
    await redis.stop();
  }
  printMissed(sections);
  const report: Report = { measuredAt: new Date().toISOString(), ...about, sections };
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(report, null, 2)}\n`);
  console.log(`Written to ${path}`);
}

function printMissed(sections: readonly Section[]): void {
  const missed = sections.flatMap(({ title, figures }) =>
    figures.filter(isMissed).map(({ name }) => `  ${title}: ${name}`),
  );
  console.log(
    missed.length === 0 ? '\nEvery goal is reached.' : `\n${missed.length} goals are missed:\n${missed.join('\n')}`,
  );
}

async function printMarkdown(): Promise<void> {
  const { sections }: Report = JSON.parse(await readFile(path, 'utf8'));
  console.log(sections.map(markdownOf).join('\n'));
}
