import { TestRunner } from 'vitest';

/** One line of the table that `npm run test:faults` prints at its end. */
export interface FaultRow {
  readonly fault: string;
  readonly operations: number;
  /** Answered 503. */
  readonly refused: number;
  readonly accepted: number;
  readonly acceptedTwice: number;
  /** Wrong codes and messages that the store does not count (any more). */
  readonly countsLost: number;
  readonly longestMs: number;
}

declare module 'vitest' {
  interface TaskMeta {
    faults?: FaultRow[];
  }
}

/** Puts a row of the running test into the report that the table is made from. */
export function reportFault({
  fault,
  operations,
  refused,
  accepted,
  acceptedTwice,
  countsLost,
  longestMs,
}: FaultRow): void {
  const meta = TestRunner.getCurrentTest()?.meta;
  if (meta !== undefined) {
    const row = { fault, operations, refused, accepted, acceptedTwice, countsLost, longestMs: Math.round(longestMs) };
    meta.faults = [...(meta.faults ?? []), row];
  }
}
