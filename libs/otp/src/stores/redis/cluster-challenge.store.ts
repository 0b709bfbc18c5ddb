import type {
  ChallengeRef,
  ChallengeStore,
  Charge,
  LimitRequest,
  LogCharge,
  NewChallenge,
  RecordKey,
  Replacement,
  Reservation,
  TallyRequest,
} from '../otp-store.js';
import { inOrder, isOf } from './cluster-groups.js';
import { leaveCounted, undoneCharges, type ClusterLimitStore } from './cluster-limit.store.js';
import type { Replaced } from './redis-challenge.store.js';
import { firstCreditRequest, isLogCharge } from './script-amendments.js';

/** Challenges of which a call may concern one record only. */
export type RecordChallenges = Omit<ChallengeStore, 'replaceIf'> & {
  replace(ref: ChallengeRef, generation: number, replacement: Replacement): Promise<Replaced>;
};

type Removal = Extract<Replacement, { readonly kind: 'none' }>;

export class ClusterChallengeStore implements ChallengeStore {
  constructor(
    private readonly one: RecordChallenges,
    private readonly limits: ClusterLimitStore,
  ) {}

  create(ref: ChallengeRef, challenge: NewChallenge, charge: LogCharge): ReturnType<ChallengeStore['create']> {
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
    const decision = await this.limits.takeTogether(elsewhere);
    if (decision.outcome !== 'taken') {
      return decision.outcome === 'refused' ? decision : { outcome: 'gone' };
    }
    let isReserved = false;
    try {
      const reservation = await this.one.reserveAttempt(ref, requests.filter(isHere));
      isReserved = reservation.outcome === 'reserved';
      return reservation.outcome === 'reserved'
        ? {
            ...reservation,
            charges: inOrder(requests, [...decision.charges, ...reservation.charges]),
            usedUp: [...decision.usedUp, ...reservation.usedUp],
          }
        : reservation;
    } finally {
      if (!isReserved) {
        await this.limits.undo(undoneCharges(elsewhere, decision));
      }
    }
  }

  /**
   * The number's slot decides, also which credits are earned. What follows elsewhere changes nothing of it: a failure
   * there leaves charges counted.
   */
  async replaceIf(
    ref: ChallengeRef,
    generation: number,
    replacement: Replacement,
  ): ReturnType<ChallengeStore['replaceIf']> {
    const isHere = isOf(ref.key);
    const removal = replacement.kind === 'none' ? replacement : undefined;
    const replaced = await this.one.replace(
      ref,
      generation,
      removal ? withoutPair(partOf(removal, isHere)) : replacement,
    );
    if (replaced.outcome === 'stale') {
      return replaced;
    }
    if (removal) {
      await this.amendElsewhere(
        partOf(removal, (charge) => !isHere(charge)),
        replaced.earned,
      ).catch(leaveCounted);
    }
    return { outcome: 'replaced', expiresAt: replaced.expiresAt };
  }

  count(key: RecordKey): Promise<number> {
    return this.one.count(key);
  }

  clear(key: RecordKey): Promise<number> {
    return this.one.clear(key);
  }

  /** Logs once more when an earlier call's answer was lost; tallies only by the call that did it: twice counts twice. */
  private async amendElsewhere({ settle = [], giveBack = [], answered }: Removal, earned: Earned): Promise<void> {
    if (!earned) {
      await this.limits.amend({ settle: settle.filter(isLogCharge), giveBack: giveBack.filter(isLogCharge) });
      return;
    }
    const pair = earned.first ? firstCreditRequest(answered, settle) : undefined;
    const first = earned.first && (pair === undefined || (await this.isAdmitted(pair)));
    const credited = settle.map((charge) => withCredit(charge, { ...earned, first }));
    await this.limits.amend({ settle: credited, giveBack });
  }

  private async isAdmitted(request: TallyRequest): Promise<boolean> {
    const decision = await this.limits.take([request]).catch(leaveCounted);
    return decision?.outcome === 'taken';
  }
}

type Earned = Extract<Replaced, { readonly outcome: 'replaced' }>['earned'];

/** Elsewhere a credit is only earned when it always is. */
function withCredit(charge: Charge, earned: NonNullable<Earned>): Charge {
  if (isLogCharge(charge) || charge.credit === undefined || charge.credit === 'always') {
    return charge;
  }
  const { credit, ...rest } = charge;
  return earned[credit] ? { ...rest, credit: 'always' } : rest;
}

/** It bounds credits of other records, in a slot of its own. */
function withoutPair(removal: Removal): Removal {
  if (removal.answered === undefined) {
    return removal;
  }
  const { firstCredits: _, ...answered } = removal.answered;
  return { ...removal, answered };
}

function partOf({ settle = [], giveBack = [], ...rest }: Removal, isIn: (charge: Charge) => boolean): Removal {
  return { ...rest, settle: settle.filter(isIn), giveBack: giveBack.filter(isIn) };
}
