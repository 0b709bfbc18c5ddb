/** One measured value; with a goal it is reached or missed. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: { readonly atLeast: number } | { readonly atMost: number };
  /** What the value was held against, or what else to know. */
  readonly note?: string;
}

export interface Section {
  readonly title: string;
  readonly figures: readonly Figure[];
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
    console.log(`  ${figure.name.padEnd(58)} ${value.padStart(16)}  ${verdict(figure)}${figure.note ?? ''}`);
  }
}

function verdict(figure: Figure): string {
  if (figure.goal === undefined) {
    return '';
  }
  const bound = 'atLeast' in figure.goal ? `≥ ${figure.goal.atLeast}` : `≤ ${figure.goal.atMost}`;
  return `${isMissed(figure) ? '✗ missed' : '✓'} (goal ${bound}) `;
}

function format(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : 3;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}
