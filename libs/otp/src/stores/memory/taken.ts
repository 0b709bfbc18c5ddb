import { pruneLog, type Log } from './log.js';
import type { MemoryRecord } from './memory-record.js';
import { addAmount, addValue, tidyTally, type DistinctValue, type Tally } from './tally.js';

/** What a decision has written, the newest first, to be undone when a later request refuses. */
export interface Taken {
  readonly record: MemoryRecord;
  readonly before: Taken | undefined;
  undo(): void;
  /** Once the decision stands: forgets what is over in the same log or tally. */
  prune(now: number): void;
}

export class TakenEntry implements Taken {
  constructor(
    readonly record: MemoryRecord,
    readonly before: Taken | undefined,
    private readonly log: Log,
  ) {}

  undo(): void {
    this.log.entries.pop();
  }

  prune(now: number): void {
    pruneLog(this.log, now);
  }
}

export interface Amount {
  readonly at: number;
  readonly amount: number;
  readonly value: string | undefined;
  readonly isTrickle: boolean;
}

export class TakenAmount implements Taken {
  private readonly newestAt: number;
  private readonly trickledAt: number;
  private readonly valueBefore: DistinctValue | undefined;
  private readonly isNewSpan: boolean;

  constructor(
    readonly record: MemoryRecord,
    readonly before: Taken | undefined,
    private readonly tally: Tally,
    private readonly taken: Amount,
  ) {
    const { at, amount, value, isTrickle } = taken;
    this.newestAt = tally.spans.newestAt;
    this.trickledAt = tally.trickledAt;
    this.valueBefore = value === undefined ? undefined : tally.values?.get(value);
    this.isNewSpan = addAmount(tally, at, amount);
    if (isTrickle) {
      tally.trickledAt = at;
    }
    if (value !== undefined) {
      addValue(tally, value, { lastAt: at, unanswered: amount });
    }
  }

  undo(): void {
    const { tally, valueBefore } = this;
    const { amount, value } = this.taken;
    tally.spans.undoAdd(amount, { isNew: this.isNewSpan, newestAt: this.newestAt });
    tally.trickledAt = this.trickledAt;
    if (value !== undefined && valueBefore) {
      tally.values?.set(value, valueBefore);
    } else if (value !== undefined) {
      tally.values?.delete(value);
    }
  }

  prune(now: number): void {
    tidyTally(this.tally, now);
  }
}
