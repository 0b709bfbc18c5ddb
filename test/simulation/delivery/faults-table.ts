import type { Broken, Fate } from './judge.js';
import { type Reaction, REACTIONS } from './reactions.js';
import type { FaultsRun } from './run-faults.js';
import { PROVIDERS, SPELLS } from './spells.js';

const BROKEN: readonly Broken[] = ['two codes', 'dead code', 'lost', 'repeated', 'not said'];

/** Markdown: a line for each spell, and one for all of them. */
export function spellTable(run: FaultsRun, fates: readonly Fate[]): string {
  const spells = SPELLS.map((spell) => {
    const opened = run.circuits.filter((one) => one.spell === spell && one.event === 'circuit.opened').length;
    return rowOf(spell.title, { fates: fates.filter(({ send }) => send.spell === spell), opened });
  });
  const opened = run.circuits.filter(({ event }) => event === 'circuit.opened').length;
  return tableOf([
    [
      'what happens',
      'messages',
      'accepted',
      'unknown',
      'failed',
      'fallen over',
      'people who got it',
      'got it twice',
      'circuits opened',
      'wait, median',
      'wait, p99',
    ],
    ...spells,
    rowOf('all', { fates, opened }),
  ]);
}

/** Markdown: how often each provider did what. */
export function providerTable({ providers }: FaultsRun): string {
  const reactions = Object.keys(REACTIONS).filter((name): name is Reaction => Object.hasOwn(REACTIONS, name));
  return tableOf([
    ['a provider', ...PROVIDERS],
    ...reactions.map((reaction) => [
      reaction,
      ...PROVIDERS.map((name) => whole(providers[name].met.get(reaction) ?? 0)),
    ]),
  ]);
}

/** One line: how often which promise was broken. */
export function verdictOf(fates: readonly Fate[]): string {
  return BROKEN.map((kind) => `${kind}: ${whole(countOf(fates, ({ broken }) => broken.includes(kind)))}`).join(', ');
}

function rowOf(
  title: string,
  { fates, opened }: { readonly fates: readonly Fate[]; readonly opened: number },
): string[] {
  const waits = fates.map(({ send }) => send.waitMs).toSorted((a, b) => a - b);
  const outcome = (wanted: string) => whole(countOf(fates, ({ send }) => send.outcome === wanted));
  return [
    title,
    whole(fates.length),
    outcome('accepted'),
    outcome('unknown'),
    outcome('failed'),
    whole(countOf(fates, ({ send }) => send.asked.length > 1)),
    whole(countOf(fates, ({ codes }) => codes.length > 0)),
    whole(countOf(fates, ({ codes }) => codes.length > 1)),
    whole(opened),
    `${waitAt(waits, 0.5)} ms`,
    `${waitAt(waits, 0.99)} ms`,
  ];
}

function waitAt(sorted: readonly number[], share: number): string {
  return whole(Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0));
}

function countOf(fates: readonly Fate[], isCounted: (fate: Fate) => boolean): number {
  return fates.filter(isCounted).length;
}

function whole(count: number): string {
  return count.toLocaleString('en');
}

function tableOf(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '--:'));
  return [line(head), line(rule), ...body.map(line)].join('\n');
}
