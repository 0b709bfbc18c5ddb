import { describe, it } from 'vitest';
import { effort } from '../support/effort.js';
import { Random } from '../simulation/engine/random.js';
import { lostRightAnswers } from './lost-answers.js';
import { DEADLINE_MS, expectToHold, type Fault } from './play-fault.js';
import type { Line } from '../support/tcp-proxy.js';

const TIMEOUT_MS = effort(60_000, 300_000);
const random = new Random(1);

/** The line is so until the people in the middle of the run are done, or none of them can go on. */
const during = (line: Line): Pick<Fault, 'strike' | 'heal'> => ({
  strike: (site) => site.line.setLine(line),
  heal: (site) => site.line.setLine({ kind: 'open' }),
});

const faults: readonly (Fault & { readonly long?: boolean })[] = [
  { title: 'requests never arrive', lost: true, ...during({ kind: 'dead', directions: ['requests'] }), long: true },
  { title: 'answers never arrive', lost: true, ...during({ kind: 'dead', directions: ['answers'] }) },
  {
    title: 'nothing arrives',
    lost: true,
    ...during({ kind: 'dead', directions: ['requests', 'answers'] }),
    long: true,
  },
  {
    title: 'slow, within the deadline',
    ...during({ kind: 'slow', delayMs: () => random.between(0, DEADLINE_MS / 30) }),
    unnoticed: true,
    long: true,
  },
  {
    title: 'slow, about as long as the deadline',
    ...during({ kind: 'slow', delayMs: () => random.between(0, DEADLINE_MS) }),
    long: true,
  },
  {
    title: 'slow, longer than the deadline',
    lost: true,
    ...during({ kind: 'slow', delayMs: () => DEADLINE_MS + 50 }),
    long: true,
  },
  {
    title: 'narrow: 20 kB a second',
    ...during({ kind: 'slow', delayMs: () => 0, bytesPerSecond: 20_000 }),
    unnoticed: true,
    long: true,
  },
  {
    title: 'answers lost, connections reset',
    strikes: effort(6, 60),
    strike: (site) => site.line.loseNextAnswer(),
  },
  lostRightAnswers(),
  {
    title: 'reset in the middle of an answer',
    strikes: effort(6, 60),
    strike: (site) => site.line.breakNextAnswer(random.between(1, 20)),
    long: true,
  },
];

describe('case 83 the line to Redis', { timeout: TIMEOUT_MS }, () => {
  for (const fault of faults.filter(({ long = false }) => effort(!long, true))) {
    it(`A3 B3 L1 ${fault.title}`, () => expectToHold(fault));
  }
});
