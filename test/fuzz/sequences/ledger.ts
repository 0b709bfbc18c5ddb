import assert from 'node:assert/strict';

export const MAX_ATTEMPTS = 5;
const WRONG_CODES_A_DAY = 15;
const SENDS_AN_HOUR = 5;
const SENDS_A_DAY = 10;
const COOLDOWN_MS = 30_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** What is known of one challenge, from its answers and messages alone. */
export interface Known {
  readonly id: string;
  readonly number: string;
  readonly codes: string[];
  compared: number;
  accepted: number;
  isOver: boolean;
  expiresAt: number;
}

/** Keeps what happened and asserts the module's invariants of it. */
export class Ledger {
  private readonly sends = new Map<string, { readonly at: number; readonly challenge: Known }[]>();
  private readonly wrong = new Map<string, number[]>();

  /** Invariant 4: no window has more messages than its limit, and none comes before the cooldown is over. */
  sent(challenge: Known, at: number): void {
    const before = this.sends.get(challenge.number) ?? [];
    const sends = [...before, { at, challenge }];
    this.sends.set(challenge.number, sends);
    const times = sends.map((send) => send.at);
    assert.ok(countSince(times, at - HOUR_MS) <= SENDS_AN_HOUR, 'invariant 4: more messages than an hour may have');
    assert.ok(countSince(times, at - DAY_MS) <= SENDS_A_DAY, 'invariant 4: more messages than a day may have');
    // An answer ends the cooldown that its messages began.
    const waiting = before.findLast((send) => send.challenge.accepted === 0);
    assert.ok(!waiting || at - waiting.at >= COOLDOWN_MS, 'invariant 4: a message before its cooldown was over');
  }

  /** Invariants 1, 2 and 3, after codes for one challenge were answered; `compared`: how many came to the hasher. */
  answered(
    challenge: Known,
    {
      compared,
      accepted,
      mayAccept,
      at,
    }: { readonly compared: number; readonly accepted: number; readonly mayAccept: boolean; readonly at: number },
  ): void {
    challenge.compared += compared;
    challenge.accepted += accepted;
    assert.ok(
      challenge.compared <= MAX_ATTEMPTS,
      `invariant 2: ${challenge.compared} codes of one challenge were compared`,
    );
    assert.ok(challenge.accepted <= 1, 'invariant 1: a code was accepted twice');
    assert.ok(accepted === 0 || mayAccept, 'invariant 1: a code was accepted that was over, or wrong');
    const times = [
      ...(this.wrong.get(challenge.number) ?? []),
      ...Array.from({ length: compared - accepted }, () => at),
    ];
    this.wrong.set(challenge.number, times);
    assert.ok(countSince(times, at - DAY_MS) <= WRONG_CODES_A_DAY, 'invariant 3: more wrong codes than a day may have');
  }

  /** Whether the number may still answer: its lock is far. */
  isUnlocked(number: string, at: number): boolean {
    return countSince(this.wrong.get(number) ?? [], at - DAY_MS) + MAX_ATTEMPTS < WRONG_CODES_A_DAY;
  }
}

function countSince(times: readonly number[], since: number): number {
  return times.filter((time) => time > since).length;
}
