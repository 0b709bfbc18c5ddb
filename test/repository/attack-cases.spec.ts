import { describe, expect, it } from 'vitest';
import { type AttackCase, held, tableOf, tally } from '../../tools/attacks/tally.mjs';
import { runTool } from './tool-runner.js';

const CASES: readonly AttackCase[] = [
  { number: 1, title: 'five guesses' },
  { number: 2, title: 'a race' },
  { number: 3, title: 'a step twice', reason: 'no steps' },
];

interface Result {
  readonly title: string;
  readonly status?: 'passed' | 'failed' | 'skipped';
  readonly meta?: object;
}

/** As vitest reports. */
const reportOf = (...results: readonly Result[]) => ({
  testResults: [
    {
      assertionResults: results.map(({ title, status = 'passed', meta = {} }) => ({
        ancestorTitles: ['', 'guessing'],
        title,
        status,
        meta,
      })),
    },
  ],
});
const record = (tried: number, through: number, allowed: number) => ({ attack: { tried, through, allowed } });
const [first, second, third] = [0, 1, 2] as const;

it('every attack case has a test that names it or a reason why not, and docs/attacks.md lists them', () => {
  expect(runTool('attack-page.mjs', ['--check'])).toEqual({ exitCode: 0, problems: [] });
}, 120_000);

describe('the table of attacks', () => {
  it('adds up what the tests of a case tried, and which of them hold', () => {
    const rows = tally(
      CASES,
      reportOf(
        { title: 'B1 case 1 by hand', meta: { ...record(30, 5, 5), requests: 31 } },
        { title: 'cases 1 and 2 at once', meta: record(50, 1, 1) },
        { title: 'case 2 over HTTP', meta: { requests: 7 } },
        { title: 'case 2 not here', status: 'skipped' },
        { title: 'nothing of this' },
      ),
    );
    expect(rows).toEqual([
      { ...CASES[first], tests: 2, requests: 31, tried: 80, through: 6, allowed: 6, failed: 0 },
      { ...CASES[second], tests: 2, requests: 7, tried: 57, through: 1, allowed: 1, failed: 0 },
      { ...CASES[third], tests: 0, requests: 0, tried: 0, through: 0, allowed: 0, failed: 0 },
    ]);
    expect(rows.map(held)).toEqual([true, true, true]);
    expect(tableOf(rows)).toHaveLength(4);
  });

  it('a failed test let something through, and a case that was not run does not hold', () => {
    const rows = tally(CASES, reportOf({ title: 'case 1 by hand', status: 'failed', meta: { requests: 3 } }));
    expect(rows[first]).toMatchObject({ tried: 3, through: 1, allowed: 0, failed: 1 });
    expect(rows.map(held)).toEqual([false, false, true]);
    expect(tableOf(rows).join('\n')).toMatch(/1 failed\n.*✗ not run\n.*no steps/);
  });

  it('more through than may be is told even where a test passed', () => {
    const rows = tally(CASES, reportOf({ title: 'case 1', meta: record(30, 6, 5) }, { title: 'case 2' }));
    expect(rows.map(held)).toEqual([false, true, true]);
  });
});
