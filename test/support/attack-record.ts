import { expect, TestRunner } from 'vitest';

/** What a test tried; `npm run test:attacks` adds it up by the cases that the test's title names. */
export interface AttackRecord {
  /** How often the attacker tried what must not succeed. */
  tried: number;
  /** How often it did. */
  through: number;
  /** How often it may: five guesses of a challenge, one of fifty right answers. */
  allowed: number;
}

declare module 'vitest' {
  interface TaskMeta {
    attack?: AttackRecord;
    /** Sent over HTTP, whether an attack or the way to it. */
    requests?: number;
  }
}

/** Fails when more got through than may. Several in one test add up. */
export function attacked({ tried, through, allowed = 0 }: Omit<AttackRecord, 'allowed'> & { allowed?: number }): void {
  const meta = TestRunner.getCurrentTest()?.meta;
  if (meta !== undefined) {
    const before = meta.attack ?? { tried: 0, through: 0, allowed: 0 };
    meta.attack = {
      tried: before.tried + tried,
      through: before.through + through,
      allowed: before.allowed + allowed,
    };
  }
  expect(tried, 'an attack that was not tried').toBeGreaterThan(0);
  expect(through, `of ${tried} tries`).toBeLessThanOrEqual(allowed);
}

/** Counts a request for the running test. */
export function countRequest(): void {
  const meta = TestRunner.getCurrentTest()?.meta;
  if (meta !== undefined) {
    meta.requests = (meta.requests ?? 0) + 1;
  }
}
