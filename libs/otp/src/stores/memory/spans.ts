import { SPANS } from '../otp-store.js';

export type SpanSum = 'taken' | 'unanswered' | 'credits';

/** Where each number of a span stands. A span counts until its newest amount, at `lastAt`, has left the window. */
const LAST_AT = 0;
const OFFSETS = { taken: 1, unanswered: 2, credits: 3 } as const satisfies Record<SpanSum, number>;
const WIDTH = 4;

/** Amounts of one such slot are one span from the beginning. */
export const SLOT_MS = 10_000;

/**
 * Sums over short times. They stand in one flat list of numbers, oldest first: as objects they would take three times
 * the memory, and with many tallies most of the time of a decision is waiting for memory.
 */
export class Spans {
  private readonly numbers: number[] = [];

  get isEmpty(): boolean {
    return this.numbers.length === 0;
  }

  /** 0 when it is empty. */
  get newestAt(): number {
    const { length } = this.numbers;
    return length === 0 ? 0 : this.at(length - WIDTH);
  }

  /** Over all spans that are newer than `outside`. */
  sumSince(outside: number, sum: SpanSum): number {
    const { numbers } = this;
    const offset = OFFSETS[sum];
    let total = 0;
    for (let i = numbers.length - WIDTH; i >= 0 && this.at(i + LAST_AT) > outside; i -= WIDTH) {
      total += this.at(i + offset);
    }
    return total;
  }

  /**
   * The first time, when one after the other the spans newer than `outside` have left, of which `isEnough` is true.
   * It is told what is left then. `undefined` when it is not even true of nothing.
   */
  firstLeaving(outside: number, isEnough: (left: Readonly<Record<SpanSum, number>>) => boolean): number | undefined {
    const left = {
      taken: this.sumSince(outside, 'taken'),
      unanswered: this.sumSince(outside, 'unanswered'),
      credits: this.sumSince(outside, 'credits'),
    };
    for (let i = 0; i < this.numbers.length; i += WIDTH) {
      if (this.at(i + LAST_AT) > outside) {
        left.taken -= this.at(i + OFFSETS.taken);
        left.unanswered -= this.at(i + OFFSETS.unanswered);
        left.credits -= this.at(i + OFFSETS.credits);
        if (isEnough(left)) {
          return this.at(i + LAST_AT);
        }
      }
    }
    return undefined;
  }

  /** Adds to the newest span, or to a new one when `at` falls into another slot; tells whether it is new. */
  add(at: number, amount: number, credits: number): boolean {
    const { numbers } = this;
    const newest = numbers.length - WIDTH;
    if (newest < 0 || Math.floor(this.at(newest) / SLOT_MS) !== Math.floor(at / SLOT_MS)) {
      numbers.push(at, amount, amount, credits);
      return true;
    }
    numbers[newest] = at;
    this.increase(newest + OFFSETS.taken, amount);
    this.increase(newest + OFFSETS.unanswered, amount);
    this.increase(newest + OFFSETS.credits, credits);
    return false;
  }

  /** Undoes `add` of an amount, if nothing else has happened since. */
  undoAdd(amount: number, { isNew, newestAt }: { readonly isNew: boolean; readonly newestAt: number }): void {
    const { numbers } = this;
    const newest = numbers.length - WIDTH;
    if (isNew) {
      numbers.length = newest;
      return;
    }
    numbers[newest] = newestAt;
    this.increase(newest + OFFSETS.taken, -amount);
    this.increase(newest + OFFSETS.unanswered, -amount);
  }

  /** Takes the amount out of the span that holds what was added at `at`; what is missing there out of newer ones. */
  withdraw(at: number, amount: number, sum: 'taken' | 'unanswered'): void {
    const { numbers } = this;
    let i = 0;
    while (i < numbers.length - WIDTH && this.at(i + LAST_AT) < at) {
      i += WIDTH;
    }
    for (let rest = amount; rest > 0 && i < numbers.length; i += WIDTH) {
      const here = Math.min(rest, this.at(i + OFFSETS[sum]));
      this.increase(i + OFFSETS[sum], -here);
      rest -= here;
    }
  }

  dropEmpty(): void {
    this.compact(
      (i) => this.at(i + OFFSETS.taken) + this.at(i + OFFSETS.unanswered) + this.at(i + OFFSETS.credits) > 0,
    );
  }

  /** Those that are not newer than `outside`. */
  dropOld(outside: number): void {
    if (!this.isEmpty && this.at(LAST_AT) <= outside) {
      this.compact((i) => this.at(i + LAST_AT) > outside);
    }
  }

  /** The older, the wider they may be: those of one slot of their age become one. */
  merge(at: number): void {
    const { numbers } = this;
    this.compact((i) => {
      const next = i + WIDTH;
      if (next >= numbers.length) {
        return true;
      }
      const width = widthAtAge(at - this.at(next));
      if (Math.floor(this.at(i) / width) !== Math.floor(this.at(next) / width)) {
        return true;
      }
      // It goes on in the next one.
      for (const offset of Object.values(OFFSETS)) {
        this.increase(next + offset, this.at(i + offset));
      }
      return false;
    });
  }

  private compact(isKept: (i: number) => boolean): void {
    const { numbers } = this;
    let end = 0;
    for (let i = 0; i < numbers.length; i += WIDTH) {
      if (isKept(i)) {
        numbers.copyWithin(end, i, i + WIDTH);
        end += WIDTH;
      }
    }
    numbers.length = end;
  }

  private at(i: number): number {
    return this.numbers[i] ?? 0;
  }

  private increase(i: number, by: number): void {
    this.numbers[i] = this.at(i) + by;
  }
}

function widthAtAge(ageMs: number): number {
  for (const { upToAgeMs, widthMs } of SPANS) {
    if (ageMs <= upToAgeMs) {
      return widthMs;
    }
  }
  return SLOT_MS;
}
