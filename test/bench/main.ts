import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { startRedis } from './redis.js';
import { isMissed, printSection, type Section } from './report.js';
import type { RoundsOptions } from './rounds.js';
import { footprint } from './scenarios/footprint.js';
import { hashBound } from './scenarios/hash-bound.js';
import { hmac } from './scenarios/hmac.js';
import { latency } from './scenarios/latency.js';
import { refusals } from './scenarios/refusals.js';

/** `npm run bench [-- path of the JSON]`: what is compared runs in turns, in one process; medians are printed. */
const ROUNDS: RoundsOptions = { rounds: 3, secondsPerRound: 2 };
const path = resolve(process.argv[2] ?? 'node_modules/.cache/otp-bench.json');

console.log(
  `Node ${process.version}, ${availableParallelism()} cores; medians of ${ROUNDS.rounds} rounds. Takes about three minutes.`,
);
const redis = await startRedis();
const sections: Section[] = [];

async function add(measured: Promise<Section> | Promise<readonly Section[]>): Promise<void> {
  const more = [await measured].flat();
  more.forEach(printSection);
  sections.push(...more);
}

try {
  await add(refusals(redis, ROUNDS));
  await add(hashBound(redis, ROUNDS));
  await add(hmac(redis, ROUNDS));
  await add(latency(ROUNDS));
  await add(footprint(redis));
} finally {
  await redis.stop();
}

const missed = sections.flatMap(({ figures }) => figures.filter(isMissed));
console.log(
  missed.length === 0
    ? '\nEvery goal is reached.'
    : `\n${missed.length} goals are missed: ${missed.map(({ name }) => name).join('; ')}`,
);
await mkdir(dirname(path), { recursive: true });
const about = { measuredAt: new Date().toISOString(), node: process.version, cores: availableParallelism(), ...ROUNDS };
await writeFile(path, `${JSON.stringify({ ...about, sections }, null, 2)}\n`);
console.log(`Written to ${path}`);
