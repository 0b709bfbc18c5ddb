import { describe, expect, it } from 'vitest';
import type {
  Charge,
  LimitRefusal,
  LimitRequest,
  LimitsTaken,
  LogRequest,
  RecordKey,
  TallyCharge,
  TallyRequest,
} from '../otp-store.js';
import { StoreUnavailableError } from '../otp-store.js';
import { ClusterChallengeStore, type RecordChallenges } from './cluster-challenge.store.js';
import { ClusterLimitStore, type RecordLimits } from './cluster-limit.store.js';
import type { Replaced } from './redis-challenge.store.js';
import type { UndoneCharge } from './script-amendments.js';

const number: RecordKey = { kind: 'number', index: 'N' };
const ip: RecordKey = { kind: 'ip', index: 'I' };
const ref = { key: number, id: Buffer.alloc(16) };
const country: RecordKey = { kind: 'country', index: 'C' };
const pair: RecordKey = { kind: 'pair', index: 'Q' };
const lost = new StoreUnavailableError('lost');

function ask(key: RecordKey, { log = 'sends', take = true, ...rules }: Partial<LogRequest> = {}): LogRequest {
  return { key, log, windows: [], take, ...rules };
}

function tally(key: RecordKey, rules: Partial<TallyRequest> = {}): TallyRequest {
  return { key, tally: 'sends', amount: 1, budgets: [], take: true, ...rules };
}

function nameOf(item: LimitRequest | Charge): string {
  return `${item.key.kind}.${'log' in item ? item.log : `${item.tally}#`}`;
}

function refusal({ kind }: RecordKey, retryAfterMs: number): LimitRefusal {
  return { outcome: 'refused', limit: 'window', log: 'sends', kind, retryAfterMs, now: 5, usedUp: ['window'] };
}

interface Answers {
  readonly ip?: LimitRefusal | Error;
  readonly number?: LimitRefusal | Error;
  readonly country?: LimitRefusal | Error;
  readonly pair?: LimitRefusal;
  readonly known?: boolean;
  readonly amend?: Error;
  readonly reserve?: 'gone' | 'reserved' | Error;
  readonly replace?: Replaced;
}

/** Stores of one record that answer as told, and write down what they are asked, one line a script. */
function split(answers: Answers = {}) {
  const asked: string[] = [];
  const one: RecordLimits = {
    take: async (requests) => {
      asked.push(`take ${requests.map(nameOf).join(' ')}`);
      const kind = requests[0]?.key.kind ?? 'ip';
      const answer =
        kind === 'ip' || kind === 'number' || kind === 'country' || kind === 'pair' ? answers[kind] : undefined;
      if (answer instanceof Error) {
        throw answer;
      }
      return answer ?? taken(requests, kind === 'ip' ? 1_000 : 7_000, kind === 'number' && answers.known === true);
    },
    count: async (requests) => {
      const now = requests[0]?.key.kind === 'ip' ? 1_000 : 7_000;
      return { uses: requests.map(({ log }) => ({ log, windows: [], cooldownEndsAt: now + 30 })), now };
    },
    numberState: async () => expect.fail('not part of the split'),
    clear: async () => undefined,
    amend: async (amendments) => {
      for (const what of ['settle', 'giveBack', 'undo'] as const) {
        asked.push(
          ...(amendments[what] ?? []).map((charge) => `${what} ${nameOf(charge)}@${charge.at}${along(charge)}`),
        );
      }
      if (answers.amend) {
        throw answers.amend;
      }
    },
  };
  const limits = new ClusterLimitStore(one);
  return { asked, limits, challenges: new ClusterChallengeStore(challengesOf(answers, asked), limits) };
}

function along(charge: Charge | UndoneCharge): string {
  if ('log' in charge) {
    return `${'usedPass' in charge && charge.usedPass ? ' pass' : ''}${'addedFailure' in charge && charge.addedFailure ? ' failure' : ''}`;
  }
  return charge.credit === undefined ? '' : ` ${charge.credit}`;
}

function taken(requests: readonly LimitRequest[], now: number, known = false): LimitsTaken {
  const taking = requests.filter(({ take }) => take);
  const charges = taking.map((request, i) => {
    const { key } = request;
    return 'log' in request
      ? { key, log: request.log, at: now + i }
      : { key, tally: request.tally, amount: request.amount, at: now + i };
  });
  return { outcome: 'taken', charges, nextAt: now + 30, now, known, usedUp: [] };
}

const DONE: Replaced = { outcome: 'replaced', expiresAt: 9, earned: { daily: false, first: false } };

function challengesOf({ reserve = 'reserved', replace = DONE }: Answers, asked: string[]): RecordChallenges {
  const unused = async () => expect.fail('not part of the split');
  return {
    create: unused,
    find: unused,
    count: unused,
    clear: unused,
    reserveAttempt: async (_, requests) => {
      asked.push(`reserve ${requests.map(nameOf).join(' ')}`);
      if (reserve instanceof Error) {
        throw reserve;
      }
      const challenge = {
        generation: 1,
        hash: Buffer.alloc(48),
        sealed: Buffer.alloc(1),
        delivery: 'sent',
        attemptsRemaining: 4,
        sendsRemaining: 2,
        expiresAt: 9,
      } as const;
      return reserve === 'gone'
        ? { outcome: 'gone' }
        : { outcome: 'reserved', usedUp: [], challenge, charges: taken(requests, 7_000).charges };
    },
    replace: async (_ref, _generation, replacement) => {
      const charges =
        replacement.kind === 'none' ? [...(replacement.settle ?? []), ...(replacement.giveBack ?? [])] : [];
      asked.push(`replace ${charges.map(nameOf).join(' ')}`);
      return replace;
    },
  };
}

describe('limits of several records in a cluster', () => {
  it('of one record stay one script', async () => {
    const { limits, asked } = split();
    await limits.take([ask(number), ask(number, { log: 'wrongCodes', take: false })]);
    expect(asked).toEqual(['take number.sends number.wrongCodes']);
  });

  it('are one script a record, and answered in the order of the requests, by the clock of the first', async () => {
    const { limits, asked } = split();
    const requests = [ask(number), ask(ip), ask(number, { log: 'wrongCodes', take: false }), ask(number)];
    const decision = await limits.take(requests);
    expect(asked).toEqual(['take number.sends number.wrongCodes number.sends', 'take ip.sends']);
    expect(decision).toEqual({
      outcome: 'taken',
      charges: [
        { key: number, log: 'sends', at: 7_000 },
        { key: ip, log: 'sends', at: 1_000 },
        { key: number, log: 'sends', at: 7_001 },
      ],
      nextAt: 7_030,
      now: 7_000,
      known: false,
      usedUp: [],
    });
  });

  it('one refuses: what the other took is undone before the answer', async () => {
    const { limits, asked } = split({ ip: refusal(ip, 9) });
    expect(await limits.take([ask(number), ask(ip)])).toEqual(refusal(ip, 9));
    expect(asked).toEqual(['take number.sends', 'take ip.sends', 'undo number.sends@7000']);
  });

  it('several refuse: the longest wait is told and nothing is undone', async () => {
    const { limits, asked } = split({ number: refusal(number, 3), ip: refusal(ip, 9) });
    const longest = { ...refusal(ip, 9), usedUp: ['window', 'window'] };
    expect(await limits.take([ask(number), ask(ip)])).toEqual(longest);
    expect(asked).toHaveLength(2);
  });

  it('one fails: what the other took is undone, and the failure is told, also instead of a refusal', async () => {
    const { limits, asked } = split({ ip: lost });
    await expect(limits.take([ask(number), ask(ip)])).rejects.toBe(lost);
    expect(asked).toContain('undo number.sends@7000');
    await expect(split({ ip: lost, number: refusal(number, 9) }).limits.take([ask(number), ask(ip)])).rejects.toBe(
      lost,
    );
  });

  it('undoing fails: the refusal stands', async () => {
    const { limits } = split({ ip: refusal(ip, 9), amend: lost });
    expect(await limits.take([ask(number), ask(ip)])).toEqual(refusal(ip, 9));
  });

  it('are counted by the clock of the first', async () => {
    const { uses, now } = await split().limits.count([ask(number), ask(ip)]);
    expect([now, ...uses.map(({ cooldownEndsAt }) => cooldownEndsAt)]).toEqual([7_000, 7_030, 7_030]);
  });
});

describe('what everybody shares in a cluster', () => {
  const known = { withinSeconds: 60, passes: 2 };
  const requests = [ask(number, { known }), tally(ip), tally(country, { unlessKnown: true })];

  it('is asked only when number and client admit', async () => {
    const { limits, asked } = split();
    const decision = await limits.take([tally(country), ...requests]);
    expect(asked).toEqual(['take number.sends', 'take ip.sends#', 'take country.sends# country.sends#']);
    const charges = decision.outcome === 'taken' ? decision.charges : [];
    expect(charges.map(({ key }) => key)).toEqual([country, number, ip, country]);
    const refused = split({ ip: refusal(ip, 9) });
    expect(await refused.limits.take(requests)).toEqual(refusal(ip, 9));
    expect(refused.asked).toEqual(['take number.sends', 'take ip.sends#', 'undo number.sends@7000']);
  });

  it('is not asked what a known number passes over', async () => {
    const { limits, asked } = split({ known: true });
    expect(await limits.take(requests)).toMatchObject({ outcome: 'taken', known: true });
    expect(asked).toEqual(['take number.sends', 'take ip.sends#']);
  });

  it.each<[string, LimitRefusal | Error]>([
    ['refuses', refusal(country, 9)],
    ['fails', lost],
  ])('%s: everything that was taken before is undone, with the pass of a known number', async (_, answer) => {
    const { limits, asked } = split({ country: answer, known: true });
    const [result] = await Promise.allSettled([limits.take([...requests, tally(country)])]);
    expect(result).toMatchObject(answer === lost ? { reason: lost } : { value: refusal(country, 9) });
    expect(asked.slice(2)).toEqual(['take country.sends#', 'undo number.sends@7000 pass', 'undo ip.sends#@1000']);
  });
});

describe('an attempt in a cluster', () => {
  const requests = [ask(number, { log: 'wrongCodes' }), ask(ip, { log: 'wrongCodes' })];

  it('takes the client first and the number, which decides, last', async () => {
    const { challenges, asked } = split();
    const reservation = await challenges.reserveAttempt(ref, requests);
    expect(asked).toEqual(['take ip.wrongCodes', 'reserve number.wrongCodes']);
    expect(reservation.outcome === 'reserved' && reservation.charges.map(({ key }) => key)).toEqual([number, ip]);
  });

  it('B6 the client is refused: the number is not even asked', async () => {
    const { challenges, asked } = split({ ip: refusal(ip, 9) });
    expect(await challenges.reserveAttempt(ref, requests)).toEqual(refusal(ip, 9));
    expect(asked).toEqual(['take ip.wrongCodes']);
  });

  it.each<[string, Answers['reserve']]>([
    ['is gone', 'gone'],
    ['cannot be asked', lost],
  ])('the challenge %s: the client gets its charge back', async (_, reserve) => {
    const { challenges, asked } = split(reserve === undefined ? {} : { reserve });
    const [result] = await Promise.allSettled([challenges.reserveAttempt(ref, requests)]);
    expect(result).toMatchObject(reserve === lost ? { reason: lost } : { value: { outcome: 'gone' } });
    expect(asked.at(-1)).toBe('undo ip.wrongCodes@1000');
  });
});

describe('a consumption in a cluster', () => {
  const charge = (key: RecordKey): Charge => ({ key, log: 'sends', at: 1 });
  const replacement = { kind: 'none', settle: [charge(number), charge(ip)], giveBack: [charge(ip)] } as const;

  it('decides in the number and amends the others afterwards', async () => {
    const { challenges, asked } = split();
    await challenges.replaceIf(ref, 1, replacement);
    expect(asked).toEqual(['replace number.sends', 'settle ip.sends@1', 'giveBack ip.sends@1']);
  });

  it('A3 is not undone by a failure elsewhere', async () => {
    const { challenges } = split({ amend: lost });
    expect(await challenges.replaceIf(ref, 1, replacement)).toEqual({ outcome: 'replaced', expiresAt: 9 });
  });

  const credited = (credit: TallyCharge['credit'], key = country): TallyCharge => ({
    key,
    tally: 'sends',
    amount: 1,
    at: 1,
    ...(credit && { credit }),
  });
  const answered = { knownSeconds: 60, firstCredits: { key: pair, limit: 3, windowSeconds: 60 } };
  const credits = [credited('daily', ip), credited('first'), credited('always')];
  const done = (daily: boolean, first: boolean): Replaced => ({ ...DONE, earned: { daily, first } });

  it('earns elsewhere the credits that the number decided, `first` ones as the pair admits', async () => {
    const given = async (answers: Answers) => {
      const { challenges, asked } = split(answers);
      await challenges.replaceIf(ref, 1, { kind: 'none', settle: credits, answered });
      return asked.slice(1);
    };
    const settled = (daily: string, first: string) => [
      `settle ip.sends#@1${daily}`,
      `settle country.sends#@1${first}`,
      'settle country.sends#@1 always',
    ];
    expect(await given({ replace: done(true, true) })).toEqual(['take pair.sends#', ...settled(' always', ' always')]);
    expect(await given({ replace: done(true, true), pair: refusal(pair, 9) })).toEqual([
      'take pair.sends#',
      ...settled(' always', ''),
    ]);
    expect(await given({ replace: done(true, false) })).toEqual(settled(' always', ''));
    expect(await given({ replace: done(false, false) })).toEqual(settled('', ''));
  });

  it('that an earlier call had done amends no tally again', async () => {
    const { challenges, asked } = split({ replace: { outcome: 'replaced', expiresAt: 9 } });
    await challenges.replaceIf(ref, 1, { ...replacement, settle: [charge(ip), ...credits], answered });
    expect(asked.slice(1)).toEqual(['settle ip.sends@1', 'giveBack ip.sends@1']);
  });

  it('that lost amends nothing', async () => {
    const { challenges, asked } = split({ replace: { outcome: 'stale', live: false } });
    await challenges.replaceIf(ref, 1, replacement);
    expect(asked).toEqual(['replace number.sends']);
  });
});
