import type { WindowSetting } from 'nestjs-sms-otp';
import { z } from 'zod';
import type { DeskFact } from './desk-fact.js';

/** Something that bears on the locks of a number. */
export const numberFactSchema = z.object({
  kind: z.enum(['failed', 'locked', 'unlocked']),
  at: z.number(),
  lane: z.string(),
  destination: z.string(),
  country: z.string(),
  /** Of a lock: when it ends; milliseconds since the Unix epoch. */
  until: z.number().optional(),
});
export type NumberFact = Readonly<z.infer<typeof numberFactSchema>>;

export interface LockedNumber {
  /** Masked. */
  readonly destination: string;
  readonly country: string;
  /** Whose budget is used up; those of the others are open. */
  readonly lane: string;
  /** ISO 8601, UTC. */
  readonly until: string;
}

/**
 * A refused answer does not name its number, so a lock is told by what led to it: the wrong codes themselves, and a
 * message that was refused because of them, which says exactly how long.
 */
export function numberFact(fact: DeskFact): { readonly numberRef: string; readonly fact: NumberFact } | undefined {
  const { type, at, numberRef, destination, country, lane = 'public', limit, retryAfterSeconds, test } = fact;
  if (numberRef === undefined || destination === undefined || country === undefined || test === true) {
    return undefined;
  }
  const about = { at, lane, destination, country };
  if (type === 'challenge.failed') {
    return { numberRef, fact: { kind: 'failed', ...about } };
  }
  if (type === 'admin.unlocked') {
    return { numberRef, fact: { kind: 'unlocked', ...about } };
  }
  if (type === 'challenge.refused' && retryAfterSeconds !== undefined && isLock(limit)) {
    return { numberRef, fact: { kind: 'locked', ...about, until: at + retryAfterSeconds * 1000 } };
  }
  return undefined;
}

/** `number.wrongCodes.86400`, `trusted.wrongCodes.86400`, `number.consecutiveFailures`; those of an IP lock no number. */
function isLock(limit = ''): boolean {
  return /^(number|device|vouched|trusted)\.(wrongCodes\.\d+|consecutiveFailures)$/.test(limit);
}

export interface LockRules {
  readonly now: number;
  /** The wrong codes that lock a number for strangers. */
  readonly wrongCodes: readonly WindowSetting[];
}

/**
 * The locks of one number that have not ended. Those of the public lane are seen with the wrong code that made them; as the
 * module also charges answers that were never compared, the desk may see one late, and never one that is not there.
 */
export function locksOf(facts: readonly NumberFact[], { now, wrongCodes }: LockRules): readonly LockedNumber[] {
  const unlockedAt = Math.max(...facts.filter(({ kind }) => kind === 'unlocked').map(({ at }) => at), 0);
  const valid = facts.filter(({ at, kind }) => kind !== 'unlocked' && at > unlockedAt);
  const lanes = [...new Set(valid.map(({ lane }) => lane))].toSorted();
  return lanes.flatMap((lane) => {
    const own = valid.filter((fact) => fact.lane === lane);
    const told = own.map(({ until }) => until ?? 0);
    const counted = lane === 'public' ? wrongCodes.map((window) => endOfWindow(own, window)) : [];
    const until = Math.max(0, ...told, ...counted);
    const [fact] = own;
    if (fact === undefined || until <= now) {
      return [];
    }
    const { destination, country } = fact;
    return [{ destination, country, lane, until: new Date(until).toISOString() }];
  });
}

/** A window that is full lets go when its oldest entry that counts leaves it. */
function endOfWindow(facts: readonly NumberFact[], { limit, windowSeconds }: WindowSetting): number {
  const failures = facts.filter(({ kind }) => kind === 'failed').map(({ at }) => at);
  const oldest = failures.toSorted((a, b) => b - a)[limit - 1];
  return oldest === undefined ? 0 : oldest + windowSeconds * 1000;
}
