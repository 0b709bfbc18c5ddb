import type { Cooldown, WindowLimit } from '../otp-store.js';
import { windowMs } from './window-ms.js';

export interface LogEntry {
  readonly at: number;
  /** Given back, an entry counts in no window and still starts its cooldown. */
  state: 'unanswered' | 'answered' | 'givenBack';
}

/** Entries, oldest first. */
export interface Log {
  readonly entries: LogEntry[];
  /** The longest window ever asked of this log: younger entries must not be forgotten. */
  horizonMs: number;
}

/** Only to read from: what a log is that nobody has written to. */
export const EMPTY_LOG: Log = { entries: [], horizonMs: 0 };

/** A clock that was set back must not bring entries back into a window that they have left. */
export function logMoment({ entries }: Log, now: number): number {
  const newest = entries[entries.length - 1];
  return newest && newest.at > now ? newest.at : now;
}

/** The first moment from `at` on when the window admits one more: when its `limit`-th newest entry has left. */
export function windowAdmitsAt(window: WindowLimit, { entries }: Log, at: number): number {
  const spanMs = windowMs(window.windowSeconds);
  if (window.limit < 1) {
    return at + spanMs;
  }
  let counted = 0;
  for (let i = entries.length - 1; i >= 0; i--) {
    const entry = entries[i];
    if (entry === undefined || at >= entry.at + spanMs) {
      return at;
    }
    if (isCounted(entry, window) && ++counted === window.limit) {
      return entry.at + spanMs;
    }
  }
  return at;
}

/** How many entries count in the window. */
export function usedIn(window: WindowLimit, { entries }: Log, at: number): number {
  const spanMs = windowMs(window.windowSeconds);
  return entries.filter((entry) => at < entry.at + spanMs && isCounted(entry, window)).length;
}

function isCounted({ state }: LogEntry, { counts }: WindowLimit): boolean {
  return state === 'unanswered' || (state === 'answered' && counts !== 'unanswered');
}

/**
 * The first moment from `at` on when the cooldown admits one more. While one waits, older entries leave the window and
 * the step may become a shorter one, so each number of entries left has its own span of time.
 */
export function cooldownAdmitsAt(cooldown: Cooldown, { entries }: Log, at: number): number {
  const spanMs = windowMs(cooldown.windowSeconds);
  const waiting = entries.filter((entry) => entry.state !== 'answered' && at < entry.at + spanMs);
  const newestAt = waiting.at(-1)?.at ?? at;
  let from = at;
  for (const [gone, oldest] of waiting.entries()) {
    const step = cooldown.stepsSeconds[Math.min(waiting.length - gone, cooldown.stepsSeconds.length) - 1] ?? 0;
    const admitsAt = Math.max(from, newestAt + windowMs(step));
    const leavesAt = oldest.at + spanMs;
    if (admitsAt < leavesAt) {
      return admitsAt;
    }
    from = leavesAt;
  }
  return from;
}

/**
 * Adds an entry; its time is unique in the log, because it is the entry's name when it is settled or given back. Unnamed
 * entries share a time: many at once would take the time of those after them.
 */
export function append(
  log: Log,
  now: number,
  { unnamed = false }: { readonly unnamed?: boolean | undefined } = {},
): number {
  const { entries } = log;
  const newest = entries[entries.length - 1];
  const at = unnamed ? logMoment(log, now) : newest && newest.at >= now ? newest.at + 1 : now;
  entries.push({ at, state: 'unanswered' });
  return at;
}

export function settleEntry(log: Log, at: number): void {
  const entry = entryAt(log, at);
  if (entry?.state === 'givenBack') {
    remove(log, entry);
  } else if (entry) {
    entry.state = 'answered';
  }
}

/** A send still starts its cooldown; every other entry is forgotten. */
export function giveBackEntry(log: Log, at: number, { isSend }: { readonly isSend: boolean }): void {
  const entry = entryAt(log, at);
  if (entry && isSend && entry.state !== 'answered') {
    entry.state = 'givenBack';
  } else if (entry) {
    remove(log, entry);
  }
}

export function entryAt({ entries }: Log, at: number): LogEntry | undefined {
  return entries.find((entry) => entry.at === at);
}

function remove({ entries }: Log, entry: LogEntry): void {
  entries.splice(entries.indexOf(entry), 1);
}

/** Forgets what no window reaches any more. */
export function pruneLog(log: Log, now: number): void {
  const { entries, horizonMs } = log;
  const outside = logMoment(log, now) - horizonMs;
  let gone = 0;
  for (let oldest = entries[0]; oldest && oldest.at <= outside; oldest = entries[gone]) {
    gone++;
  }
  if (gone > 0) {
    entries.splice(0, gone);
  }
}

/** When nothing of it will count any more. 0 when it is empty. */
export function logUntil(log: Log | undefined): number {
  const newest = log?.entries[log.entries.length - 1];
  return log && newest ? newest.at + log.horizonMs : 0;
}
