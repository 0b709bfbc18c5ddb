import type { Charge, LimitRefusal, LimitRequest, LimitsTaken, RecordKey } from '../otp-store.js';
import { isLogCharge } from './script-amendments.js';
import { isTaken } from './script-decision.js';
import { isLogRequest } from './script-requests.js';

/*
 * In a cluster a script reaches one slot, and each record has one of its own. So what concerns several records becomes
 * several scripts, each deciding for its record. The order is such that whatever breaks off in between leaves too much
 * counted and never too little: an entry is taken before anything relies on it and undone only when nothing does.
 */

interface OfRecord {
  readonly key: RecordKey;
}

export interface Group<T> {
  readonly key: RecordKey;
  readonly items: T[];
}

export function isOf(record: RecordKey): (item: OfRecord) => boolean {
  return ({ key }) => key.kind === record.kind && key.index === record.index;
}

export function byRecord<T extends OfRecord>(items: readonly T[]): Group<T>[] {
  const groups: Group<T>[] = [];
  for (const item of items) {
    const group = groups.find(isOf(item.key));
    if (group === undefined) {
      groups.push({ key: item.key, items: [item] });
    } else {
      group.items.push(item);
    }
  }
  return groups;
}

/** Servers need no common time: only waits are compared, and told from the first one's `now`. */
export function merge(
  requests: readonly LimitRequest[],
  taken: readonly [LimitsTaken, ...LimitsTaken[]],
  known: boolean,
): LimitsTaken {
  const { now } = taken[0];
  const waitMs = Math.max(...taken.map((answer) => answer.nextAt - answer.now));
  const charges = taken.flatMap((answer) => answer.charges);
  const usedUp = taken.flatMap((answer) => answer.usedUp);
  return {
    outcome: 'taken',
    charges: inOrder(
      requests.filter((request) => isTaken(request, known)),
      charges,
    ),
    nextAt: now + waitMs,
    now,
    known,
    usedUp,
  };
}

/** Charges of one log or tally are in the order of its requests already. */
export function inOrder(taking: readonly LimitRequest[], charges: readonly Charge[]): Charge[] {
  const left = [...charges];
  return taking.flatMap((request) => {
    const index = left.findIndex((charge) => isChargeOf(request, charge));
    return index === -1 ? [] : left.splice(index, 1);
  });
}

export function isChargeOf(request: LimitRequest, charge: Charge): boolean {
  if (!isOf(request.key)(charge)) {
    return false;
  }
  return isLogRequest(request)
    ? isLogCharge(charge) && charge.log === request.log && charge.lane === request.lane
    : !isLogCharge(charge) && charge.tally === request.tally;
}

export function longestWait(refusals: readonly [LimitRefusal, ...LimitRefusal[]]): LimitRefusal {
  const longest = refusals.reduce((one, other) => (other.retryAfterMs > one.retryAfterMs ? other : one));
  return { ...longest, usedUp: refusals.flatMap((refusal) => refusal.usedUp) };
}
