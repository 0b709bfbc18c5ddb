import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensurePackages } from './install.mjs';
import { mutations } from './mutations.mjs';
import { root, run, step, StepFailure, toolPath } from './steps.mjs';
import { ensurePrograms } from './system-packages.mjs';

const CACHE = `${root}node_modules/.cache/attacks`;
/** In any title of a test or of what stands around it. */
const NAMES_A_CASE = String.raw`\bcases? \d`;
/** Their long forms are commands of their own. */
const HAS_A_COMMAND = /^test\/(?:faults|fuzz|soak)\//;

/**
 * Every test that names a case of test/attacks/cases.json, in its long form, and a table of what was tried and what got
 * through; then the same guards taken out one by one. Resolves to 1 when something got through that may not, a case was
 * not tried, or a guard was not missed. Arguments go to vitest; with any, no guard is taken out.
 */
export async function attacks(args) {
  await ensurePackages();
  await ensurePrograms(['redis-server']);
  // These need packages.
  const { problemsOf, readCases } = await import('../attacks/cases.mjs');
  const { held, tableOf, tally } = await import('../attacks/tally.mjs');
  const { readTests } = await import('../conformance/titles.mjs');
  const cases = await readCases(root);
  const tests = await readTests(root);
  const problems = problemsOf(cases, tests);
  if (problems.length > 0) {
    throw new StepFailure(problems.join('\n  '));
  }
  await ensureBuilt();
  const files = [...new Set(tests.filter((test) => test.cases.length > 0).map(({ file }) => file))];
  const specs = files.filter((file) => file.endsWith('.spec.ts'));
  const own = specs.filter((file) => HAS_A_COMMAND.test(file));
  const others = specs.filter((file) => !HAS_A_COMMAND.test(file));
  const long = await step('Attacks (vitest)', () => runVitest(others, { effort: 'long', args }));
  const short = await step('Attacks of other suites, short', () => runVitest(own, { effort: 'short', args }));
  const report = { testResults: [...long.testResults, ...short.testResults] };
  const rows = tally(cases, report);
  await writeFile(`${CACHE}/table.json`, JSON.stringify(rows, undefined, 2));
  console.log(tableOf(rows).join('\n'));
  const broken = rows.filter((row) => !held(row));
  // A file that could not be loaded has no test that failed.
  const failed = report.testResults.filter(({ status }) => status === 'failed');
  broken.forEach(({ number, title }) => console.log(`✗ case ${number} (${title}) did not hold`));
  failed.forEach(({ name }) => console.log(`✗ ${relative(root, name)} failed`));
  const isClean = long.success && short.success;
  const isSound = isClean && broken.length + failed.length === 0;
  if (!isClean && broken.length + failed.length === 0) {
    console.log('✗ an error that no test was asked about, such as an unhandled rejection: see above');
  }
  console.log(
    `\n${isSound ? 'Nothing got through that may not.' : 'Not sound.'} Counts: node_modules/.cache/attacks/table.json`,
  );
  const unnoticed = args.length === 0 ? await mutations([]) : 0;
  return isSound ? unnoticed : 1;
}

async function runVitest(files, { effort, args }) {
  const target = `${CACHE}/report-${effort}.json`;
  await mkdir(CACHE, { recursive: true });
  await rm(target, { force: true });
  const projects = ['unit', 'contract', 'integration'].map((project) => `--project=${project}`);
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${target}`];
  const vitest = [toolPath('vitest'), 'run', ...projects, ...reporters, '-t', NAMES_A_CASE, '--allowOnly=false'];
  const env = { ...process.env, OTP_EFFORT: effort };
  const exitCode = await run(process.execPath, [...vitest, ...files, ...args], { env });
  const content = await readFile(target, 'utf8').catch(() => undefined);
  if (content === undefined) {
    throw new StepFailure('vitest wrote no report');
  }
  // Such an error leaves all tests passed.
  return { ...JSON.parse(content), success: exitCode === 0 };
}
