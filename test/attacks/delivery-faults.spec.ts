import { afterEach, describe, expect, it } from 'vitest';
import { spellTable, verdictOf } from '../simulation/delivery/faults-table.js';
import { type Broken, type Fate, judge } from '../simulation/delivery/judge.js';
import { type FaultsRun, runFaults } from '../simulation/delivery/run-faults.js';

/** `npm run test:faults` sends 10,000. */
const SENDS = 1500;

let run: FaultsRun | undefined;

async function runAndJudge(options: { readonly seed: number; readonly afterUnknownOutcome?: 'next' }) {
  run = await runFaults({ sends: SENDS, ...options });
  return { run, fates: await judge(run) };
}

afterEach(async () => {
  await run?.close();
  run = undefined;
});

const brokenFor = (fates: readonly Fate[], kind: Broken) =>
  fates
    .filter(({ broken }) => broken.includes(kind))
    .map(({ send }) => [send.spell.title, ...send.asked.map(({ provider }) => provider)].join(' '));
const inSpell = (fates: readonly Fate[], title: string) => fates.filter(({ send }) => send.spell.title === title);
const outcomes = (fates: readonly Fate[]) => [...new Set(fates.map(({ send }) => send.outcome))];

describe('three providers that fail in every way', () => {
  it('case 56 nobody has two live codes, nobody is lost, and nothing unknown is sent again', async () => {
    const { run: done, fates } = await runAndJudge({ seed: 7 });
    expect(fates).toHaveLength(SENDS);
    for (const kind of ['two codes', 'dead code', 'lost', 'repeated', 'not said'] as const) {
      expect(brokenFor(fates, kind), kind).toEqual([]);
    }

    // Definite failures only while all refuse; elsewhere the worst is an outcome that nobody knows.
    expect(outcomes(inSpell(fates, 'nobody works'))).toContain('failed');
    expect(outcomes(inSpell(fates, 'nobody works'))).not.toContain('accepted');
    expect(outcomes(inSpell(fates, 'only gamma works'))).not.toContain('failed');
    expect(outcomes(inSpell(fates, 'all work again'))).not.toContain('failed');

    // What the rest is worth: the faults happened, and the chain did its work.
    const table = spellTable(done, fates);
    expect(fates.filter(({ send }) => send.asked.length === 3).length, table).toBeGreaterThan(SENDS / 30);
    expect(fates.filter(({ send }) => send.outcome === 'unknown').length, table).toBeGreaterThan(SENDS / 50);
    expect(fates.filter(({ codes }) => codes.length > 0).length, table).toBeGreaterThan(SENDS / 2);
    expect(new Set(done.circuits.map(({ event }) => event)), table).toEqual(
      new Set(['circuit.opened', 'circuit.closed']),
    );
  }, 120_000);

  it('the check can fail: with afterUnknownOutcome: next messages are repeated, with the same code', async () => {
    const { fates } = await runAndJudge({ seed: 7, afterUnknownOutcome: 'next' });
    expect(brokenFor(fates, 'repeated').length, verdictOf(fates)).toBeGreaterThan(SENDS / 50);
    const twice = inSpell(fates, 'alpha sends, and breaks off').filter(({ codes }) => codes.length > 1);
    expect(twice.length, verdictOf(fates)).toBeGreaterThan(0);
    expect(brokenFor(fates, 'two codes')).toEqual([]);
    expect(brokenFor(fates, 'dead code')).toEqual([]);
  }, 120_000);
});
