import type { RecordIndex } from '../secrets/record-index.js';
import type { Budget, Charge, DistinctLimit, LimitRequest, TallyName, TallyRequest } from '../stores/otp-store.js';
import { budgetsOf } from './budgets.js';
import { sharedNetworks } from './ip-group.js';
import type { IpLimitSettings } from './limit-settings.js';

/** The limits of a client's address and, for IPv6, of the wider networks around it. They hold in every lane. */
export class IpBudgets {
  private readonly wrongCodes: readonly Budget[];
  private readonly failedSends: readonly Budget[];
  private readonly countries: readonly Omit<DistinctLimit, 'value'>[];
  /** By how many times the budget of one subscriber a key has. */
  private readonly sends = new Map<number, readonly Budget[]>();

  constructor(
    private readonly settings: IpLimitSettings,
    private readonly index: RecordIndex,
  ) {
    const { wrongCodes, failedSends, unansweredCountries } = settings;
    this.wrongCodes = budgetsOf({ name: 'ip.wrongCodes', counts: 'unanswered', settings: wrongCodes });
    this.failedSends = budgetsOf({ name: 'ip.failedSends', counts: 'all', settings: failedSends });
    this.countries = unansweredCountries.map(({ limit, share = 0, windowSeconds, mode }) => ({
      name: `ip.unansweredCountries.${windowSeconds}`,
      limit,
      share,
      windowSeconds,
      ...(mode === 'observe' ? { observe: true } : {}),
    }));
  }

  /** A message: also refused to a client that has used up its wrong codes or its failed sends. */
  send(group: string, country: string): LimitRequest[] {
    const key = this.index.ip(group);
    const [countries] = this.countries;
    const distinct = countries && { distinct: { ...countries, value: country } };
    return [
      { key, tally: 'sends', amount: 1, budgets: this.sendsOf(1), ...distinct, take: true },
      this.ask(group, 'wrongCodes', this.wrongCodes),
      this.ask(group, 'failedSends', this.failedSends),
      ...sharedNetworks(group).map(({ group: network, times }): TallyRequest => ({
        key: this.index.network(network),
        tally: 'sends',
        amount: 1,
        budgets: this.sendsOf(times),
        take: true,
      })),
    ];
  }

  attempt(group: string): LimitRequest[] {
    return [{ ...this.ask(group, 'wrongCodes', this.wrongCodes), take: true }];
  }

  failedSend(group: string): LimitRequest[] {
    return [{ ...this.ask(group, 'failedSends', this.failedSends), take: true }];
  }

  settled(group: string, { at, country, earns }: { at: number; country: string; earns: boolean }): Charge[] {
    const credit = earns ? ({ credit: 'daily' } as const) : {};
    return [
      { key: this.index.ip(group), tally: 'sends', amount: 1, at, value: country, ...credit },
      ...sharedNetworks(group).map(({ group: network }): Charge => ({
        key: this.index.network(network),
        tally: 'sends',
        amount: 1,
        at,
        ...credit,
      })),
    ];
  }

  private ask(group: string, tally: TallyName, budgets: readonly Budget[]): TallyRequest {
    return { key: this.index.ip(group), tally, amount: 1, budgets, take: false };
  }

  private sendsOf(times: number): readonly Budget[] {
    const known = this.sends.get(times);
    if (known !== undefined) {
      return known;
    }
    const { unansweredSends, sends, youngSends } = this.settings;
    const name = times === 1 ? 'ip' : 'network';
    const budgets = [
      ...budgetsOf({
        name: `${name}.unansweredSends`,
        counts: 'unanswered',
        settings: unansweredSends,
        young: youngSends,
        times,
      }),
      ...budgetsOf({ name: `${name}.sends`, counts: 'all', settings: sends, times }),
    ];
    this.sends.set(times, budgets);
    return budgets;
  }
}
