import { describe, expect, it } from 'vitest';
import type { ProcessSample } from './messages.js';
import { HAPPENED, problemsOf } from './problems.js';
import type { Sample, SoakReport } from './run-soak.js';

const resting: ProcessSample = {
  heapBytes: 40e6,
  rssBytes: 160e6,
  descriptors: 24,
  resources: { TCPSocketWrap: 1 },
  loopDelayMs: 20,
};
const census = { keys: 500, immortal: [], usedBytes: 1e6 };

function sampleOf(index: number, change: Partial<ProcessSample> = {}): Sample {
  return { seconds: index, operations: index * 100, processes: [{ ...resting, ...change }, resting], redis: census };
}

const well: SoakReport = {
  samples: Array.from({ length: 60 }, (_, index) => sampleOf(index)),
  faults: [],
  answers: Object.fromEntries(HAPPENED.map((name) => [name, 1])),
  breaches: {},
  operations: 6_000,
  unhandled: [],
  idle: { before: [resting, resting], after: [resting, resting] },
  left: { ...census, keys: 0 },
  ends: ['exited', 'exited'],
};

const grown = (bytes: number) =>
  Array.from({ length: 60 }, (_, index) => sampleOf(index, { heapBytes: resting.heapBytes + index * bytes }));
const busy: ProcessSample = { ...resting, descriptors: 25, resources: { TCPSocketWrap: 2, Timeout: 1 } };

describe('the judgement of a soak', () => {
  it('finds nothing where nothing is wrong', () => {
    expect(problemsOf(well)).toEqual([]);
  });

  it.each<readonly [string, Partial<SoakReport>, RegExp]>([
    ['memory that grows', { samples: grown(100_000) }, /application 1: heapBytes grew by 2900000/],
    ['a key for ever', { left: { ...census, keys: 0, immortal: ['soak:x'] } }, /without a time to live: soak:x/],
    ['keys that outlive everything', { left: { ...census, keys: 1 } }, /1 keys are in Redis/],
    ['too many keys', { samples: [{ ...sampleOf(0), redis: { ...census, keys: 4_000 } }] }, /4000 keys/],
    ['a breach', { breaches: { 'a code was accepted twice': 2 } }, /accepted twice \(2\)/],
    ['a rejection', { unhandled: ['Error: x'] }, /nobody handled: Error: x/],
    ['a process that stays', { ends: ['exited', 'stayed'] }, /application 2 stayed/],
    ['a socket', { idle: { before: [resting, resting], after: [busy, resting] } }, /holds 2 TCPSocketWrap/],
    [
      'a descriptor',
      { idle: { before: [resting, resting], after: [resting, busy] } },
      /application 2 holds 25 descriptors when nobody is there/,
    ],
    ['nothing that happened', { answers: {} }, /did not happen: POST \/transfer 201/],
  ])('finds %s', (_what, change, expected) => {
    expect(problemsOf({ ...well, ...change }).join('\n')).toMatch(expected);
  });

  it('leaves the little that a warm engine still grows', () => {
    expect(problemsOf({ ...well, samples: grown(10_000) })).toEqual([]);
  });
});
