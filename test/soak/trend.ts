export interface Trend {
  /** Growth from the first of the values to the last, by the line through them. */
  readonly growth: number;
  /** How far a value lies from the line, as a rule (the median). */
  readonly noise: number;
}

/**
 * The line that Theil and Sen draw: its slope is the median of the slopes between any two values, so that a few odd ones (a
 * sample taken in the middle of something) move it by nothing.
 */
export function trendOf(values: readonly number[]): Trend {
  const slopes = values.flatMap((value, x) => values.slice(x + 1).map((later, step) => (later - value) / (step + 1)));
  const slope = median(slopes);
  const offset = median(values.map((value, x) => value - slope * x));
  return {
    growth: slope * (values.length - 1),
    noise: median(values.map((value, x) => Math.abs(value - offset - slope * x))),
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}
