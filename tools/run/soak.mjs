import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ensurePackages } from './install.mjs';
import { root, run, StepFailure, toolPath } from './steps.mjs';
import { ensurePrograms } from './system-packages.mjs';

const REPORT = `${root}node_modules/.cache/soak/report.json`;
const MEGABYTE = 2 ** 20;
/** Lines of the table; of a longer run every so manieth sample. */
const LINES = 24;

/**
 * Minutes of mixed load with faults against two applications on one Redis (`-- --minutes N`, 10 by default), and a table of
 * what they held meanwhile. Resolves to 1 when something grew, stayed, or got through.
 */
export async function soak(args) {
  const minutes = readMinutes(args);
  await ensurePackages();
  await ensurePrograms(['redis-server']);
  await mkdir(dirname(REPORT), { recursive: true });
  await rm(REPORT, { force: true });
  const vitest = [toolPath('vitest'), 'run', '--project=integration', '--allowOnly=false', 'test/soak/'];
  const exitCode = await run(process.execPath, vitest, {
    env: { ...process.env, OTP_EFFORT: 'long', OTP_SOAK_MINUTES: String(minutes), OTP_SOAK_REPORT: REPORT },
  });
  const content = await readFile(REPORT, 'utf8').catch(() => undefined);
  if (content === undefined) {
    throw new StepFailure('the soak wrote no report');
  }
  print(JSON.parse(content));
  return exitCode;
}

function readMinutes(args) {
  const index = args.indexOf('--minutes');
  const minutes = index === -1 ? 10 : Number(args[index + 1]);
  if (!(minutes > 0 && minutes <= 24 * 60)) {
    throw new StepFailure('--minutes takes a number from 0 to 1440');
  }
  return minutes;
}

function print({ samples, faults, answers, operations, problems }) {
  const every = Math.ceil(samples.length / LINES);
  console.log('\n  time   requests   heap 1   heap 2    RSS 1    RSS 2  open  loop ms    keys   Redis');
  samples
    .filter((_, index) => index % every === 0 || index === samples.length - 1)
    .forEach((one) => console.log(lineOf(one)));
  console.log('\nAfter a fault, until a login was possible through both (at most, ms):');
  for (const name of new Set(faults.map((fault) => fault.name))) {
    const times = faults.filter((fault) => fault.name === name).map(({ recoveryMs }) => recoveryMs);
    console.log(`  ${name.padEnd(32)}${String(Math.round(Math.max(...times))).padStart(6)}   ${times.length} times`);
  }
  console.log('\nAnswers:');
  for (const [name, count] of Object.entries(answers).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    console.log(`  ${name.padEnd(44)}${String(count).padStart(8)}`);
  }
  console.log(`\n${operations} requests, ${faults.length} faults, ${problems.length} problems`);
  problems.forEach((problem) => console.log(`  ✗ ${problem}`));
}

function lineOf({ seconds, operations, processes, redis }) {
  const bytes = (value) => `${(value / MEGABYTE).toFixed(1)} MB`.padStart(9);
  const most = (of) => Math.max(...processes.map(of));
  return [
    `${seconds.toFixed(0)} s`.padStart(6),
    String(operations).padStart(11),
    ...processes.map(({ heapBytes }) => bytes(heapBytes)),
    ...processes.map(({ rssBytes }) => bytes(rssBytes)),
    String(most(({ descriptors }) => descriptors)).padStart(6),
    String(Math.round(most(({ loopDelayMs }) => loopDelayMs))).padStart(9),
    String(redis.keys).padStart(8),
    bytes(redis.usedBytes).trimStart().padStart(8),
  ].join('');
}
