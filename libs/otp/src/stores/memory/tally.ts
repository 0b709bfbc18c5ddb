import { HISTORY, type TallyCharge } from '../otp-store.js';
import { Spans } from './spans.js';

/** Credits of the day that runs, and a level in hundredths of a credit that follows those of the days before. */
export interface History {
  readonly day: number;
  readonly credits: number;
  readonly level: number;
}

export interface DistinctValue {
  readonly lastAt: number;
  readonly unanswered: number;
}

export interface Tally {
  readonly spans: Spans;
  values: Map<string, DistinctValue> | undefined;
  /** The longest window ever asked: younger spans must not be forgotten. */
  horizonMs: number;
  /** When a trickle admitted last, 0 for never. */
  trickledAt: number;
  history: History | undefined;
  /** A span was added since spans were merged. */
  hasGrown: boolean;
}

const DAY_MS = 86_400_000;
const SPARE_MS = 1_000;
const HISTORY_KEPT_MS = 30 * DAY_MS;
const DAYS_AVERAGED = 1 / HISTORY.weight;
/** After so many days nothing is left that counts. */
const MAX_DAYS = 40;

export function newTally(): Tally {
  return {
    spans: new Spans(),
    values: undefined,
    horizonMs: 0,
    trickledAt: 0,
    history: undefined,
    hasGrown: false,
  };
}

/** Only to read from: what a tally is that nobody has written to. */
export const EMPTY_TALLY: Tally = newTally();

/** A clock that was set back must not bring amounts back into a window that they have left. */
export function tallyMoment({ spans }: Tally, now: number): number {
  return Math.max(now, spans.newestAt);
}

/** Tells whether it began a new span. */
export function addAmount(tally: Tally, at: number, amount: number): boolean {
  const isNew = tally.spans.add(at, amount, 0);
  tally.hasGrown ||= isNew;
  return isNew;
}

export function addValue(tally: Tally, value: string, { lastAt, unanswered }: DistinctValue): void {
  tally.values ??= new Map<string, DistinctValue>();
  const before = tally.values.get(value)?.unanswered ?? 0;
  tally.values.set(value, { lastAt, unanswered: before + unanswered });
}

/** A message was answered: its amount counts no more among the unanswered. */
export function settleAmount({ spans, values }: Tally, { at, amount, value }: TallyCharge): void {
  spans.withdraw(at, amount, 'unanswered');
  const known = value === undefined ? undefined : values?.get(value);
  if (value === undefined || known === undefined) {
    return;
  }
  if (known.unanswered > amount) {
    values?.set(value, { lastAt: known.lastAt, unanswered: known.unanswered - amount });
  } else {
    values?.delete(value);
  }
}

/** What was taken counts no more at all. */
export function giveBackAmount(tally: Tally, charge: TallyCharge): void {
  tally.spans.withdraw(charge.at, charge.amount, 'taken');
  settleAmount(tally, charge);
  tally.spans.dropEmpty();
}

export function addCredit(tally: Tally, now: number): void {
  const isNew = tally.spans.add(tallyMoment(tally, now), 0, 1);
  tally.hasGrown ||= isNew;
  const today = dayOf(now);
  const history = historyOn(tally.history, today) ?? { day: today, credits: 0, level: 0 };
  tally.history = { ...history, credits: history.credits + 1 };
}

/** The history's level today, in hundredths of a credit a day. */
export function levelAt({ history }: Tally, now: number): number {
  return history === undefined ? 0 : (historyOn(history, dayOf(now))?.level ?? 0);
}

/** The history as it is on that day; `undefined` when nothing is left of it. */
function historyOn(history: History | undefined, today: number): History | undefined {
  if (history === undefined || history.day >= today) {
    return history;
  }
  let { credits, level } = history;
  for (let day = Math.max(history.day, today - MAX_DAYS); day < today; day++) {
    const next = level + (100 * credits - level) / DAYS_AVERAGED;
    level = Math.floor(Math.min(next, Math.max(HISTORY.growth * level, 100 * HISTORY.start)));
    credits = 0;
  }
  return level > 0 ? { day: today, credits, level } : undefined;
}

/** After every change: merges spans as they grow older, and forgets what is over. */
export function tidyTally(tally: Tally, now: number): void {
  if (tally.history) {
    tally.history = historyOn(tally.history, dayOf(now));
  }
  if (tally.hasGrown) {
    tally.hasGrown = false;
    const at = tallyMoment(tally, now);
    const outside = at - tally.horizonMs - SPARE_MS;
    tally.spans.dropOld(outside);
    tally.spans.merge(at);
    tally.values?.forEach(({ lastAt }, value) => lastAt <= outside && tally.values?.delete(value));
  }
}

/** Until when something of it may matter. 0 when it is empty. */
export function tallyUntil({ spans, trickledAt, history, horizonMs }: Tally): number {
  const newestAt = Math.max(spans.newestAt, trickledAt);
  const spansUntil = newestAt > 0 ? newestAt + horizonMs : 0;
  return history
    ? Math.max(spansUntil, newestAt + HISTORY_KEPT_MS, history.day * DAY_MS + HISTORY_KEPT_MS)
    : spansUntil;
}

function dayOf(now: number): number {
  return Math.floor(now / DAY_MS);
}
