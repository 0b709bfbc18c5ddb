import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { effort } from '../support/effort.js';
import { FEWEST_SAMPLES, problemsOf } from './problems.js';
import { runSoak, type SoakOptions } from './run-soak.js';

const minutes = Number(process.env['OTP_SOAK_MINUTES'] ?? 10);
const MARGIN_MINUTES = 5;
/** A round has every fault once. In the long form there is one after the other until the time is over. */
const rounds = (count: number) => (played: number) => played < count;
function untilTheTimeIsOver() {
  const end = performance.now() + minutes * 60_000;
  return () => performance.now() < end;
}

describe('two applications on one Redis, under load and faults', () => {
  it(
    'E5 L1 invariant 9 hold nothing on, end by themselves, and no key of theirs stays',
    { timeout: effort(180_000, (minutes + MARGIN_MINUTES) * 60_000) },
    async () => {
      const report = await runSoak({ stride: effort(80, 500), goesOn: effort(rounds(1), untilTheTimeIsOver()) });
      const problems = problemsOf(report);
      const target = process.env['OTP_SOAK_REPORT'];
      if (target !== undefined) {
        await writeFile(target, JSON.stringify({ ...report, problems }));
      }
      expect(problems).toEqual([]);
      // Or growth was not judged.
      expect(report.samples.length).toBeGreaterThan(effort(1, 2 * FEWEST_SAMPLES));
    },
  );

  /** The soak is no use unless it finds what is put in; in the short form the judgement's own tests show that. */
  const seen: readonly (readonly [Required<SoakOptions>['leak'], number, RegExp])[] = [
    ['handle', 1, /holds \d+ Timeout when nobody is there/],
    ['rejection', 1, /nobody handled: Error: put in on purpose/],
    ['key', 1, /a key without a time to live: soak:/],
    ['memory', 7, /heapBytes grew by/],
  ];
  it.each(effort([], seen))('%s: what is put in is found', { timeout: 1_200_000 }, async (leak, count, expected) => {
    const report = await runSoak({ stride: 60, goesOn: rounds(count), leak });
    expect(problemsOf(report).join('\n')).toMatch(expected);
  });
});
