import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ensurePackages } from './install.mjs';
import { root, run, step, StepFailure, toolPath } from './steps.mjs';
import { ensurePrograms } from './system-packages.mjs';

const REPORT = `${root}node_modules/.cache/fuzz/report.json`;
const USAGE = 'npm run test:fuzz -- [--only <title>] [--seed <number>] [--path <path of fast-check>]';

/**
 * Random inputs for everything that takes any, and a table of what was tried. Resolves to 1 when something was found; the
 * table then tells how to try the same again.
 */
export async function fuzz(args) {
  const { only, seed, path } = optionsOf(args);
  await ensurePackages();
  await ensurePrograms(['redis-server']);
  const env = {
    ...process.env,
    OTP_EFFORT: 'long',
    ...(seed === undefined ? {} : { OTP_FUZZ_SEED: seed }),
    ...(path === undefined ? {} : { OTP_FUZZ_PATH: path }),
  };
  const report = await step('Fuzzing (vitest)', () => runVitest(only, env));
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  print(tests.filter(({ meta }) => meta?.fuzz !== undefined));
  tests
    .filter(({ status, meta }) => status === 'failed' && meta?.fuzz === undefined)
    .forEach(({ fullName }) => console.log(`✗ ${fullName}\n  ended before it was done; see above`));
  const failures = report.numFailedTests + report.testResults.filter(({ status }) => status === 'failed').length;
  // An error that no test was asked about, such as an unhandled rejection, leaves all tests passed.
  return failures === 0 && report.success && report.numPassedTests > 0 ? 0 : 1;
}

function optionsOf(args) {
  const options = {};
  for (let at = 0; at < args.length; at += 2) {
    const name = /^--(only|seed|path)$/.exec(args[at])?.[1];
    if (name === undefined || args[at + 1] === undefined) {
      throw new StepFailure(`Usage: ${USAGE}`, 2);
    }
    options[name] = args[at + 1];
  }
  if (options.path !== undefined && (options.seed === undefined || options.only === undefined)) {
    throw new StepFailure(`A path belongs to one test and one seed: ${USAGE}`, 2);
  }
  return options;
}

async function runVitest(only, env) {
  await mkdir(dirname(REPORT), { recursive: true });
  await rm(REPORT, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`];
  const chosen = only === undefined ? [] : ['-t', only.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)];
  const vitest = [toolPath('vitest'), 'run', '--project=integration', ...reporters, '--allowOnly=false', ...chosen];
  const exitCode = await run(process.execPath, [...vitest, 'test/fuzz'], { env });
  const content = await readFile(REPORT, 'utf8').catch(() => undefined);
  if (content === undefined) {
    throw new StepFailure('vitest wrote no report');
  }
  const report = JSON.parse(content);
  return { ...report, success: report.success && exitCode === 0 };
}

function print(tests) {
  const rows = tests.map(({ fullName, meta }) => ({ title: fullName, ...meta.fuzz }));
  const width = Math.max(...rows.map(({ title }) => title.length), 0);
  for (const { title, inputs, seconds, answers } of rows) {
    const kinds = Object.entries(answers).map(([kind, count]) => `${kind} ${count}`);
    console.log(
      `${title.padEnd(width)}  ${String(inputs).padStart(8)}  ${seconds.toFixed(0).padStart(5)} s  ${kinds.join(', ')}`,
    );
  }
  const found = rows.filter(({ again }) => again !== undefined);
  const inputs = rows.reduce((sum, row) => sum + row.inputs, 0);
  console.log(`\n${inputs} inputs, ${found.length} findings`);
  found.forEach(({ title, again }) => console.log(`✗ ${title}\n  ${again}`));
}
