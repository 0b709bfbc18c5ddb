import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type BenchRedis, startRedis } from './redis.js';
import { isMissed, printSection, type Section } from './report.js';
import type { RoundsOptions } from './rounds.js';
import { footprint } from './scenarios/footprint.js';
import { hashBound } from './scenarios/hash-bound.js';
import { hmac } from './scenarios/hmac.js';
import { issueDecision } from './scenarios/issue-decision.js';
import { latency } from './scenarios/latency.js';
import { limitDecisions } from './scenarios/limit-decisions.js';
import { proofGuards } from './scenarios/proof-guards.js';
import { refusals } from './scenarios/refusals.js';
import { routeGuards } from './scenarios/route-guards.js';

/** `npm run bench [-- path of the JSON] [--only <scenario>]…`: what is compared runs in turns, in one process; medians are printed. */
const ROUNDS: RoundsOptions = { rounds: 3, secondsPerRound: 2 };
const SCENARIOS: Readonly<Record<string, (redis: BenchRedis) => Promise<Section | readonly Section[]>>> = {
  refusals: (redis) => refusals(redis, ROUNDS),
  'hash-bound': (redis) => hashBound(redis, ROUNDS),
  hmac: (redis) => hmac(redis, ROUNDS),
  latency: () => latency(ROUNDS),
  footprint,
  'limit-decisions': limitDecisions,
  'issue-decision': issueDecision,
  'route-guards': routeGuards,
  'proof-guards': proofGuards,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string', multiple: true, default: Object.keys(SCENARIOS) } },
});
const path = resolve(positionals[0] ?? 'node_modules/.cache/otp-bench.json');
const chosen = values.only.map((name) => {
  const scenario = SCENARIOS[name];
  if (scenario === undefined) {
    throw new TypeError(`There is no scenario '${name}': ${Object.keys(SCENARIOS).join(', ')}`);
  }
  return scenario;
});

console.log(
  `Node ${process.version}, ${availableParallelism()} cores; medians of ${ROUNDS.rounds} rounds. All takes about eight minutes.`,
);
const redis = await startRedis();
const sections: Section[] = [];

try {
  for (const scenario of chosen) {
    const more = [await scenario(redis)].flat();
    more.forEach(printSection);
    sections.push(...more);
  }
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
