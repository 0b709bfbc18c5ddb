import type {
  ChallengeRef,
  ChallengeStore,
  Charge,
  LimitRefusal,
  LimitRequest,
  LimitsCounted,
  LimitsTaken,
  LimitStore,
  LogName,
  NewChallenge,
  RecordKey,
  Replacement,
  Reservation,
} from '../otp-store.js';
import { StoreUnavailableError } from '../otp-store.js';
import type { Amendments } from './script-arguments.js';

/*
 * In a cluster a script reaches one slot, and each record has one of its own. So what concerns several records becomes
 * several scripts, each deciding for its record. The order is such that whatever breaks off in between leaves too much
 * counted and never too little: an entry is taken before anything relies on it and undone only when nothing does.
 */

/** Limits of which a call may concern one record only. */
export type RecordLimits = Pick<LimitStore, 'take' | 'count' | 'clear'> & {
  amend(amendments: Amendments): Promise<void>;
};

export class ClusterLimitStore implements LimitStore {
  constructor(private readonly one: RecordLimits) {}

  /** Asks all records side by side; what some took is undone when another refuses or fails. */
  async take(requests: readonly LimitRequest[]): Promise<LimitsTaken | LimitRefusal> {
    const groups = byRecord(requests);
    if (groups.length < 2) {
      return this.one.take(requests);
    }
    const answers = await Promise.allSettled(groups.map(({ items }) => this.one.take(items)));
    const decisions = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    const taken = decisions.filter((decision) => decision.outcome === 'taken');
    const [first, ...others] = taken;
    if (first !== undefined && taken.length === groups.length) {
      return merge(requests, [first, ...others]);
    }
    await this.undo(taken.flatMap(({ charges }) => charges));
    const failure = answers.find((answer) => answer.status === 'rejected');
    if (failure !== undefined) {
      throw failure.reason;
    }
    return longestWait(decisions.filter((decision) => decision.outcome === 'refused'));
  }

  /** Each request on its own; all times by the clock of the first one's server. */
  async count(requests: readonly LimitRequest[]): Promise<LimitsCounted> {
    if (byRecord(requests).length < 2) {
      return this.one.count(requests);
    }
    const answers = await Promise.all(requests.map((request) => this.one.count([request])));
    const now = answers[0]?.now ?? 0;
    const uses = answers.flatMap((answer) =>
      answer.uses.map((use) => ({
        ...use,
        windows: use.windows.map((window) => ({ ...window, admitsAt: window.admitsAt - answer.now + now })),
        cooldownEndsAt: use.cooldownEndsAt - answer.now + now,
      })),
    );
    return { uses, now };
  }

  giveBack(charges: readonly Charge[]): Promise<void> {
    return this.amend({ giveBack: charges });
  }

  settle(charges: readonly Charge[]): Promise<void> {
    return this.amend({ settle: charges });
  }

  clear(key: RecordKey, logs?: readonly LogName[]): Promise<void> {
    return this.one.clear(key, logs);
  }

  async amend({ settle = [], giveBack = [], undo = [] }: Amendments): Promise<void> {
    const records = byRecord([...settle, ...giveBack, ...undo]);
    const amending = records.map(({ key }) => {
      const isHere = isOf(key);
      return this.one.amend({
        settle: settle.filter(isHere),
        giveBack: giveBack.filter(isHere),
        undo: undo.filter(isHere),
      });
    });
    await Promise.all(amending);
  }

  /** A failure leaves them counted. The decision that they were taken for stands without them. */
  undo(charges: readonly Charge[]): Promise<void> {
    return this.amend({ undo: charges }).catch(leaveCounted);
  }
}

export class ClusterChallengeStore implements ChallengeStore {
  constructor(
    private readonly one: ChallengeStore,
    private readonly limits: ClusterLimitStore,
  ) {}

  create(ref: ChallengeRef, challenge: NewChallenge, charge: Charge): ReturnType<ChallengeStore['create']> {
    return this.one.create(ref, challenge, charge);
  }

  find(ref: ChallengeRef): ReturnType<ChallengeStore['find']> {
    return this.one.find(ref);
  }

  /**
   * The other records first, the number's last: there one script decides over challenge, attempts and number, so an
   * attempt is never put back, and a client whose own limits refuse cannot use up a number's, not even for a moment.
   */
  async reserveAttempt(ref: ChallengeRef, requests: readonly LimitRequest[]): Promise<Reservation> {
    const isHere = isOf(ref.key);
    const elsewhere = requests.filter((request) => !isHere(request));
    if (elsewhere.length === 0) {
      return this.one.reserveAttempt(ref, requests);
    }
    const decision = await this.limits.take(elsewhere);
    if (decision.outcome === 'refused') {
      return decision;
    }
    let isReserved = false;
    try {
      const reservation = await this.one.reserveAttempt(ref, requests.filter(isHere));
      isReserved = reservation.outcome === 'reserved';
      return reservation.outcome === 'reserved'
        ? { ...reservation, charges: inOrder(requests, [...decision.charges, ...reservation.charges]) }
        : reservation;
    } finally {
      if (!isReserved) {
        await this.limits.undo(decision.charges);
      }
    }
  }

  /** The number's slot decides. What follows elsewhere changes nothing of it: a failure there leaves entries counted. */
  async replaceIf(
    ref: ChallengeRef,
    generation: number,
    replacement: Replacement,
  ): ReturnType<ChallengeStore['replaceIf']> {
    if (replacement.kind !== 'none') {
      return this.one.replaceIf(ref, generation, replacement);
    }
    const { settle = [], giveBack = [] } = replacement;
    const isHere = isOf(ref.key);
    const isElsewhere = (charge: Charge) => !isHere(charge);
    const here = { settle: settle.filter(isHere), giveBack: giveBack.filter(isHere) };
    const replaced = await this.one.replaceIf(ref, generation, { ...replacement, ...here });
    if (replaced.outcome === 'replaced') {
      const elsewhere = { settle: settle.filter(isElsewhere), giveBack: giveBack.filter(isElsewhere) };
      await this.limits.amend(elsewhere).catch(leaveCounted);
    }
    return replaced;
  }

  count(key: RecordKey): Promise<number> {
    return this.one.count(key);
  }

  clear(key: RecordKey): Promise<number> {
    return this.one.clear(key);
  }
}

interface OfRecord {
  readonly key: RecordKey;
}

function isOf(record: RecordKey): (item: OfRecord) => boolean {
  return ({ key }) => key.kind === record.kind && key.index === record.index;
}

function byRecord<T extends OfRecord>(items: readonly T[]): { readonly key: RecordKey; readonly items: T[] }[] {
  const groups: { readonly key: RecordKey; readonly items: T[] }[] = [];
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
function merge(requests: readonly LimitRequest[], taken: readonly [LimitsTaken, ...LimitsTaken[]]): LimitsTaken {
  const { now } = taken[0];
  const waitMs = Math.max(...taken.map((answer) => answer.nextAt - answer.now));
  const charges = taken.flatMap((answer) => answer.charges);
  return { outcome: 'taken', charges: inOrder(requests, charges), nextAt: now + waitMs, now };
}

/** Charges of one log are in the order of its requests already. */
function inOrder(requests: readonly LimitRequest[], charges: readonly Charge[]): Charge[] {
  const left = [...charges];
  return requests
    .filter(({ take }) => take)
    .flatMap(({ key, log }) => {
      const isHere = isOf(key);
      return left.splice(
        left.findIndex((charge) => charge.log === log && isHere(charge)),
        1,
      );
    });
}

function longestWait(refusals: readonly LimitRefusal[]): LimitRefusal {
  return refusals.reduce((longest, refusal) => (refusal.retryAfterMs > longest.retryAfterMs ? refusal : longest));
}

function leaveCounted(error: unknown): void {
  if (!(error instanceof StoreUnavailableError)) {
    throw error;
  }
}
