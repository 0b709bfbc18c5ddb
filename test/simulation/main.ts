import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { missedGoals, type ScenarioResult, sectionOf, summaryOf } from './report.js';
import { runScenario, WORLD } from './run-scenario.js';
import { SCENARIOS } from './scenarios.js';

/** `npm run simulate [-- --only a,b --seed 1 --json path --markdown path]`: each scenario in a thread of its own. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      seed: { type: 'string', default: String(WORLD.seed) },
      json: { type: 'string' },
      markdown: { type: 'string' },
    },
  });
  const seed = Number(values.seed);
  const only = values.only?.split(',');
  const ids = SCENARIOS.map(({ id }) => id).filter((id) => only?.includes(id) ?? true);
  print(
    `${ids.length} scenarios of ${WORLD.daysBefore} + ${WORLD.days} days, ${WORLD.visitsPerDay} logins a day. Takes some minutes.`,
  );

  const results: ScenarioResult[] = [];
  const waiting = ids.entries();
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      for (const [place, id] of waiting) {
        const result = await inThread({ id, seed });
        results[place] = result;
        print(`\n${sectionOf(result)}`);
      }
    }),
  );

  print(`\n${summaryOf(results)}`);
  const missed = results.flatMap(({ scenario, outcomes: [ours] }) =>
    ours === undefined ? [] : missedGoals(scenario, ours).map((miss) => `(${scenario.id}) ${miss}`),
  );
  print(missed.length === 0 ? '\nEvery goal is reached.' : `\nMissed:\n${missed.join('\n')}`);
  await write(values.json, JSON.stringify({ world: { ...WORLD, seed }, results }, null, 2));
  await write(values.markdown, [summaryOf(results), ...results.map(sectionOf)].join('\n\n'));
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function write(path: string | undefined, text: string): Promise<void> {
  if (path !== undefined) {
    await mkdir(dirname(resolve(path)), { recursive: true });
    await writeFile(path, `${text}\n`);
    print(`Written to ${path}`);
  }
}

interface Task {
  readonly id: string;
  readonly seed: number;
}

function inThread(task: Task): Promise<ScenarioResult> {
  return new Promise((done, failed) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: task });
    worker.once('message', (result: ScenarioResult) => done(result));
    worker.once('error', failed);
  });
}

async function runInThread({ id, seed }: Task): Promise<void> {
  const scenario = SCENARIOS.find((one) => one.id === id);
  if (scenario === undefined) {
    throw new Error(`There is no scenario ${id}`);
  }
  const { title, goals } = scenario;
  const world = { ...WORLD, seed };
  const outcomes = [await runScenario(scenario, 'module', world), await runScenario(scenario, 'plain', world)];
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port between threads has no origin
  parentPort?.postMessage({ scenario: { id, title, goals }, outcomes } satisfies ScenarioResult);
}

function isTask(data: unknown): data is Task {
  return typeof data === 'object' && data !== null && 'id' in data && 'seed' in data;
}

const data: unknown = workerData;
if (isMainThread) {
  await main();
} else if (isTask(data)) {
  await runInThread(data);
}
