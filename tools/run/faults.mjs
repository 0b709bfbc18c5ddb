import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ensurePackages } from './install.mjs';
import { simulateFaults } from './simulate.mjs';
import { root, run, step, StepFailure, toolPath } from './steps.mjs';
import { ensurePrograms } from './system-packages.mjs';

const REPORT = `${root}node_modules/.cache/faults/report.json`;

const COLUMNS = [
  ['fault', (row) => row.fault],
  ['operations', (row) => row.operations],
  ['refused (503)', (row) => row.refused],
  ['accepted', (row) => row.accepted],
  ['accepted twice', (row) => row.acceptedTwice],
  ['counts lost', (row) => row.countsLost],
  ['longest answer', (row) => `${row.longestMs} ms`],
];

/**
 * What goes wrong with Redis, the line to it, the application, clocks and hashing, in its long form, with a table; then
 * what goes wrong with providers. Resolves to 1 when a promise was broken. With arguments, which go to vitest, only the
 * first part.
 */
export async function faults(args) {
  await ensurePackages();
  await ensurePrograms(['redis-server']);
  const report = await step('Faults (vitest)', () => runVitest(args));
  const rows = report.testResults.flatMap(({ assertionResults }) =>
    assertionResults.flatMap(({ meta }) => meta?.faults ?? []),
  );
  console.log(tableOf(rows).join('\n'));
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  );
  // An error that no test was asked about, such as an unhandled rejection, leaves all tests passed.
  const broken = report.numFailedTests + unloaded.length || Number(report.exitCode !== 0);
  const operations = rows.reduce((sum, row) => sum + row.operations, 0);
  console.log(
    broken === 0
      ? `\nNo promise was broken in ${operations} operations (${report.numPassedTests} tests).`
      : `\n✗ ${broken} of ${report.numTotalTests} tests failed, or an error came from none of them.`,
  );
  const delivery = args.length === 0 ? await step('Faults of providers', () => simulateFaults([])) : 0;
  return broken === 0 && delivery === 0 && report.numPassedTests > 0 ? 0 : 1;
}

/** One file after the other: answers are timed, and a fault is to meet one crowd. */
async function runVitest(args) {
  await mkdir(dirname(REPORT), { recursive: true });
  await rm(REPORT, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`];
  const options = ['--project=integration', '--no-file-parallelism', '--allowOnly=false', ...reporters];
  const files = args.some((arg) => arg.endsWith('.spec.ts')) ? [] : ['test/faults'];
  const exitCode = await run(process.execPath, [toolPath('vitest'), 'run', ...options, ...files, ...args], {
    env: { ...process.env, OTP_EFFORT: 'long' },
  });
  const content = await readFile(REPORT, 'utf8').catch(() => undefined);
  if (content === undefined) {
    throw new StepFailure('vitest wrote no report');
  }
  return { ...JSON.parse(content), exitCode };
}

/** A Markdown table, so that it can stand in the docs as it is printed. */
function tableOf(rows) {
  const cells = [
    COLUMNS.map(([title]) => title),
    ...rows.map((row) => COLUMNS.map(([, read]) => read(row).toLocaleString('en-US'))),
  ];
  const widths = COLUMNS.map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  const text = (line) =>
    `| ${line.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join(' | ')} |`;
  const [head = [], ...body] = cells;
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [text(head), rule, ...body.map(text)];
}
