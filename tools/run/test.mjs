import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensurePackages } from './install.mjs';
import { mustRun, mustRunTool, run, step, StepFailure, toolPath } from './steps.mjs';
import { ensurePrograms } from './system-packages.mjs';

const node = (...args) => mustRun(process.execPath, args);

/** As long as all that go on beside it. */
const typeCheck = ['Types (tsc)', () => mustRunTool('tsc', ['--noEmit', '-p', 'tsconfig.json'])];

/** Beside the build, which keeps one core busy. The first check that fails ends the run. */
const checksOfSources = [
  ['Formatting (prettier)', () => mustRunTool('prettier', ['--check', '--log-level=warn', '.'])],
  ['Embedded Lua is current', () => node('tools/embed-lua.mjs', '--check')],
  ['Import table', () => node('tools/check-imports.mjs')],
];

/** After the build: the type tests, which lint reads as well, are compiled against the package as it is published. */
const checks = [
  ['Lint (oxlint, type-aware)', () => mustRunTool('oxlint', ['apps', 'libs', 'test', 'tools', 'vitest.config.ts'])],
  ['Types of the code field (tsc)', () => mustRunTool('tsc', ['-p', 'libs/otp-code-input/tsconfig.json'])],
  ['Docs: examples and links', () => node('tools/check-docs.mjs')],
  ['Docs: conformance', () => node('tools/conformance.mjs', '--check')],
];

/**
 * Everything that CI runs. Arguments go to vitest. The last line tells the tests in numbers, `N passed, N failed`; a
 * step that failed before the tests ran counts as one failure, so that the line never looks green on its own.
 */
export async function test(args) {
  let totals = { passed: 0, failed: 1 };
  try {
    await ensurePackages();
    await ensurePrograms(['redis-server', 'chromium']);
    await Promise.all([ensureBuilt(), inOrder(checksOfSources)]);
    await Promise.all([step(...typeCheck), inOrder(checks)]);
    const tests = await step('Tests (vitest)', () => runVitest(args));
    totals = tests.totals;
    return tests.exitCode;
  } catch (error) {
    if (!(error instanceof StepFailure)) {
      throw error;
    }
    console.error(`✗ ${error.message}\n`);
    return error.exitCode;
  } finally {
    console.log(`${totals.passed} passed, ${totals.failed} failed`);
  }
}

async function inOrder(steps) {
  for (const [title, action] of steps) {
    await step(title, action);
  }
}

async function runVitest(args) {
  const folder = await mkdtemp(join(tmpdir(), 'vitest-report-'));
  const report = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  try {
    // A forgotten `.only` fails here as it does in CI.
    const vitest = [toolPath('vitest'), 'run', ...reporters, '--allowOnly=false'];
    const exitCode = await run(process.execPath, [...vitest, ...args]);
    const totals = await readTotals(report);
    const nothingRan = totals.passed + totals.failed === 0;
    return { totals, exitCode: exitCode === 0 && (nothingRan || totals.failed > 0) ? 1 : exitCode };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A file that could not be loaded has no test to fail: it counts as one failure. */
async function readTotals(report) {
  const content = await readFile(report, 'utf8').catch(() => undefined);
  if (content === undefined) {
    return { passed: 0, failed: 1 };
  }
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(content);
  const broken = testResults.filter((file) => file.status === 'failed' && !hasFailedTest(file));
  return { passed: numPassedTests, failed: numFailedTests + broken.length };
}

function hasFailedTest(file) {
  return file.assertionResults.some((result) => result.status === 'failed');
}
