import type { TallyCharge, TallyRequest } from '../../libs/otp/src/stores/otp-store.js';

type OfTally = Pick<TallyCharge, 'key' | 'tally'>;

interface Amount {
  readonly charge: TallyCharge;
  state: 'unanswered' | 'answered' | 'givenBack';
}

/** Every single amount with its time, and nothing ever forgotten: the exact count in any window. */
export class TallyModel {
  private readonly tallies = new Map<string, Amount[]>();

  take(charge: TallyCharge): void {
    this.amounts(charge).push({ charge, state: 'unanswered' });
  }

  settle(charge: TallyCharge): void {
    this.change(charge, 'answered');
  }

  giveBack(charge: TallyCharge): void {
    this.change(charge, 'givenBack');
  }

  /** What was taken later than `since`. */
  count(of: OfTally, counts: 'all' | 'unanswered', since: number): number {
    return this.amounts(of)
      .filter(({ charge, state }) => charge.at > since && isCounted(state, counts))
      .reduce((sum, { charge }) => sum + charge.amount, 0);
  }

  /** Whether there would be more values than allowed of which something unanswered was taken in the window. */
  hasTooManyValues({ distinct, ...of }: TallyRequest, at: number): boolean {
    const values = this.amounts(of)
      .filter(({ charge, state }) => state === 'unanswered' && charge.at > at - windowMs(distinct))
      .map(({ charge }) => charge.value);
    return distinct !== undefined && new Set([...values, distinct.value]).size > distinct.limit;
  }

  /**
   * Whether it may be refused: a store keeps of a value only its newest time and how much is unanswered, so it may
   * take one for live of which something older is unanswered.
   */
  mayRefuseValue({ distinct, ...of }: TallyRequest, at: number): boolean {
    const amounts = this.amounts(of);
    const recent = amounts.filter(({ charge }) => charge.at > at - windowMs(distinct));
    const live = recent
      .map(({ charge }) => charge.value)
      .filter((value) => amounts.some(({ charge, state }) => charge.value === value && state === 'unanswered'));
    const others = new Set(live.filter((value) => value !== distinct?.value));
    return distinct !== undefined && others.size >= distinct.limit;
  }

  /** When something was taken last that was not given back: 0 for never. */
  newestAt(of: OfTally): number {
    const left = this.amounts(of).filter(({ state }) => state !== 'givenBack');
    return Math.max(0, ...left.map(({ charge }) => charge.at));
  }

  private change(charge: TallyCharge, state: Amount['state']): void {
    for (const amount of this.amounts(charge)) {
      if (amount.charge === charge) {
        amount.state = state;
      }
    }
  }

  private amounts(of: OfTally): Amount[] {
    const name = `${of.key.kind} ${of.key.index} ${of.tally}`;
    const amounts = this.tallies.get(name) ?? [];
    this.tallies.set(name, amounts);
    return amounts;
  }
}

function isCounted(state: Amount['state'], counts: 'all' | 'unanswered'): boolean {
  return state === 'unanswered' || (state === 'answered' && counts === 'all');
}

function windowMs(limit: TallyRequest['distinct']): number {
  return (limit?.windowSeconds ?? 0) * 1000;
}
