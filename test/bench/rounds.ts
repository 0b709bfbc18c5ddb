/** Something whose rate is measured. */
export interface Contestant {
  readonly name: string;
  /** Operations per second of a run that takes about so long. */
  run(seconds: number): Promise<number>;
}

export interface RoundsOptions {
  readonly rounds: number;
  readonly secondsPerRound: number;
}

/** What each contestant did in each round. */
export class Rates {
  constructor(private readonly rounds: ReadonlyMap<string, readonly number[]>) {}

  /** Operations per second: the median over the rounds. */
  of(name: string): number {
    return median(this.seen(name));
  }

  /** The median over the rounds, in each of which both took turns. */
  ratio(name: string, other: string): number {
    const others = this.seen(other);
    return median(this.seen(name).map((rate, round) => rate / (others[round] ?? Number.NaN)));
  }

  /** @throws Error when it was not measured */
  private seen(name: string): readonly number[] {
    const rates = this.rounds.get(name);
    if (rates === undefined) {
      throw new Error(`'${name}' was not measured`);
    }
    return rates;
  }
}

/** All contestants take turns in every round, so that whatever else the machine does meets all of them alike. */
export async function measureRates(contestants: readonly Contestant[], options: RoundsOptions): Promise<Rates> {
  const { rounds, secondsPerRound } = options;
  const seen = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  for (const contestant of contestants) {
    await contestant.run(secondsPerRound / 2);
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const contestant of contestants) {
      seen.get(contestant.name)?.push(await contestant.run(secondsPerRound));
    }
  }
  return new Rates(seen);
}

/** A contestant of this process: `perform` is called again and again, so many at once. */
export function inFlight(name: string, concurrency: number, perform: (place: number) => Promise<unknown>): Contestant {
  return {
    name,
    async run(seconds) {
      let count = 0;
      const startedAt = performance.now();
      const worker = async (_: unknown, place: number) => {
        while (performance.now() - startedAt < seconds * 1000) {
          await perform(place);
          count += 1;
        }
      };
      await Promise.all(Array.from({ length: concurrency }, worker));
      // Until the last has ended: all that was counted ran within this time.
      return (count * 1000) / (performance.now() - startedAt);
    },
  };
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
