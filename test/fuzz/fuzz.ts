import * as fc from 'fast-check';
import { TestRunner } from 'vitest';

/** What one test tried; `npm run test:fuzz` makes its table of these. */
export interface FuzzRecord {
  readonly inputs: number;
  readonly seconds: number;
  /** How often each kind of answer came, e.g. `2xx`. */
  readonly answers: Readonly<Record<string, number>>;
  /** How to try the same again; only where something was found. */
  readonly again?: string;
}

declare module 'vitest' {
  interface TaskMeta {
    fuzz?: FuzzRecord;
  }
}

/** What a property counts while it runs. */
export class Tried {
  private readonly answers = new Map<string, number>();
  private count = 0;

  get inputs(): number {
    return this.count;
  }

  /** One input, and what kind of answer it got. */
  add(answer: string, times = 1): void {
    this.count += times;
    this.answers.set(answer, (this.answers.get(answer) ?? 0) + times);
  }

  of(answer: string): number {
    return this.answers.get(answer) ?? 0;
  }

  get byAnswer(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.answers].toSorted(([one], [other]) => one.localeCompare(other)));
  }
}

/** Of one test: it ends with its inputs, and finding the smallest that fails takes as long again. */
export const FUZZ_TIMEOUT_MS = 30 * 60_000;

type Property = fc.IRawProperty<unknown>;

/**
 * Runs a property so often and fails with the smallest input that it does not hold for, and with the command that tries this
 * input again (`OTP_FUZZ_SEED`, `OTP_FUZZ_PATH`).
 */
export async function assertHolds(
  property: Property,
  { runs, tried }: { readonly runs: number; readonly tried: Tried },
) {
  const test = TestRunner.getCurrentTest();
  const start = performance.now();
  const details = await fc.check(property, { numRuns: runs, ...again() });
  const command = `npm run test:fuzz -- --only ${JSON.stringify(test?.name)} --seed ${details.seed} --path ${details.counterexamplePath}`;
  if (test !== undefined) {
    test.meta.fuzz = {
      inputs: tried.inputs,
      seconds: (performance.now() - start) / 1000,
      answers: tried.byAnswer,
      ...(details.failed ? { again: command } : {}),
    };
  }
  if (details.failed) {
    throw new Error(`${await fc.asyncDefaultReportMessage(details)}\nTry it again: ${command}`, {
      cause: details.errorInstance,
    });
  }
}

function again(): { readonly seed?: number; readonly path?: string } {
  const { OTP_FUZZ_SEED: seed, OTP_FUZZ_PATH: path } = process.env;
  return {
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    ...(path === undefined ? {} : { path }),
  };
}
