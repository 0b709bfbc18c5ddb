import assert from 'node:assert/strict';
import type { DistinctLimit, TallyRequest } from '../../stores/otp-store.js';
import {
  budgetOf,
  hasRoom,
  issue,
  newKey,
  outcomes,
  refused,
  request,
  roomOf,
  takeAmount,
  taken,
  tallyRequest,
  times,
  windowOf,
  type CaseBodies,
} from './fixtures.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

function distinctOf(value: string, overrides: Partial<DistinctLimit> = {}): DistinctLimit {
  return { name: 'countries', value, limit: 2, share: 0, windowSeconds: 3600, ...overrides };
}

/** Budgets and limits of distinct values. The clock of a case starts at midnight, where spans of every width begin. */
export const tallyCases: CaseBodies = {
  'B7 a budget admits its floor and refuses the next': async ({ store, clock }) => {
    const ask = tallyRequest({ budgets: [budgetOf(3, 3600)] });
    const now = clock.now();
    for (let i = 0; i < 3; i++) {
      const charges = [{ key: ask.key, tally: 'sends', amount: 1, at: now }];
      assert.deepEqual(await taken(store, ask), {
        outcome: 'taken',
        charges,
        nextAt: now,
        now,
        known: false,
        usedUp: [],
      });
    }
    assert.deepEqual(await refused(store, ask), {
      outcome: 'refused',
      limit: 'all.3.3600',
      log: 'sends',
      kind: 'ip',
      retryAfterMs: HOUR_MS,
      now,
      usedUp: ['all.3.3600'],
    });
  },

  'amounts add up, and one that is larger than its budget waits for the whole window': async ({ store }) => {
    const ask = tallyRequest({ tally: 'spending', budgets: [budgetOf(50, 3600)] });
    await taken(store, { ...ask, amount: 30 });
    await refused(store, { ...ask, amount: 21 });
    await taken(store, { ...ask, amount: 20 });
    assert.equal((await refused(store, { ...ask, amount: 51 })).retryAfterMs, HOUR_MS);
  },

  'B7 a span counts until its newest amount has left the window': async ({ store, elapse }) => {
    const ask = tallyRequest({ budgets: [budgetOf(2, 60)] });
    await taken(store, ask);
    await elapse(9_999);
    await taken(store, ask);
    await elapse(50_001);
    assert.equal((await refused(store, ask)).retryAfterMs, 9_999);
    await elapse(9_998);
    assert.equal((await refused(store, ask)).retryAfterMs, 1);
    await elapse(1);
    await hasRoom(store, ask, 2);
  },

  'spans of two slots leave one after the other, however close they are': async ({ store, elapse }) => {
    const ask = tallyRequest({ budgets: [budgetOf(2, 60)] });
    await elapse(9_999);
    await taken(store, ask);
    await elapse(1);
    await taken(store, ask);
    assert.equal((await refused(store, ask)).retryAfterMs, 59_999);
    await elapse(59_999);
    await hasRoom(store, ask, 1);
    await elapse(1);
    await hasRoom(store, ask, 2);
  },

  'the wait ends when enough has left, not when the oldest has': async ({ store, elapse }) => {
    const ask = tallyRequest({ budgets: [budgetOf(6, 600)] });
    for (const amount of [1, 2, 3]) {
      await taken(store, { ...ask, amount });
      await elapse(10_000);
    }
    assert.equal((await refused(store, ask)).retryAfterMs, 570_000);
    assert.equal((await refused(store, { ...ask, amount: 2 })).retryAfterMs, 580_000);
    assert.equal((await refused(store, { ...ask, amount: 4 })).retryAfterMs, 590_000);
    await elapse(580_000);
    await taken(store, { ...ask, amount: 2 });
  },

  'spans older than two minutes grow together within their minute': async ({ store, elapse }) => {
    const ask = tallyRequest({ budgets: [budgetOf(4, 3600)] });
    // Minute 0 and its end become one span; the second minute stays apart.
    for (const wait of [0, 50_000, 10_000, 140_000]) {
      await elapse(wait);
      await taken(store, ask);
    }
    assert.equal((await refused(store, ask)).retryAfterMs, HOUR_MS - 150_000);
    await elapse(HOUR_MS - 150_000);
    await hasRoom(store, ask, 2);
    await elapse(10_000);
    await hasRoom(store, ask, 3);
  },

  'spans older than an hour grow together within 24 minutes': async ({ store, elapse }) => {
    const ask = tallyRequest({ budgets: [budgetOf(4, 86_400)] });
    for (const minutes of [0, 23, 1, 66]) {
      await elapse(minutes * MINUTE_MS);
      await taken(store, ask);
    }
    assert.equal((await refused(store, ask)).retryAfterMs, DAY_MS - 67 * MINUTE_MS);
    await elapse(DAY_MS - 67 * MINUTE_MS);
    await hasRoom(store, ask, 2);
  },

  'several budgets decide together: the longest wait is told, and all that refuse': async ({ store, elapse }) => {
    const ask = tallyRequest({ budgets: [budgetOf(2, 60), budgetOf(3, 3600), budgetOf(2, 7200, { observe: true })] });
    await taken(store, ask);
    await elapse(20_000);
    await taken(store, ask);
    const first = await refused(store, ask);
    assert.deepEqual([first.limit, first.retryAfterMs], ['all.2.60', 40_000]);
    // What is only observed refuses nothing.
    assert.deepEqual(first.usedUp, ['all.2.60']);
    await elapse(40_000);
    await taken(store, ask);
    const second = await refused(store, ask);
    assert.deepEqual([second.limit, second.retryAfterMs], ['all.3.3600', HOUR_MS - MINUTE_MS]);
    assert.deepEqual(second.usedUp, ['all.2.60', 'all.3.3600']);
  },

  'a smaller window asked in between forgets nothing of a larger one': async ({ store, elapse }) => {
    const ask = tallyRequest({ budgets: [budgetOf(2, 86_400)] });
    await taken(store, ask);
    await elapse(2 * HOUR_MS);
    await taken(store, { ...ask, budgets: [budgetOf(5, 60)] });
    await hasRoom(store, ask, 0);
  },

  'an observed budget refuses nobody, counts, and tells that it is used up': async ({ store }) => {
    const ask = tallyRequest({ budgets: [budgetOf(1, 3600, { observe: true })] });
    assert.deepEqual((await taken(store, ask)).usedUp, []);
    assert.deepEqual((await taken(store, ask)).usedUp, ['all.1.3600']);
    await hasRoom(store, { ...ask, budgets: [budgetOf(3, 3600)] }, 1);
  },

  'a trickle admits one in its time when its budget is used up': async ({ store, elapse }) => {
    const ask = tallyRequest({ budgets: [budgetOf(1, 3600, { trickleSeconds: 300 })] });
    assert.deepEqual((await taken(store, ask)).usedUp, []);
    await taken(store, { ...ask, take: false });
    assert.deepEqual((await taken(store, ask)).usedUp, ['all.1.3600']);
    const refusal = await refused(store, ask);
    assert.deepEqual([refusal.retryAfterMs, refusal.usedUp], [300_000, ['all.1.3600']]);
    await elapse(299_999);
    assert.equal((await refused(store, ask)).retryAfterMs, 1);
    await elapse(1);
    assert.deepEqual((await taken(store, ask)).usedUp, ['all.1.3600']);
    await refused(store, ask);
  },

  'the wait of a trickle is no longer than that of its budget': async ({ store }) => {
    const ask = tallyRequest({ budgets: [budgetOf(1, 60, { trickleSeconds: 300 })] });
    await taken(store, ask);
    await taken(store, ask);
    assert.equal((await refused(store, ask)).retryAfterMs, 60_000);
  },

  'a trickle admits only when every budget that is used up has one': async ({ store }) => {
    const trickle = { trickleSeconds: 300 };
    const ask = tallyRequest({ budgets: [budgetOf(1, 3600, trickle), budgetOf(1, 60)] });
    await taken(store, ask);
    assert.equal((await refused(store, ask)).limit, 'all.1.60');
    await taken(store, { ...ask, budgets: [budgetOf(1, 3600, trickle), budgetOf(1, 60, trickle)] });
  },

  'what is young is overlooked, up to its own limit': async ({ store, elapse }) => {
    const young = { seconds: 120, upTo: 3, share: 0 };
    const ask = tallyRequest({ budgets: [budgetOf(2, 3600, { counts: 'unanswered', young })] });
    await refused(store, { ...ask, amount: 3 });
    await taken(store, { ...ask, amount: 2 });
    await taken(store, ask);
    await hasRoom(store, ask, 2);
    // A span is young while all of it is, which is known to ten seconds.
    await elapse(110_000);
    await hasRoom(store, ask, 2);
    await elapse(1);
    assert.equal((await refused(store, ask)).retryAfterMs, HOUR_MS - 110_001);
    const fresh = { ...ask, key: newKey('ip') };
    await taken(store, { ...fresh, amount: 2 });
    await taken(store, { ...fresh, amount: 2 });
    await hasRoom(store, fresh, 1);
  },

  'distinct values: those known pass, another one waits until enough have left': async ({ store, elapse }) => {
    const ask = tallyRequest();
    const from = (value: string): TallyRequest => ({ ...ask, distinct: distinctOf(value) });
    await taken(store, from('DE'));
    await elapse(20_000);
    await taken(store, from('FR'));
    await elapse(1_000);
    const refusal = await refused(store, from('IT'));
    assert.deepEqual(
      [refusal.limit, refusal.log, refusal.kind, refusal.retryAfterMs, refusal.usedUp],
      ['countries', 'sends', 'ip', HOUR_MS - 21_000, ['countries']],
    );
    await taken(store, from('FR'));
    assert.equal((await refused(store, { ...ask, distinct: distinctOf('IT', { limit: 1 }) })).retryAfterMs, HOUR_MS);
    await elapse(HOUR_MS - 21_000);
    assert.equal((await taken(store, from('IT'))).usedUp.length, 0);
  },

  'distinct values: one counts while anything of it is unanswered': async ({ store }) => {
    const ask = tallyRequest({ distinct: distinctOf('DE', { limit: 1 }), budgets: [] });
    const other = { ...ask, distinct: distinctOf('FR', { limit: 1 }) };
    const [first, second] = [await takeAmount(store, ask), await takeAmount(store, ask)];
    assert.equal(first.value, 'DE');
    await store.limits.settle([first]);
    await refused(store, other);
    await store.limits.giveBack([second]);
    await taken(store, other);
    await refused(store, ask);
  },

  'distinct values that are observed refuse nobody': async ({ store }) => {
    const ask = tallyRequest({ distinct: distinctOf('DE', { limit: 0, observe: true }), budgets: [] });
    assert.deepEqual((await taken(store, ask)).usedUp, ['countries']);
    assert.deepEqual((await taken(store, ask)).usedUp, []);
    await refused(store, { ...ask, distinct: distinctOf('FR', { limit: 0 }) });
  },

  'what is settled counts among all and not among the unanswered, what is given back nowhere': async ({ store }) => {
    const ask = tallyRequest();
    const [first, second] = [await takeAmount(store, { ...ask, amount: 2 }), await takeAmount(store, ask)];
    await store.limits.settle([first]);
    const unanswered = { ...ask, budgets: [budgetOf(5, 3600, { counts: 'unanswered' })] };
    await hasRoom(store, ask, 2);
    await hasRoom(store, unanswered, 4);
    await store.limits.giveBack([second]);
    await hasRoom(store, ask, 3);
    await hasRoom(store, unanswered, 5);
  },

  'settling and giving back find the span of the charge, after it grew together with others too': async ({
    store,
    elapse,
  }) => {
    const ask = tallyRequest({ budgets: [budgetOf(9, 3600, { counts: 'unanswered' })] });
    const first = await takeAmount(store, { ...ask, amount: 3 });
    await elapse(20_000);
    const second = await takeAmount(store, { ...ask, amount: 2 });
    await elapse(40_000);
    await takeAmount(store, ask);
    await store.limits.settle([first]);
    await elapse(140_000);
    const last = await takeAmount(store, ask);
    await hasRoom(store, ask, 5);
    await store.limits.giveBack([second]);
    await hasRoom(store, ask, 7);
    await elapse(HOUR_MS - 140_000);
    await hasRoom(store, ask, 8);
    await store.limits.settle([last]);
    await hasRoom(store, ask, 9);
  },

  'settling more than there is changes nothing below zero': async ({ store }) => {
    const ask = tallyRequest({ budgets: [budgetOf(5, 3600, { counts: 'unanswered' })] });
    const charge = await takeAmount(store, ask);
    await store.limits.settle([charge, charge]);
    await store.limits.giveBack([charge, charge, charge]);
    await store.limits.settle([
      { ...charge, key: newKey('ip') },
      { ...charge, tally: 'spending' },
    ]);
    await hasRoom(store, ask, 5);
    await hasRoom(store, { ...ask, tally: 'spending' }, 5);
  },

  'all or nothing over logs and tallies together': async ({ store }) => {
    const [number, full] = [newKey(), newKey()];
    const log = request(number, { windows: [windowOf(3, 3600)] });
    const tally = tallyRequest({ budgets: [budgetOf(3, 3600)], distinct: distinctOf('DE', { limit: 1 }) });
    const fullLog = request(full, { windows: [windowOf(1, 3600)] });
    const fullTally = tallyRequest({ key: newKey('country'), budgets: [budgetOf(1, 3600)] });
    await taken(store, fullLog, fullTally);
    for (const refusing of [fullLog, fullTally]) {
      await refused(store, log, tally, refusing);
      await refused(store, refusing, tally, log);
    }
    assert.equal(await roomOf(store, log), 3);
    await hasRoom(store, { ...tally, distinct: distinctOf('FR', { limit: 1 }) }, 3);
    const { charges } = await taken(store, tally, log);
    assert.deepEqual(
      charges.map(({ key }) => key.kind),
      ['ip', 'number'],
    );
  },

  'what everybody shares is asked only when the others admit, and then all of it': async ({ store }) => {
    const shared = (['prefix', 'country', 'all'] as const).map((kind, index) =>
      tallyRequest({ key: newKey(kind), budgets: [budgetOf(1, 7200 - index)] }),
    );
    const ip = tallyRequest({ budgets: [budgetOf(1, 60)] });
    await taken(store, ip, ...shared);
    const first = await refused(store, ip, ...shared);
    assert.deepEqual([first.usedUp, first.retryAfterMs], [['all.1.60'], 60_000]);
    const second = await refused(store, ...shared);
    assert.deepEqual(second.usedUp.toSorted(), ['all.1.7198', 'all.1.7199', 'all.1.7200']);
    assert.equal(second.retryAfterMs, 7_200_000);
  },

  'of refusals by logs and tallies the longest wait is told, and all names': async ({ store }) => {
    // Of kinds that a cluster asks side by side; what it asks only when these admit cannot be told.
    const log = request(newKey(), { windows: [windowOf(0, 600)] });
    const [short, long] = [60, 7200].map((seconds) =>
      tallyRequest({ tally: 'failedSends', budgets: [budgetOf(0, seconds)] }),
    );
    assert.ok(short && long);
    const refusal = await refused(store, short, log, long);
    assert.deepEqual(
      [refusal.limit, refusal.log, refusal.kind, refusal.retryAfterMs],
      ['all.0.7200', 'failedSends', 'ip', 7_200_000],
    );
    assert.deepEqual(refusal.usedUp.toSorted(), ['all.0.60', 'all.0.600', 'all.0.7200']);
    assert.equal((await refused(store, short, log)).limit, 'all.0.600');
  },

  'two requests to one tally see each other': async ({ store }) => {
    const ask = tallyRequest({ budgets: [budgetOf(3, 3600)], amount: 2 });
    await refused(store, ask, ask);
    await hasRoom(store, ask, 3);
    await taken(store, ask, { ...ask, amount: 1 });
  },

  'a question takes nothing': async ({ store }) => {
    const ask = tallyRequest({ take: false, distinct: distinctOf('DE', { limit: 1 }) });
    assert.deepEqual((await taken(store, ask)).charges, []);
    await hasRoom(store, { ...ask, distinct: distinctOf('FR', { limit: 1 }) }, 5);
  },

  'tallies, kinds, records and logs are counted apart, and clearing leaves tallies': async ({ store }) => {
    const ask = tallyRequest({ budgets: [budgetOf(1, 3600)] });
    const kinds = ['network', 'prefix', 'country', 'all', 'pair', 'number'] as const;
    const others: TallyRequest[] = [
      ...(['wrongCodes', 'failedSends', 'spending'] as const).map((tally) => ({ ...ask, tally })),
      ...kinds.map((kind) => ({ ...ask, key: { kind, index: ask.key.index } })),
      { ...ask, key: newKey('ip') },
    ];
    await taken(store, ask);
    await taken(store, request(ask.key, { windows: [windowOf(1, 3600)] }));
    for (const other of others) {
      await taken(store, other);
    }
    await store.limits.clear(ask.key);
    for (const one of [ask, ...others]) {
      await refused(store, one);
    }
  },

  'B7 50 takes at once: at most the budget is admitted': async ({ store }) => {
    const ask = tallyRequest({ budgets: [budgetOf(5, 3600)] });
    const results = await times(50, () => store.limits.take([ask]));
    assert.deepEqual(outcomes(results), { taken: 5, refused: 45 });
  },

  'a clock set back neither frees an amount nor revives one': async ({ store, clock, elapse }) => {
    const ask = tallyRequest({ budgets: [budgetOf(2, 600)] });
    await taken(store, ask);
    await elapse(600_000);
    await taken(store, ask);
    clock.advanceMs(-HOUR_MS);
    const charge = await takeAmount(store, ask);
    assert.equal(charge.at, clock.now() + HOUR_MS);
    assert.equal((await refused(store, ask)).retryAfterMs, HOUR_MS + 600_000);
    await elapse(HOUR_MS + 599_999);
    await refused(store, ask);
    await elapse(1);
    await hasRoom(store, ask, 2);
  },

  'an attempt is charged to tallies as well, or to nothing': async ({ store }) => {
    const { ref } = await issue(store);
    const wrongCodes = request(ref.key, { log: 'wrongCodes' });
    const ip = tallyRequest({ tally: 'wrongCodes', budgets: [budgetOf(1, 3600)] });
    const first = await store.challenges.reserveAttempt(ref, [wrongCodes, ip]);
    assert.ok(first.outcome === 'reserved');
    assert.deepEqual(first.charges[1], { key: ip.key, tally: 'wrongCodes', amount: 1, at: first.charges[0]?.at });
    const second = await store.challenges.reserveAttempt(ref, [wrongCodes, ip]);
    assert.ok(second.outcome === 'refused');
    assert.deepEqual([second.log, second.kind, second.usedUp], ['wrongCodes', 'ip', ['all.1.3600']]);
    assert.equal((await store.challenges.find(ref))?.attemptsRemaining, 4);
    assert.equal(await roomOf(store, wrongCodes), 4);
    const settled = { kind: 'none', giveBack: first.charges } as const;
    assert.equal((await store.challenges.replaceIf(ref, 1, settled)).outcome, 'replaced');
    await hasRoom(store, ip, 1);
  },
};
