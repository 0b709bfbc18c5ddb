/** Something whose rate is measured: `perform` is called again and again, so many at once. */
export interface Contestant {
  readonly name: string;
  readonly concurrency: number;
  perform(): Promise<unknown>;
}

export interface RoundsOptions {
  readonly rounds: number;
  readonly secondsPerRound: number;
}

/** Operations per second: the median over the rounds. */
export type Rates = ReadonlyMap<string, number>;

/** All contestants take turns in every round, so that whatever else the machine does meets all of them alike. */
export async function measureRates(contestants: readonly Contestant[], options: RoundsOptions): Promise<Rates> {
  const { rounds, secondsPerRound } = options;
  const seen = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  for (const contestant of contestants) {
    await rateOf(contestant, secondsPerRound / 4);
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const contestant of contestants) {
      seen.get(contestant.name)?.push(await rateOf(contestant, secondsPerRound));
    }
  }
  return new Map([...seen].map(([name, rates]) => [name, median(rates)]));
}

async function rateOf({ concurrency, perform }: Contestant, seconds: number): Promise<number> {
  let count = 0;
  const startedAt = performance.now();
  const worker = async () => {
    while (performance.now() - startedAt < seconds * 1000) {
      await perform();
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  // Until the last has ended: all that was counted ran within this time.
  return (count * 1000) / (performance.now() - startedAt);
}

/** @throws Error when it was not measured. */
export function rate(rates: Rates, name: string): number {
  const value = rates.get(name);
  if (value === undefined) {
    throw new Error(`'${name}' was not measured`);
  }
  return value;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
