import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensurePackages } from './install.mjs';
import { root, run, step, StepFailure, toolPath } from './steps.mjs';
import { ensurePrograms } from './system-packages.mjs';

/**
 * Takes out every guard of test/mutations/ in turn and asks the test that is named there, which must fail by an
 * assertion. `--only <name>` asks for some. Resolves to 1 when one was not noticed.
 */
export async function mutations(args) {
  await ensurePackages();
  await ensurePrograms(['redis-server']);
  const list = chosen(await readList(), args);
  await step('The tests pass while all guards stand', () => mustPass(list));
  const rows = await step(`Without each of ${list.length} guards`, () => inTurn(list));
  print(rows);
  const missed = rows.filter(({ verdict }) => verdict !== 'killed');
  missed.forEach(({ name, verdict, reason }) => console.log(`✗ ${name} ${verdict}: ${reason}`));
  console.log(`${rows.length - missed.length} of ${rows.length} mutations killed`);
  return missed.length > 0 ? 1 : 0;
}

async function readList() {
  // Not imported above: it may have to be installed first.
  const { runnerImport } = await import('vite');
  const { module } = await runnerImport(`${root}test/mutations/mutations.ts`, { logLevel: 'error' });
  return module.mutations;
}

function chosen(list, args) {
  const names = args.flatMap((arg, index) => (args[index - 1] === '--only' ? arg.split(',') : []));
  const unknown = names.find((name) => !list.some((mutation) => mutation.name === name));
  if (unknown !== undefined || (args.includes('--only') && names.length === 0)) {
    throw new StepFailure(`--only: there is no mutation '${unknown ?? ''}'`, 2);
  }
  return names.length === 0 ? list : list.filter(({ name }) => names.includes(name));
}

async function mustPass(list) {
  const files = [...new Set(list.map(({ killedBy }) => killedBy.file))];
  const titles = [...new Set(list.map(({ killedBy }) => killedBy.test))];
  const report = await vitest({ files, titles });
  const problems = list.flatMap((mutation) => {
    const tests = testsOf(report, mutation);
    const failed = tests.find(({ status }) => status !== 'passed');
    return tests.length === 0 || failed
      ? [
          `${mutation.name}: ${failed ? `${failed.fullName} ${failed.status}` : `no test '${mutation.killedBy.test}' ran`}`,
        ]
      : [];
  });
  if (problems.length > 0) {
    throw new StepFailure(problems.join('\n  '));
  }
}

/** As many at once as there are cores, up to two: more would only make each of them wait. */
async function inTurn(list) {
  const waiting = list.entries();
  const rows = [];
  const work = async () => {
    for (const [position, mutation] of waiting) {
      rows[position] = await takeOut(mutation);
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
  return rows;
}

async function takeOut(mutation) {
  const started = performance.now();
  const { file, test } = mutation.killedBy;
  const report = await vitest({ files: [file], titles: [test], mutation: mutation.name });
  const row = { ...mutation, ...judge(report, mutation), seconds: (performance.now() - started) / 1000 };
  const isKilled = row.verdict === 'killed';
  console.log(
    `  ${isKilled ? '✓' : '✗'} ${row.name} ${row.seconds.toFixed(1)} s${isKilled ? '' : ` ${row.verdict}: ${row.reason}`}`,
  );
  return row;
}

/** Of `expect`, `node:assert`, and of `expect` again about what becomes of a promise. */
const ASSERTION = /^(?:AssertionError|Error: promise (?:rejected|resolved) )/;

/** A module that cannot be loaded and a test that runs out of time fail as well, and show nothing. */
function judge(report, mutation) {
  const tests = testsOf(report, mutation);
  const failed = tests.filter(({ status }) => status === 'failed');
  if (tests.length === 0) {
    return { verdict: 'broken', reason: report.testResults.map(({ message }) => message).join(' ') || 'no test ran' };
  }
  if (failed.length === 0) {
    return { verdict: 'survived', reason: `nothing failed in ${mutation.killedBy.file}` };
  }
  return failed.some(({ failureMessages: [message = ''] }) => ASSERTION.test(message))
    ? { verdict: 'killed' }
    : { verdict: 'broken', reason: `not by an assertion: ${failed[0].failureMessages[0]?.split('\n', 1)[0]}` };
}

function testsOf({ testResults }, { killedBy: { file, test } }) {
  const title = new RegExp(patternOf(test));
  return testResults
    .filter(({ name }) => name === `${root}${file}`)
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ fullName, status }) => title.test(fullName) && ['passed', 'failed'].includes(status));
}

/** Of a title as its file writes it: in the place of `%s`, `$name` and `${name}` stands what the test is run with. */
function patternOf(title) {
  return title
    .split(/%[a-z]|\$\{[^}]*\}|\$[a-zA-Z]+/)
    .map((text) => text.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&'))
    .join('.*');
}

/** As vitest.config.ts has it; the others need not be prepared. */
function projectOf(file) {
  if (file.startsWith('libs/')) {
    return 'unit';
  }
  return file.startsWith('test/contract/') ? 'contract' : 'integration';
}

async function vitest({ files, titles, mutation }) {
  const folder = await mkdtemp(join(tmpdir(), 'mutation-'));
  const report = join(folder, 'report.json');
  const pattern = titles.map(patternOf).join('|');
  const projects = [...new Set(files.map(projectOf))].map((project) => `--project=${project}`);
  try {
    await run(
      process.execPath,
      [toolPath('vitest'), 'run', ...projects, '--reporter=json', `--outputFile=${report}`, '-t', pattern, ...files],
      {
        env: { ...process.env, ...(mutation ? { OTP_MUTATION: mutation } : {}) },
        stdio: ['ignore', 'ignore', 'ignore'],
      },
    );
    const content = await readFile(report, 'utf8').catch(() => undefined);
    return content === undefined ? { testResults: [] } : JSON.parse(content);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function print(rows) {
  const table = rows.map(({ guard, name, killedBy, verdict, seconds }) => [
    guard,
    name,
    verdict === 'killed' ? `${killedBy.file}: ${killedBy.test}` : verdict.toUpperCase(),
    seconds.toFixed(1),
  ]);
  const lines = [['guard', 'mutation', 'killed by', 'seconds'], ...table];
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  lines.forEach((line) =>
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    ),
  );
  console.log();
}
