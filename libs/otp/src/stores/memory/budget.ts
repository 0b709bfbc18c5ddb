import { HISTORY, type Budget, type DistinctLimit } from '../otp-store.js';
import { SLOT_MS } from './spans.js';
import type { Tally } from './tally.js';
import { windowMs } from './window-ms.js';

const DAY_MS = 86_400_000;

/** What a budget is asked: one tally at one moment. */
export interface TallyAt {
  readonly tally: Tally;
  readonly at: number;
  /** Of the tally's history. */
  readonly level: number;
}

export function budgetAdmits(budget: Budget, amount: number, { tally, at, level }: TallyAt): boolean {
  const outside = at - windowMs(budget.windowSeconds);
  const wanted = tally.spans.sumSince(outside, countOf(budget)) + amount;
  if (wanted <= budget.floor) {
    return true;
  }
  const { young } = budget;
  const credits = budget.share > 0 || young ? tally.spans.sumSince(outside, 'credits') : 0;
  const overlooked = young
    ? Math.min(
        tally.spans.sumSince(at - windowMs(young.seconds) + SLOT_MS - 1, 'unanswered'),
        Math.max(young.upTo, young.share * credits),
      )
    : 0;
  return wanted - overlooked <= limitOf(budget, credits, level);
}

export function trickleAdmits(budget: Budget, { tally, at }: TallyAt): boolean {
  return budget.trickleSeconds !== undefined && at >= tally.trickledAt + windowMs(budget.trickleSeconds);
}

/** When a budget that refuses now admits: when enough spans have left, or by its trickle. */
export function budgetAdmitsAt(budget: Budget, amount: number, when: TallyAt): number {
  const admitsAt = roomAt(budget, amount, when);
  return budget.trickleSeconds === undefined
    ? admitsAt
    : Math.min(admitsAt, when.tally.trickledAt + windowMs(budget.trickleSeconds));
}

/** Only what is in the spans then counts: what is young now will not be young any more. */
function roomAt(budget: Budget, amount: number, { tally, at, level }: TallyAt): number {
  const spanMs = windowMs(budget.windowSeconds);
  const count = countOf(budget);
  const leftAt = tally.spans.firstLeaving(
    at - spanMs,
    (left) => left[count] + amount <= limitOf(budget, left.credits, level),
  );
  return (leftAt ?? at) + spanMs;
}

function limitOf({ floor, share, windowSeconds }: Budget, credits: number, level: number): number {
  const usual = ((share * level) / 100) * Math.min(1, (HISTORY.peak * windowMs(windowSeconds)) / DAY_MS);
  return Math.floor(Math.max(floor, share * credits, usual));
}

function countOf({ counts }: Budget): 'taken' | 'unanswered' {
  return counts === 'all' ? 'taken' : 'unanswered';
}

/** The first moment from `at` on when the limit admits its value: at once where it is one of those that count. */
export function distinctAdmitsAt(limit: DistinctLimit, tally: Tally, at: number): number {
  const spanMs = windowMs(limit.windowSeconds);
  const outside = at - spanMs;
  const own = tally.values?.get(limit.value);
  if (own && own.lastAt > outside) {
    return at;
  }
  const others: number[] = [];
  for (const { lastAt } of tally.values?.values() ?? []) {
    if (lastAt > outside) {
      others.push(lastAt);
    }
  }
  const credits = limit.share > 0 ? tally.spans.sumSince(outside, 'credits') : 0;
  const most = Math.max(limit.limit, Math.floor(limit.share * credits));
  if (others.length < most) {
    return at;
  }
  const lastToLeave = others.toSorted((one, other) => one - other)[others.length - most];
  return (lastToLeave ?? at) + spanMs;
}
