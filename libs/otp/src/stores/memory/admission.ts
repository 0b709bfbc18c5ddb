import type { Charge, Cooldown, LimitRefusal, LimitRequest, WindowLimit } from '../otp-store.js';
import type { Log, LogEntry } from './memory-record.js';
import type { Changes } from './memory-records.js';

/** A point in time, and what was in the log then. */
interface LogAt {
  readonly log: Log;
  readonly at: number;
}

export type Admission =
  { readonly outcome: 'taken'; readonly charges: readonly Charge[]; readonly nextAt: number } | LimitRefusal;

/** Decides all requests at once and writes the entries to the drafts, which must be thrown away after a refusal. */
export function admit(requests: readonly LimitRequest[], changes: Changes, now: number): Admission {
  const charges: Charge[] = [];
  let nextAt = now;
  let refusal: LimitRefusal | undefined;
  for (const request of requests) {
    const { key, log: name, cooldown, windows } = request;
    const { logs } = changes.draft(key);
    const log = logs[name];
    const newestAt = log.entries.at(-1)?.at ?? 0;
    // A clock that was set back must not bring entries back into a window that they have left.
    const refused = longestWait(request, { log, at: Math.max(now, newestAt) });
    if (refused) {
      const retryAfterMs = refused.admitsAt - now;
      if (retryAfterMs > (refusal?.retryAfterMs ?? 0)) {
        refusal = { outcome: 'refused', limit: refused.limit, log: name, kind: key.kind, retryAfterMs, now };
      }
    } else if (request.take && !refusal) {
      const at = Math.max(now, newestAt + 1);
      const horizonMs = Math.max(log.horizonMs, ...[...windows, ...(cooldown ? [cooldown] : [])].map(windowMs));
      logs[name] = { entries: [...log.entries, { at, state: 'unanswered' }], horizonMs };
      charges.push({ key, log: name, at });
      nextAt = cooldown ? Math.max(nextAt, cooldownAdmitsAt(cooldown, { log: logs[name], at })) : nextAt;
    }
  }
  return refusal ?? { outcome: 'taken', charges, nextAt };
}

/** Of the limits that refuse, the one that takes longest to admit again. */
function longestWait({ cooldown, windows }: LimitRequest, when: LogAt) {
  const answers = windows.map((window) => ({ limit: window.name, admitsAt: windowAdmitsAt(window, when) }));
  if (cooldown) {
    answers.unshift({ limit: cooldown.name, admitsAt: cooldownAdmitsAt(cooldown, when) });
  }
  return answers
    .filter(({ admitsAt }) => admitsAt > when.at)
    .reduce<(typeof answers)[number] | undefined>(
      (longest, answer) => (longest && longest.admitsAt >= answer.admitsAt ? longest : answer),
      undefined,
    );
}

/** The first moment from `at` on when the window admits one more: when its `limit`-th newest entry has left. */
export function windowAdmitsAt(window: WindowLimit, { log, at }: LogAt): number {
  if (window.limit < 1) {
    return at + windowMs(window);
  }
  const blocking = countedIn(window, { log, at }).at(-window.limit);
  return blocking ? blocking.at + windowMs(window) : at;
}

/** The entries that count in the window. */
export function countedIn(window: WindowLimit, { log, at }: LogAt): readonly LogEntry[] {
  const isCounted = ({ state }: LogEntry) =>
    state === 'unanswered' || (state === 'answered' && window.counts !== 'unanswered');
  return log.entries.filter((entry) => isInside(entry, at, windowMs(window)) && isCounted(entry));
}

/**
 * The first moment from `at` on when the cooldown admits one more. While one waits, older entries leave the window and
 * the step may become a shorter one, so each number of entries left has its own span of time.
 */
export function cooldownAdmitsAt(cooldown: Cooldown, { log, at }: LogAt): number {
  const span = windowMs(cooldown);
  const waiting = log.entries.filter((entry) => entry.state !== 'answered' && isInside(entry, at, span));
  const newestAt = waiting.at(-1)?.at ?? at;
  let from = at;
  for (const [gone, oldest] of waiting.entries()) {
    const step = cooldown.stepsSeconds[Math.min(waiting.length - gone, cooldown.stepsSeconds.length) - 1] ?? 0;
    const admitsAt = Math.max(from, newestAt + Math.round(step * 1000));
    const leavesAt = oldest.at + span;
    if (admitsAt < leavesAt) {
      return admitsAt;
    }
    from = leavesAt;
  }
  return from;
}

function isInside(entry: LogEntry, at: number, spanMs: number): boolean {
  return at < entry.at + spanMs;
}

function windowMs({ windowSeconds }: { readonly windowSeconds: number }): number {
  return Math.round(windowSeconds * 1000);
}
