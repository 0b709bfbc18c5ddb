import type { RecordIndex } from '../secrets/record-index.js';
import type { Budget, Charge, DistinctLimit, LimitRequest, RecordKey, TallyRequest } from '../stores/otp-store.js';
import { budgetsOf } from './budgets.js';
import { sharedNetworks } from './ip-group.js';
import type { IpLimitSettings } from './limit-settings.js';

type IpTally = 'sends' | 'wrongCodes' | 'failedSends';

/** An address, or a network around it with as many times its budget. */
interface Client {
  readonly key: RecordKey;
  readonly rules: Readonly<Record<IpTally, readonly Budget[]>>;
}

/** The limits of a client's address and, for IPv6, of the wider networks around it. They hold in every lane. */
export class IpBudgets {
  private readonly countries: Omit<DistinctLimit, 'value'> | undefined;
  /** By how many times the budget of one subscriber a key has; made once, for stores keep what they wrote for a list. */
  private readonly rules = new Map<number, Client['rules']>();

  constructor(
    private readonly settings: IpLimitSettings,
    private readonly index: RecordIndex,
  ) {
    const [countries] = settings.unansweredCountries;
    this.countries = countries && {
      name: `ip.unansweredCountries.${countries.windowSeconds}`,
      limit: countries.limit,
      share: countries.share ?? 0,
      windowSeconds: countries.windowSeconds,
      ...(countries.mode === 'observe' ? { observe: true } : {}),
    };
  }

  /** A message: also refused to a client that has used up its wrong codes or its failed sends. */
  send(group: string, country: string): LimitRequest[] {
    return this.clientsOf(group).flatMap((client, position): LimitRequest[] => {
      const distinct = position === 0 && this.countries && { distinct: { ...this.countries, value: country } };
      return [
        { ...request(client, 'sends'), ...distinct },
        { ...request(client, 'wrongCodes'), take: false },
        { ...request(client, 'failedSends'), take: false },
      ];
    });
  }

  attempt(group: string): LimitRequest[] {
    return this.clientsOf(group).map((client) => request(client, 'wrongCodes'));
  }

  failedSend(group: string): LimitRequest[] {
    return this.clientsOf(group).map((client) => request(client, 'failedSends'));
  }

  /** A message that was answered; countries are counted by the address alone. */
  settled(group: string, { at, country, earns }: { at: number; country: string; earns: boolean }): Charge[] {
    return this.clientsOf(group).map(({ key }, position) => ({
      key,
      tally: 'sends',
      amount: 1,
      at,
      ...(position === 0 ? { value: country } : {}),
      ...(earns ? { credit: 'daily' } : {}),
    }));
  }

  private clientsOf(group: string): Client[] {
    return [
      { key: this.index.ip(group), rules: this.rulesOf(1) },
      ...sharedNetworks(group).map(({ group: network, times }) => ({
        key: this.index.network(network),
        rules: this.rulesOf(times),
      })),
    ];
  }

  private rulesOf(times: number): Client['rules'] {
    const known = this.rules.get(times);
    if (known !== undefined) {
      return known;
    }
    const { unansweredSends, youngSends, sends, wrongCodes, failedSends } = this.settings;
    const kind = times === 1 ? 'ip' : 'network';
    const unanswered = { name: `${kind}.unansweredSends`, settings: unansweredSends, young: youngSends };
    const rules = {
      sends: [
        ...budgetsOf({ ...unanswered, counts: 'unanswered', times }),
        ...budgetsOf({ name: `${kind}.sends`, counts: 'all', settings: sends, times }),
      ],
      wrongCodes: budgetsOf({ name: `${kind}.wrongCodes`, counts: 'unanswered', settings: wrongCodes, times }),
      failedSends: budgetsOf({ name: `${kind}.failedSends`, counts: 'all', settings: failedSends, times }),
    };
    this.rules.set(times, rules);
    return rules;
  }
}

function request({ key, rules }: Client, tally: IpTally): TallyRequest {
  return { key, tally, amount: 1, budgets: rules[tally], take: true };
}
