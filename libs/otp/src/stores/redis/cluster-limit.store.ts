import type {
  Charge,
  Clearable,
  LimitRefusal,
  LimitRequest,
  LimitsCounted,
  LimitsTaken,
  LimitStore,
  LogRequest,
  NoSuchLane,
  NumberState,
  RecordKey,
} from '../otp-store.js';
import { SHARED_KINDS, StoreUnavailableError } from '../otp-store.js';
import { byRecord, isChargeOf, isOf, longestWait, merge } from './cluster-groups.js';
import { isLogCharge, type Amendments, type UndoneCharge } from './script-amendments.js';
import { isLogRequest } from './script-requests.js';

/** Limits of which a call may concern one record only. */
export type RecordLimits = Pick<LimitStore, 'take' | 'count' | 'numberState' | 'clear'> & {
  amend(amendments: Amendments): Promise<void>;
};

type Decision = LimitsTaken | LimitRefusal | NoSuchLane;

export class ClusterLimitStore implements LimitStore {
  constructor(private readonly one: RecordLimits) {}

  /**
   * First the number and its client, side by side; only when they admit what everybody shares, without what a known
   * number passes over. What some took is undone when another refuses or fails.
   */
  async take(requests: readonly LimitRequest[]): Promise<Decision> {
    const shared = requests.filter(isShared);
    const own = requests.filter((request) => !isShared(request));
    if (shared.length === 0 || own.length === 0) {
      return this.takeTogether(requests);
    }
    const first = await this.takeTogether(own);
    if (first.outcome !== 'taken') {
      return first;
    }
    const asked = shared.filter((request) => !(first.known && isPassedOver(request)));
    if (asked.length === 0) {
      return first;
    }
    const undone = () => this.undo(undoneCharges(own, first));
    const second = await this.takeTogether(asked).catch(async (error: unknown) => {
      await undone();
      throw error;
    });
    if (second.outcome === 'taken') {
      return merge(requests, [first, second], first.known);
    }
    await undone();
    return second;
  }

  /** Asks all records side by side. */
  async takeTogether(requests: readonly LimitRequest[]): Promise<Decision> {
    const groups = byRecord(requests);
    if (groups.length < 2) {
      return this.one.take(requests);
    }
    const answers = await Promise.allSettled(groups.map(({ items }) => this.one.take(items)));
    const decisions = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    const taken = decisions.filter((decision) => decision.outcome === 'taken');
    const [first, ...others] = taken;
    if (first !== undefined && taken.length === groups.length) {
      return merge(
        requests,
        [first, ...others],
        taken.some(({ known }) => known),
      );
    }
    await this.undo(
      answers.flatMap((answer, index) =>
        answer.status === 'fulfilled' && answer.value.outcome === 'taken'
          ? undoneCharges(groups[index]?.items ?? [], answer.value)
          : [],
      ),
    );
    const failure = answers.find((answer) => answer.status === 'rejected');
    if (failure !== undefined) {
      throw failure.reason;
    }
    const [refusal, ...refusals] = decisions.filter((decision) => decision.outcome === 'refused');
    const isWithoutLane = decisions.some(({ outcome }) => outcome === 'no_such_lane');
    if (isWithoutLane || refusal === undefined) {
      return { outcome: 'no_such_lane' };
    }
    return longestWait([refusal, ...refusals]);
  }

  /** Each request on its own; all times by the clock of the first one's server. */
  async count(requests: readonly LogRequest[]): Promise<LimitsCounted> {
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

  numberState(key: RecordKey): Promise<NumberState> {
    return this.one.numberState(key);
  }

  giveBack(charges: readonly Charge[]): Promise<void> {
    return this.amend({ giveBack: charges });
  }

  settle(charges: readonly Charge[]): Promise<void> {
    return this.amend({ settle: charges });
  }

  clear(key: RecordKey, what?: readonly Clearable[]): Promise<void> {
    return this.one.clear(key, what);
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
  undo(charges: readonly UndoneCharge[]): Promise<void> {
    return this.amend({ undo: charges }).catch(leaveCounted);
  }
}

export function leaveCounted(error: unknown): void {
  if (!(error instanceof StoreUnavailableError)) {
    throw error;
  }
}

function isShared(request: LimitRequest): boolean {
  return SHARED_KINDS.has(request.key.kind) || isPassedOver(request);
}

function isPassedOver(request: LimitRequest): boolean {
  return !isLogRequest(request) && request.unlessKnown === true;
}

/** Charges with what else their requests changed of the number. */
export function undoneCharges(requests: readonly LimitRequest[], { charges, known }: LimitsTaken): UndoneCharge[] {
  return charges.map((charge) => {
    const request = requests.find((each) => isChargeOf(each, charge));
    if (!isLogCharge(charge) || request === undefined || !isLogRequest(request)) {
      return charge;
    }
    return {
      ...charge,
      usedPass: known && request.known !== undefined,
      addedFailure: request.failures !== undefined,
    };
  });
}
