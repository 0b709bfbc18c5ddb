/** The Mann-Whitney test of two samples: whether one of them tends to be the larger. */
export interface RankTest {
  /** How likely ranks as far apart are when nothing tells the samples apart; of both sides. */
  readonly p: number;
  /** How often a value of the first is above one of the second, ties half: 0.5 where nothing tells them apart. */
  readonly effect: number;
}

/** By the normal approximation, corrected for ties; for samples of about twenty and more. */
export function rankTest(first: readonly number[], second: readonly number[]): RankTest {
  const all = [
    ...first.map((value) => ({ value, isFirst: true })),
    ...second.map((value) => ({ value, isFirst: false })),
  ];
  all.sort((a, b) => a.value - b.value);
  let rankSum = 0;
  let ties = 0;
  for (let from = 0; from < all.length;) {
    let to = from;
    while (all[to]?.value === all[from]?.value && to < all.length) {
      to += 1;
    }
    const size = to - from;
    rankSum += all.slice(from, to).filter(({ isFirst }) => isFirst).length * ((from + 1 + to) / 2);
    ties += size ** 3 - size;
    from = to;
  }
  const [n, m, total] = [first.length, second.length, all.length];
  const u = rankSum - (n * (n + 1)) / 2;
  const deviation = Math.sqrt(((n * m) / 12) * (total + 1 - ties / (total * (total - 1))));
  const z = deviation === 0 ? 0 : (u - (n * m) / 2) / deviation;
  return { p: complementaryError(Math.abs(z) / Math.SQRT2), effect: u / (n * m) };
}

/** Abramowitz and Stegun 7.1.26, good to 1.5e-7; above 4 by the first terms of its asymptotic series. */
function complementaryError(x: number): number {
  if (x > 4) {
    return (Math.exp(-x * x) / (x * Math.sqrt(Math.PI))) * (1 - 1 / (2 * x * x));
  }
  const t = 1 / (1 + 0.3275911 * x);
  const series = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
  return series.reduce((sum, coefficient) => (sum + coefficient) * t, 0) * Math.exp(-x * x);
}
