import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { median } from '../rounds.js';

/** Decides the n-th of the senders: `true` when it is admitted. */
export type Decide = (position: number) => Promise<boolean>;

export interface LimiterRun {
  readonly decide: Decide;
  close(): Promise<void>;
}

/** A limiter that starts empty for every replay. */
export interface LimiterContestant {
  readonly name: string;
  start(): Promise<LimiterRun>;
}

export interface ReplayOptions {
  readonly rounds: number;
  readonly decisions: number;
}

interface Replayed {
  /** Decisions a second, one for each round. */
  readonly rates: readonly number[];
  /** Of the last round. */
  readonly admittedShare: number;
}

const IN_FLIGHT = 64;

setFlagsFromString('--expose-gc');
const gc: unknown = runInNewContext('gc');

/** The same decisions by everybody in turns: who is faster does not meet other traffic than who is slower. */
export async function replay(
  contestants: readonly LimiterContestant[],
  { rounds, decisions }: ReplayOptions,
): Promise<Replays> {
  const seen = new Map<string, Replayed>();
  // The first round only warms up.
  for (let round = 0; round <= rounds; round += 1) {
    for (const contestant of contestants) {
      const limiter = await contestant.start();
      collectGarbage();
      const { perSecond, admitted } = await decideAll(limiter.decide, round === 0 ? decisions / 4 : decisions);
      await limiter.close();
      const before = seen.get(contestant.name)?.rates ?? [];
      seen.set(contestant.name, {
        rates: round === 0 ? [] : [...before, perSecond],
        admittedShare: admitted / decisions,
      });
    }
  }
  return new Replays(seen);
}

export class Replays {
  constructor(private readonly seen: ReadonlyMap<string, Replayed>) {}

  rate(name: string): number {
    return median(this.of(name).rates);
  }

  /** How many times as fast `name` is as `other`: the median over the rounds, in each of which both took turns. */
  ratio(name: string, other: string): number {
    const others = this.of(other).rates;
    return median(this.of(name).rates.map((rate, round) => rate / (others[round] ?? Number.NaN)));
  }

  admittedShare(name: string): number {
    return this.of(name).admittedShare;
  }

  private of(name: string): Replayed {
    const replayed = this.seen.get(name);
    if (replayed === undefined) {
      throw new Error(`'${name}' was not measured`);
    }
    return replayed;
  }
}

/** So that nobody pays for what others left behind. */
function collectGarbage(): void {
  if (isCallable(gc)) {
    gc();
  }
}

function isCallable(value: unknown): value is () => void {
  return typeof value === 'function';
}

async function decideAll(decide: Decide, decisions: number): Promise<{ perSecond: number; admitted: number }> {
  let next = 0;
  let admitted = 0;
  const worker = async () => {
    while (next < decisions) {
      const position = next;
      next += 1;
      // Not `admitted += await …`, which would add to what it was before the others decided.
      const isAdmitted = await decide(position);
      admitted += isAdmitted ? 1 : 0;
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return { perSecond: (decisions * 1000) / (performance.now() - startedAt), admitted };
}
