import type { Rates } from './rounds.js';

export type Goal = { readonly atLeast: number } | { readonly atMost: number };

/** One measured value; with a goal it is reached or missed. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: Goal;
  /** What the value was held against, or what else to know. */
  readonly note?: string;
}

export interface Section {
  readonly title: string;
  readonly figures: readonly Figure[];
}

/** A rate as its share of another's, which bounds it. */
export function ofBound(
  rates: Rates,
  { name, bound, goal }: { readonly name: string; readonly bound: string; readonly goal?: Goal },
): Figure {
  const note = `${rate(rates.of(name))} of ${rate(rates.of(bound))}`;
  return { name, value: rates.ratio(name, bound), unit: 'of the bound', ...(goal && { goal }), note };
}

/** How many times as fast as another. */
export function timesAsFast(
  rates: Rates,
  {
    name,
    ours,
    other,
    goal,
  }: { readonly name: string; readonly ours: string; readonly other: string; readonly goal?: Goal },
): Figure {
  const note = `${rate(rates.of(ours))} against ${rate(rates.of(other))}`;
  return { name, value: rates.ratio(ours, other), unit: '× as fast', ...(goal && { goal }), note };
}

export function perSecond(name: string, value: number): Figure {
  return { name, value, unit: '/s' };
}

export function isMissed({ value, goal }: Figure): boolean {
  if (goal === undefined) {
    return false;
  }
  return 'atLeast' in goal ? !(value >= goal.atLeast) : !(value <= goal.atMost);
}

export function printSection({ title, figures }: Section): void {
  console.log(`\n${title}`);
  for (const figure of figures) {
    const value = `${format(figure.value)} ${figure.unit}`;
    console.log(`  ${figure.name.padEnd(58)} ${value.padStart(18)}  ${verdict(figure)}${figure.note ?? ''}`);
  }
}

/** The same as tables, for the documentation. What misses its goal is bold. */
export function markdownOf({ title, figures }: Section): string {
  const rows = figures.map((figure) => {
    const value = `${format(figure.value)} ${figure.unit}`;
    const cells = [figure.name, boundOf(figure), isMissed(figure) ? `**${value}**` : value, figure.note ?? ''];
    return `| ${cells.join(' | ')} |`;
  });
  return [`**${title}**`, '', '| figure | goal | measured | |', '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}

export function rate(value: number): string {
  return `${format(value)}/s`;
}

function verdict(figure: Figure): string {
  return figure.goal === undefined ? '' : `${isMissed(figure) ? '✗ missed' : '✓'} (goal ${boundOf(figure)}) `;
}

function boundOf({ goal }: Figure): string {
  if (goal === undefined) {
    return '';
  }
  return 'atLeast' in goal ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`;
}

function format(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}
