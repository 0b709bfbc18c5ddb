import type { Outcome } from './run-scenario.js';
import type { Scenario } from './scenarios.js';

export interface ScenarioResult {
  readonly scenario: Pick<Scenario, 'id' | 'title' | 'goals'>;
  readonly outcomes: readonly Outcome[];
}

/** A section of Markdown: what it did to the attacker and to honest people, the module beside plain counters. */
export function sectionOf({ scenario, outcomes }: ScenarioResult): string {
  const rows = ROWS.map(({ name, value }) => [name, ...outcomes.map(value)]).filter((row) =>
    row.some((cell, column) => column > 0 && cell !== ''),
  );
  const table = tableOf([['', ...outcomes.map(({ service }) => service)], ...rows]);
  const missed = outcomes[0] === undefined ? [] : missedGoals(scenario, outcomes[0]);
  const verdict = missed.length === 0 ? '' : `\n\nMissed: ${missed.join('; ')}.`;
  return `### (${scenario.id}) ${scenario.title}\n\n${table}${verdict}`;
}

/** One line a scenario; the module first, then plain counters. */
export function summaryOf(results: readonly ScenarioResult[]): string {
  const head = [
    'scenario',
    "attacker's messages a day at most",
    'cost of both days',
    'first refused after',
    'honest messages refused',
    'longest wait',
  ];
  const rows = results.map(({ scenario, outcomes }) => [
    `(${scenario.id}) ${scenario.title}`,
    both(outcomes, ({ attack }) => (attack ? whole(mostADay(attack)) : '')),
    both(outcomes, ({ attack }) => (attack ? `$${whole(Math.round(attack.cost))}` : '')),
    both(outcomes, ({ attack }) => (attack ? firstRefusal(attack) : '')),
    both(outcomes, ({ honest }) => `${whole(honest.refused)} (${percent(refusedShare(honest))})`),
    both(outcomes, ({ honest }) => (honest.refused > 0 ? time(honest.longestWaitSeconds) : 'none')),
  ]);
  return tableOf([head, ...rows]);
}

function both(outcomes: readonly Outcome[], value: (outcome: Outcome) => string): string {
  return outcomes.map(value).filter(Boolean).join(' · ');
}

function mostADay({ sentPerDay }: NonNullable<Outcome['attack']>): number {
  return Math.max(0, ...sentPerDay);
}

export function missedGoals({ goals }: Pick<Scenario, 'goals'>, { attack, honest }: Outcome): string[] {
  const most = attack === undefined ? 0 : mostADay(attack);
  const missed = [];
  if (goals.attackerPerDay !== undefined && most > goals.attackerPerDay) {
    missed.push(`${most} messages a day for the attacker, the goal is ${goals.attackerPerDay}`);
  }
  const share = refusedShare(honest);
  if (!(share < goals.honestRefusedShare)) {
    missed.push(`${percent(share)} of the honest messages refused, the goal is ${percent(goals.honestRefusedShare)}`);
  }
  return missed;
}

export function refusedShare({ asked, refused }: Outcome['honest']): number {
  return refused / Math.max(1, asked);
}

const ROWS: readonly { readonly name: string; readonly value: (outcome: Outcome) => string }[] = [
  { name: "attacker's messages, each day", value: ({ attack }) => attack?.sentPerDay.map(whole).join(', ') ?? '' },
  { name: 'their cost', value: ({ attack }) => (attack ? `$${attack.cost.toFixed(2)}` : '') },
  { name: 'first refused after', value: ({ attack }) => (attack ? firstRefusal(attack) : '') },
  {
    name: 'last one of the first hour after',
    value: ({ attack }) => (attack ? time(attack.secondsToLastOfFirstHour ?? 0) : ''),
  },
  { name: 'refused by', value: ({ attack }) => (attack ? counts(attack.refusedBy) : '') },
  {
    name: 'codes guessed, right ones',
    value: ({ attack }) => (attack && attack.guesses > 0 ? `${whole(attack.guesses)}, ${attack.rightGuesses}` : ''),
  },
  { name: 'honest messages asked for', value: ({ honest }) => whole(honest.asked) },
  { name: 'refused', value: ({ honest }) => `${whole(honest.refused)} (${percent(refusedShare(honest))})` },
  { name: 'refused by', value: ({ honest }) => counts(honest.refusedBy) },
  { name: 'of these never sent', value: ({ honest }) => (honest.refused > 0 ? whole(honest.gaveUp) : '') },
  {
    name: 'longest wait, and of 99 %',
    value: ({ honest }) =>
      honest.refused > 0 ? `${time(honest.longestWaitSeconds)}, ${time(honest.waitP99Seconds)}` : '',
  },
  { name: 'put off by the cooldown alone', value: ({ honest }) => whole(honest.putOffByCooldown) },
  { name: 'answers refused', value: ({ honest }) => (honest.answersRefused > 0 ? whole(honest.answersRefused) : '') },
  { name: 'logins that succeeded', value: ({ honest }) => percent(honest.loggedIn / Math.max(1, honest.logins)) },
];

function firstRefusal({ secondsToFirstRefusal, sentBeforeRefusal }: NonNullable<Outcome['attack']>): string {
  return secondsToFirstRefusal === undefined
    ? 'never'
    : `${whole(sentBeforeRefusal)} messages, ${time(secondsToFirstRefusal)}`;
}

function counts(by: Readonly<Record<string, number>>): string {
  const all = Object.entries(by).toSorted(([, one], [, other]) => other - one);
  return all.map(([name, count]) => `${name} ${whole(count)}`).join(', ');
}

function whole(value: number): string {
  return value.toLocaleString('en-US');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

function time(seconds: number): string {
  if (seconds < 120) {
    return `${seconds} s`;
  }
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(3, ...rows.map((row) => (row[column] ?? '').length)));
  const lines = rows.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`);
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}
