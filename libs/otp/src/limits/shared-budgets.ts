import type { Channel } from '../phone/channel.js';
import type { RecordIndex } from '../secrets/record-index.js';
import type { Budget, Charge, LimitRequest, RecordKey, TallyRequest } from '../stores/otp-store.js';
import { budgetsOf } from './budgets.js';
import type { Destination } from './limit-policy.js';
import { DEFAULT_RESERVE, type LimitSettings, type SharedLimitSettings } from './limit-settings.js';
import { DEFAULT_PRICES, priceOf, type PriceTable } from './prices.js';

const SHARED = ['prefix', 'country', 'all'] as const;
type SharedName = (typeof SHARED)[number];

interface SharedRules {
  readonly enforced: readonly Budget[];
  readonly observed: readonly Budget[];
}

export interface SharedRequest {
  readonly channel: Channel;
  /** A risk assessor cleared it. */
  readonly cleared: boolean;
  /** Each costs the price of a message. */
  readonly segments: number;
}

interface MoneyRules {
  readonly prices: PriceTable;
  readonly forStrangers: readonly Budget[];
  readonly forAll: readonly Budget[];
}

const SECONDS_A_DAY = 86_400;
const MICROS = 1_000_000;
/** A row of ten thousand numbers, as they are given to carriers and rented by those who pump. */
const PREFIX_DROPS_DIGITS = 4;

/**
 * What everybody shares: unanswered messages to strangers' numbers by prefix, by country and in all, and money. When it is
 * used up, known numbers pass (each lane with passes of its own), and so does what an assessor clears. Vouching alone
 * does not: who may change the number of his account could have messages sent anywhere. Money refuses them all.
 */
export class SharedBudgets {
  private readonly rules: Readonly<Record<SharedName, SharedRules>>;
  private readonly wrongCodes: readonly Budget[];
  private readonly money: MoneyRules | undefined;
  /** Where no stranger's number passes as known, all count among the unanswered each time, so all earn credit again. */
  private readonly credit: 'first' | 'daily';

  constructor(
    { prefix, country, all, money, knownNumbers }: LimitSettings,
    private readonly index: RecordIndex,
    { decoys }: { readonly decoys: boolean },
  ) {
    this.credit = decoys || knownNumbers.passes === 0 ? 'daily' : 'first';
    this.rules = { prefix: rulesOf('prefix', prefix), country: rulesOf('country', country), all: rulesOf('all', all) };
    this.wrongCodes = budgetsOf({
      name: 'all.wrongCodes',
      counts: 'unanswered',
      settings: all.wrongCodes,
      observe: true,
    });
    // Where no number is ever known, nobody could use the reserve.
    this.money = money && moneyRules(knownNumbers.passes > 0 ? money : { ...money, reserve: 0 });
  }

  send(destination: Destination, request: SharedRequest): LimitRequest[] {
    const counted = SHARED.map((name): TallyRequest => ({
      key: this.keyOf(name, destination),
      tally: 'sends',
      amount: 1,
      budgets: request.cleared ? this.rules[name].observed : this.rules[name].enforced,
      unlessKnown: true,
      take: true,
    }));
    return [...counted, ...this.spend(destination, request)];
  }

  settled(destination: Destination, { at, earns }: { at: number; earns: boolean }): Charge[] {
    const credit = earns ? { credit: this.credit } : {};
    return SHARED.map((name) => ({ key: this.keyOf(name, destination), tally: 'sends', amount: 1, at, ...credit }));
  }

  wrongCode(): LimitRequest[] {
    return [{ key: this.index.all(), tally: 'wrongCodes', amount: 1, budgets: this.wrongCodes, take: true }];
  }

  rightCode(at: number): Charge {
    return { key: this.index.all(), tally: 'wrongCodes', amount: 0, at, credit: 'always' };
  }

  prefixOf({ handsetKey }: Destination): string {
    return handsetKey.slice(0, -PREFIX_DROPS_DIGITS);
  }

  private spend({ country }: Destination, { channel, segments }: SharedRequest): LimitRequest[] {
    if (this.money === undefined) {
      return [];
    }
    const { prices, forStrangers, forAll } = this.money;
    const amount = segments * priceOf(prices, { country, channel });
    const spending = { key: this.index.all(), tally: 'spending', amount } as const;
    if (amount === 0) {
      return [];
    }
    return [
      { ...spending, budgets: forStrangers, unlessKnown: true, take: false },
      { ...spending, budgets: forAll, take: true },
    ];
  }

  private keyOf(name: SharedName, destination: Destination): RecordKey {
    switch (name) {
      case 'prefix':
        return this.index.prefix(this.prefixOf(destination));
      case 'country':
        return this.index.country(destination.country);
      case 'all':
        return this.index.all();
    }
  }
}

function rulesOf(name: SharedName, { unansweredSends, youngSends }: SharedLimitSettings): SharedRules {
  const rules = {
    name: `${name}.unansweredSends`,
    counts: 'unanswered' as const,
    settings: unansweredSends,
    young: youngSends,
  };
  return { enforced: budgetsOf(rules), observed: budgetsOf({ ...rules, observe: true }) };
}

function moneyRules({
  perDay,
  reserve = DEFAULT_RESERVE,
  prices = DEFAULT_PRICES,
  mode,
}: NonNullable<LimitSettings['money']>): MoneyRules {
  const budgets = (name: string, part: number) =>
    budgetsOf({
      name,
      counts: 'all',
      settings: [
        { limit: Math.round(perDay * part * MICROS), windowSeconds: SECONDS_A_DAY, ...(mode ? { mode } : {}) },
      ],
    });
  return { prices, forStrangers: budgets('all.spendingOfStrangers', 1 - reserve), forAll: budgets('all.spending', 1) };
}
