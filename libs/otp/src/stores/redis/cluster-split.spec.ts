import { describe, expect, it } from 'vitest';
import type { ChallengeStore, Charge, LimitRequest, LimitRefusal, LimitsTaken, RecordKey } from '../otp-store.js';
import { StoreUnavailableError } from '../otp-store.js';
import { ClusterChallengeStore, ClusterLimitStore, type RecordLimits } from './cluster-split.js';

const number: RecordKey = { kind: 'number', index: 'N' };
const ip: RecordKey = { kind: 'ip', index: 'I' };
const ref = { key: number, id: Buffer.alloc(16) };
const lost = new StoreUnavailableError('lost');

function ask(key: RecordKey, { log = 'sends', take = true }: Partial<LimitRequest> = {}): LimitRequest {
  return { key, log, windows: [], take };
}

function refusal({ kind }: RecordKey, retryAfterMs: number): LimitRefusal {
  return { outcome: 'refused', limit: 'window', log: 'sends', kind, retryAfterMs, now: 5 };
}

interface Answers {
  readonly ip?: LimitRefusal | Error;
  readonly number?: LimitRefusal | Error;
  readonly amend?: Error;
  readonly reserve?: 'gone' | 'reserved' | Error;
  readonly replace?: 'replaced' | 'stale';
}

/** Stores of one record that answer as told, and write down what they are asked, one line a script. */
function split(answers: Answers = {}) {
  const asked: string[] = [];
  const one: RecordLimits = {
    take: async (requests) => {
      asked.push(`take ${requests.map(({ key, log }) => `${key.kind}.${log}`).join(' ')}`);
      const kind = requests[0]?.key.kind ?? 'ip';
      const answer = answers[kind];
      if (answer instanceof Error) {
        throw answer;
      }
      return answer ?? taken(requests, kind === 'ip' ? 1_000 : 7_000);
    },
    count: async (requests) => {
      const now = requests[0]?.key.kind === 'ip' ? 1_000 : 7_000;
      return { uses: requests.map(({ log }) => ({ log, windows: [], cooldownEndsAt: now + 30 })), now };
    },
    clear: async () => undefined,
    amend: async (amendments) => {
      for (const what of ['settle', 'giveBack', 'undo'] as const) {
        asked.push(...(amendments[what] ?? []).map(({ key, log, at }) => `${what} ${key.kind}.${log}@${at}`));
      }
      if (answers.amend) {
        throw answers.amend;
      }
    },
  };
  const limits = new ClusterLimitStore(one);
  return { asked, limits, challenges: new ClusterChallengeStore(challengesOf(answers, asked), limits) };
}

function taken(requests: readonly LimitRequest[], now: number): LimitsTaken {
  const taking = requests.filter(({ take }) => take);
  return {
    outcome: 'taken',
    charges: taking.map(({ key, log }, i) => ({ key, log, at: now + i })),
    nextAt: now + 30,
    now,
  };
}

function challengesOf({ reserve = 'reserved', replace = 'replaced' }: Answers, asked: string[]): ChallengeStore {
  const unused = async () => expect.fail('not part of the split');
  return {
    create: unused,
    find: unused,
    count: unused,
    clear: unused,
    reserveAttempt: async (_, requests) => {
      asked.push(`reserve ${requests.map(({ key, log }) => `${key.kind}.${log}`).join(' ')}`);
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
        : { outcome: 'reserved', challenge, charges: taken(requests, 7_000).charges };
    },
    replaceIf: async (_ref, _generation, replacement) => {
      const charges =
        replacement.kind === 'none' ? [...(replacement.settle ?? []), ...(replacement.giveBack ?? [])] : [];
      asked.push(`replace ${charges.map(({ key, log }) => `${key.kind}.${log}`).join(' ')}`);
      return replace === 'replaced' ? { outcome: 'replaced', expiresAt: 9 } : { outcome: 'stale', live: false };
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
    });
  });

  it('one refuses: what the other took is undone before the answer', async () => {
    const { limits, asked } = split({ ip: refusal(ip, 9) });
    expect(await limits.take([ask(number), ask(ip)])).toEqual(refusal(ip, 9));
    expect(asked).toEqual(['take number.sends', 'take ip.sends', 'undo number.sends@7000']);
  });

  it('several refuse: the longest wait is told and nothing is undone', async () => {
    const { limits, asked } = split({ number: refusal(number, 3), ip: refusal(ip, 9) });
    expect(await limits.take([ask(number), ask(ip)])).toEqual(refusal(ip, 9));
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

  it('that lost amends nothing', async () => {
    const { challenges, asked } = split({ replace: 'stale' });
    await challenges.replaceIf(ref, 1, replacement);
    expect(asked).toEqual(['replace number.sends']);
  });
});
