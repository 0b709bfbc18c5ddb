import { tagsOf } from '../conformance/titles.mjs';

/**
 * Adds up a report of vitest by case: `{ number, title, reason?, tests, requests, tried, through, allowed, failed }`. A test
 * that does not count by itself tried as often as it sent requests (once where it sent none), and a test that failed let
 * one through.
 */
export function tally(cases, report) {
  const rows = new Map(
    cases.map((one) => [one.number, { ...one, tests: 0, requests: 0, tried: 0, through: 0, allowed: 0, failed: 0 }]),
  );
  for (const result of resultsOf(report)) {
    const { requests = 0, attack = { tried: Math.max(requests, 1), through: 0, allowed: 0 } } = result.meta;
    const isFailed = result.status === 'failed';
    for (const number of casesOf(result)) {
      const row = rows.get(number);
      if (row !== undefined) {
        row.tests += 1;
        row.requests += requests;
        row.tried += attack.tried;
        row.through += attack.through + (isFailed && attack.through <= attack.allowed ? 1 : 0);
        row.allowed += attack.allowed;
        row.failed += isFailed ? 1 : 0;
      }
    }
  }
  return [...rows.values()];
}

/** vitest quotes a title that stands in a member of a row. */
function casesOf({ ancestorTitles, title }) {
  return tagsOf([...ancestorTitles, title].map((text) => text.replace(/^'/, ''))).cases;
}

function resultsOf(report) {
  return report.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'passed' || status === 'failed');
}

/** Whether a case held: it was tried, and nothing got through that may not. */
export function held({ reason, tests, failed, through, allowed }) {
  return reason !== undefined || (tests > 0 && failed === 0 && through <= allowed);
}

const WHAT_CHARACTERS = 62;
const count = new Intl.NumberFormat('en-US');

/** The table as lines of text. */
export function tableOf(rows) {
  const heads = ['case', 'what', 'tests', 'requests', 'tried', 'through', 'allowed', ''];
  const cells = rows.map((row) => [
    String(row.number),
    row.title.slice(0, WHAT_CHARACTERS),
    ...(row.reason === undefined
      ? [row.tests, row.requests, row.tried, row.through, row.allowed].map((value) => count.format(value))
      : ['', '', '', '', '']),
    row.reason === undefined
      ? held(row)
        ? ''
        : `✗ ${row.tests === 0 ? 'not run' : `${row.failed} failed`}`
      : row.reason,
  ]);
  const widths = heads.map((head, column) =>
    column === heads.length - 1 ? 0 : Math.max(head.length, ...cells.map((line) => line[column].length)),
  );
  const lineOf = (line) =>
    line.map((cell, column) => (column === 1 ? cell.padEnd(widths[1]) : cell.padStart(widths[column]))).join('  ');
  return [heads, ...cells].map((line) => lineOf(line).trimEnd());
}
