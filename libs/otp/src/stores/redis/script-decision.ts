import type { Charge, LimitRefusal, LimitRequest } from '../otp-store.js';
import { StoreUnavailableError } from '../otp-store.js';
import type { ScriptReply } from './script-reply.js';
import { isLogRequest } from './script-requests.js';

/** Positions of a log's limits beside its windows, in lua/shared/limits.lua; of a tally's beside its budgets. */
const COOLDOWN = 0;
const FAILURES = -1;
const DISTINCT = 0;

/** Whether a call that was admitted takes from what is asked. */
export function isTaken(request: LimitRequest, known: boolean): boolean {
  return request.take && !(known && !isLogRequest(request) && request.unlessKnown === true);
}

/** What was taken, in the order of the requests that take. */
export function readCharges(requests: readonly LimitRequest[], known: boolean, times: readonly number[]): Charge[] {
  const taking = requests.filter((request) => isTaken(request, known));
  return taking.map((request, index) => {
    const at = times[index];
    if (at === undefined) {
      throw new StoreUnavailableError('Redis answered fewer entries than were taken');
    }
    return chargeOf(request, at);
  });
}

function chargeOf(request: LimitRequest, at: number): Charge {
  if (isLogRequest(request)) {
    const { key, log, lane } = request;
    return lane === undefined ? { key, log, at } : { key, lane, log, at };
  }
  const { key, tally, amount, distinct } = request;
  return distinct ? { key, tally, amount, at, value: distinct.value } : { key, tally, amount, at };
}

/** What `describeRefusal` in lua/shared/decision.lua answers. */
export function readRefusal(requests: readonly LimitRequest[], reply: ScriptReply): LimitRefusal {
  const now = reply.integer();
  const retryAfterMs = reply.integer();
  const { request, limit } = readLimit(requests, reply);
  const log = isLogRequest(request) ? request.log : request.tally;
  const usedUp = readUsedUp(requests, reply.list());
  return { outcome: 'refused', limit, log, kind: request.key.kind, retryAfterMs, now, usedUp };
}

/** Names of the limits that are used up. */
export function readUsedUp(requests: readonly LimitRequest[], reply: ScriptReply): string[] {
  const names: string[] = [];
  while (!reply.isRead) {
    names.push(readLimit(requests, reply).limit);
  }
  return names;
}

function readLimit(requests: readonly LimitRequest[], reply: ScriptReply) {
  const request = requests[reply.integer() - 1];
  const position = reply.integer();
  const limit = request && limitAt(request, position);
  if (!limit) {
    throw new StoreUnavailableError('Redis refused by a limit that was not asked for');
  }
  return { request, limit: limit.name };
}

function limitAt(request: LimitRequest, position: number): { readonly name: string } | undefined {
  if (!isLogRequest(request)) {
    return position === DISTINCT ? request.distinct : request.budgets[position - 1];
  }
  if (position === FAILURES) {
    return request.failures;
  }
  return position === COOLDOWN ? request.cooldown : request.windows[position - 1];
}
