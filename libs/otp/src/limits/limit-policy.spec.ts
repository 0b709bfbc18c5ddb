import { describe, expect, it } from 'vitest';
import { RecordIndex } from '../secrets/record-index.js';
import type { LimitRequest } from '../stores/otp-store.js';
import { LimitPolicy, type SendSubject } from './limit-policy.js';
import { DEFAULT_LIMITS, type LimitSettings } from './limit-settings.js';

const index = new RecordIndex('index-secret-index-secret-index-secret', 'otp');
const number = index.number('+31612345678');
const destination = { handsetKey: '+31612345678', country: 'NL' };
const send: SendSubject = { number, lane: 'public', ipGroup: '198.51.100.7', destination, channel: 'sms' };

const policyOf = (settings: Partial<LimitSettings> = {}) => new LimitPolicy({ ...DEFAULT_LIMITS, ...settings }, index);
const policy = policyOf();

/** What is asked of what: `kind log|tally`, `?` where nothing is taken. */
const shape = (requests: readonly LimitRequest[]) =>
  requests.map((request) => {
    const what = 'log' in request ? request.log : request.tally;
    return `${request.key.kind} ${what}${request.take ? '' : '?'}`;
  });

const namesOf = (requests: readonly LimitRequest[]) =>
  requests.flatMap((request) =>
    'log' in request ? request.windows.map(({ name }) => name) : request.budgets.map(({ name }) => name),
  );

describe('B7 C1 a message', () => {
  it('is taken from number, address, prefix, country and all, and asks after wrong codes and failed sends', () => {
    expect(shape(policy.send(send))).toEqual([
      'number sends',
      'number wrongCodes?',
      'ip sends',
      'ip wrongCodes?',
      'ip failedSends?',
      'prefix sends',
      'country sends',
      'all sends',
    ]);
  });

  it('C4 of IPv6 is taken from the /56 and the /48 as well, at twice and four times the budget', () => {
    const requests = policy.send({ ...send, ipGroup: '2001:db8:1:203::/64' });
    const networks = requests.filter((request) => request.key.kind === 'network' && request.take);
    expect(networks.map(({ key }) => key)).toEqual([
      index.network('2001:db8:1:200::/56'),
      index.network('2001:db8:1::/48'),
    ]);
    const floors = networks.map((request) => ('tally' in request ? request.budgets[0]?.floor : undefined));
    expect(floors).toEqual([40, 80]);
  });

  it('without a client asks nothing of addresses', () => {
    expect(shape(policy.send({ ...send, ipGroup: undefined })).join()).not.toMatch(/ip|network/);
  });

  it('B6 in another lane has budgets of its own', () => {
    for (const lane of ['vouched', 'device:AAAAAAAA'] as const) {
      const requests = policy.send({ ...send, lane });
      expect(requests[0]).toMatchObject({ lane, log: 'sends' });
      expect(namesOf(requests)[0]).toBe(lane === 'vouched' ? 'vouched.sends.3600' : 'device.sends.3600');
      // What all lanes but the public one have together.
      const own = ['number sends', 'number wrongCodes?'];
      expect(shape(requests)).toEqual([...own, ...shape(policy.send(send))]);
      expect(requests.slice(2, 4)).toMatchObject([{ lane: 'trusted' }, { lane: 'trusted' }]);
    }
  });

  it('that an assessor cleared passes the shared budgets, and keeps its lane', () => {
    const requests = policy.send({ ...send, cleared: true });
    expect(requests[0]).toMatchObject({ lane: 'public' });
    // It is charged to all that another is charged to.
    expect(shape(requests)).toEqual(shape(policy.send(send)));
    const country = requests.find(({ key }) => key.kind === 'country');
    expect(country && 'tally' in country && country.budgets[0]?.observe).toBe(true);
  });

  it('C1 costs money where there is a budget; a part is for known numbers, whoever vouches or clears', () => {
    const money = { perDay: 10, reserve: 0.25, prices: { default: 0.5, countries: { NL: 0.1 } } };
    const spending = (subject: SendSubject) =>
      policyOf({ money })
        .send(subject)
        .filter((request) => 'tally' in request && request.tally === 'spending');
    expect(spending(send)).toMatchObject([
      { amount: 100_000, take: false, unlessKnown: true, budgets: [{ floor: 7_500_000, windowSeconds: 86_400 }] },
      { amount: 100_000, take: true, budgets: [{ name: 'all.spending.86400', floor: 10_000_000 }] },
    ]);
    expect(spending({ ...send, lane: 'vouched', cleared: true })).toHaveLength(2);
    expect(spending({ ...send, destination: { ...destination, country: 'SO' } })[1]).toMatchObject({ amount: 500_000 });
    const nobodyIsKnown = policyOf({ money, knownNumbers: { withinSeconds: 86_400, passes: 0 } }).send(send);
    expect(nobodyIsKnown.filter((request) => 'tally' in request && request.tally === 'spending')).toMatchObject([
      { budgets: [{ floor: 10_000_000 }] },
      { budgets: [{ floor: 10_000_000 }] },
    ]);
  });

  it('counts by the number less its last four digits', () => {
    const prefixOf = (handsetKey: string) =>
      policy.send({ ...send, destination: { ...destination, handsetKey } }).find(({ key }) => key.kind === 'prefix')
        ?.key;
    expect(prefixOf('+31612349999')).toEqual(prefixOf('+31612340000'));
    expect(prefixOf('+31612350000')).not.toEqual(prefixOf('+31612340000'));
  });
});

describe('B5 an answer', () => {
  it('is charged to number and address', () => {
    expect(shape(policy.attempt(send))).toEqual(['number wrongCodes', 'ip wrongCodes']);
    expect(shape(policy.attempt({ ...send, ipGroup: undefined }))).toEqual(['number wrongCodes']);
    const vouched = policy.attempt({ ...send, lane: 'vouched', ipGroup: '2001:db8:1:203::/64' });
    expect(shape(vouched)).toEqual([
      'number wrongCodes',
      'number wrongCodes',
      'ip wrongCodes',
      'network wrongCodes',
      'network wrongCodes',
    ]);
    expect(shape(policy.failedSend('2001:db8:1:203::/64'))).toEqual([
      'ip failedSends',
      'network failedSends',
      'network failedSends',
    ]);
  });

  it('invariant 8 with decoys, a number that answered is a stranger to strangers, and known to its own lanes', () => {
    const known = (lane: SendSubject['lane'], decoys: boolean) => {
      const [first] = new LimitPolicy(DEFAULT_LIMITS, index, { decoys }).send({ ...send, lane });
      return first && 'log' in first ? first.known?.passes : undefined;
    };
    expect([known('public', false), known('device:AAAAAAAA', false)]).toEqual([2, 2]);
    expect([known('public', true), known('device:AAAAAAAA', true), known('vouched', true)]).toEqual([0, 2, 2]);
  });

  it('B1 counts failures in a row in every lane; they close the public one', () => {
    const failures = (lane: SendSubject['lane']) => policy.attempt({ ...send, lane })[0];
    expect(failures('public')).toMatchObject({ failures: { limit: 100 } });
    expect(failures('vouched')).toMatchObject({ failures: { limit: 0 } });
    expect(failures('device:AAAAAAAA')).toMatchObject({ failures: { limit: 0 } });
  });

  it('B4 gives the number back what a right code was charged, and counts it as right for the address', () => {
    const charges = [
      { key: number, lane: 'public', log: 'wrongCodes', at: 5 },
      { key: index.ip('198.51.100.7'), tally: 'wrongCodes', amount: 1, at: 5 },
    ] as const;
    const { settle, giveBack } = policy.settledAttempt(charges, 9);
    expect(giveBack).toEqual([charges[0]]);
    expect(settle).toEqual([
      { ...charges[1], credit: 'always' },
      { key: index.all(), tally: 'wrongCodes', amount: 0, at: 9, credit: 'always' },
    ]);
  });

  it('settles each message where it was charged, and earns one credit', () => {
    const messages = [
      { at: 1, ipGroup: '198.51.100.7', counted: true },
      { at: 2, ipGroup: undefined, counted: false },
      { at: 3, ipGroup: '2001:db8:1:203::/64', counted: true },
    ];
    const charges = policy.settled({ number, lane: 'vouched' }, destination, messages);
    const told = charges.map(
      (charge) => `${charge.key.kind}@${charge.at}${'credit' in charge ? ` ${charge.credit}` : ''}`,
    );
    expect(told).toEqual([
      'number@1',
      'ip@1',
      'prefix@1',
      'country@1',
      'all@1',
      'number@2',
      'number@3',
      'ip@3 daily',
      'network@3 daily',
      'network@3 daily',
      'prefix@3 first',
      'country@3 first',
      'all@3 first',
    ]);
    expect(charges[0]).toMatchObject({ lane: 'vouched', log: 'sends' });
    expect(charges[1]).toMatchObject({ value: 'NL' });
  });
});

it('of a message that never left, the client is not given back its part', () => {
  const kinds = ['number', 'ip', 'network', 'prefix', 'country', 'all'] as const;
  const charges = kinds.map((kind) => ({ key: { kind, index: 'x' }, tally: 'sends', amount: 1, at: 1 }) as const);
  expect(policy.givenBack(charges).map(({ key }) => key.kind)).toEqual(['number', 'prefix', 'country', 'all']);
});

it('can be asked when the next message may go, without taking anything', () => {
  expect(policy.nextSend(number, 'vouched')).toMatchObject([
    { key: number, lane: 'vouched', windows: [], cooldown: { name: 'vouched.cooldown' }, take: false },
  ]);
});

it('asks the same lists of rules again, which stores keep in the form they send', () => {
  const rulesOf = () => policy.send(send).map((request) => ('log' in request ? request.windows : request.budgets));
  const [first, second] = [rulesOf(), rulesOf()];
  first.forEach((rules, position) => expect(second[position]).toBe(rules));
});

it('C2 where no number passes as known, a number earns credit for what is shared every day, not once in 90', () => {
  const creditOf = (asked: LimitPolicy) =>
    asked
      .settled({ number, lane: 'public' }, destination, [{ at: 1, ipGroup: undefined, counted: true }])
      .flatMap((charge) => ('tally' in charge ? [charge.credit] : []));
  const daily = ['daily', 'daily', 'daily'];
  expect(creditOf(policy)).toEqual(['first', 'first', 'first']);
  expect(creditOf(policyOf({ knownNumbers: { withinSeconds: 90 * 86_400, passes: 0 } }))).toEqual(daily);
  expect(creditOf(new LimitPolicy(DEFAULT_LIMITS, index, { decoys: true }))).toEqual(daily);
});
