import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { OtpStore, RecordKey, RecordKind, TallyCharge, TallyRequest } from '../../stores/otp-store.js';
import {
  answer,
  ANSWERED,
  budgetOf,
  hasRoom,
  issue,
  newKey,
  refused,
  takeAmount,
  taken,
  tallyRequest,
  type CaseBodies,
} from './fixtures.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A settled charge that earns nothing but its credit. */
function creditOf(key: RecordKey, credit: TallyCharge['credit'], at = 1): TallyCharge {
  return { key, tally: 'sends', amount: 0, at, ...(credit && { credit }) };
}

/**
 * Asks a tally of which one credit admits one message, and nothing else does. Something was taken from it and answered,
 * so that it knows its window: until then it would not know how long to keep a credit.
 */
async function perCredit(store: OtpStore, kind: RecordKind, windowSeconds = 90 * 86_400): Promise<TallyRequest> {
  const ask = tallyRequest({ key: newKey(kind) });
  const first = budgetOf(1, windowSeconds, { counts: 'unanswered' });
  await store.limits.settle([await takeAmount(store, { ...ask, budgets: [first] })]);
  return { ...ask, budgets: [{ ...first, floor: 0, share: 1 }] };
}

function earn(store: OtpStore, key: RecordKey, count: number): Promise<void> {
  return store.limits.settle(Array.from({ length: count }, () => creditOf(key, 'always')));
}

/** What is earned by answers, and what a tally's limit grows by it. */
export const creditCases: CaseBodies = {
  'a budget admits its share of the credits, where that is more than its floor': async ({ store }) => {
    const ask = tallyRequest({ budgets: [budgetOf(2, 3600, { share: 0.5 })] });
    await earn(store, ask.key, 5);
    await hasRoom(store, ask, 2);
    await earn(store, ask.key, 1);
    await hasRoom(store, ask, 3);
    await taken(store, { ...ask, amount: 3 });
    assert.equal((await refused(store, ask)).retryAfterMs, HOUR_MS);
  },

  'credits leave with the window, and settling without one earns none': async ({ store, elapse }) => {
    const ask = await perCredit(store, 'country', 3600);
    await store.limits.settle([creditOf(ask.key, undefined)]);
    await hasRoom(store, ask, 0);
    await earn(store, ask.key, 1);
    await elapse(20_000);
    await earn(store, ask.key, 1);
    await hasRoom(store, ask, 2);
    await elapse(HOUR_MS - 20_000);
    await hasRoom(store, ask, 1);
    await elapse(20_000);
    await hasRoom(store, ask, 0);
  },

  'settling what was taken earns its credit in the same step, giving back none': async ({ store }) => {
    const ask = tallyRequest({ budgets: [budgetOf(2, 3600, { counts: 'unanswered', share: 3 })] });
    const charge = await takeAmount(store, ask);
    await hasRoom(store, ask, 1);
    await store.limits.giveBack([{ ...charge, credit: 'always' }]);
    await hasRoom(store, ask, 2);
    const next = await takeAmount(store, ask);
    await store.limits.settle([{ ...next, credit: 'always' }]);
    await hasRoom(store, ask, 3);
  },

  'credits raise what is young and how many values are distinct': async ({ store }) => {
    const ask = tallyRequest({ distinct: { name: 'd', value: 'DE', limit: 1, share: 0.5, windowSeconds: 3600 } });
    const other = { ...ask, distinct: { name: 'd', value: 'FR', limit: 1, share: 0.5, windowSeconds: 3600 } };
    await taken(store, ask);
    await earn(store, ask.key, 3);
    await refused(store, other);
    await earn(store, ask.key, 1);
    await taken(store, other);

    const young = { seconds: 120, upTo: 1, share: 0.5 };
    const busy = tallyRequest({ budgets: [budgetOf(2, 3600, { counts: 'unanswered', young })] });
    await taken(store, { ...busy, amount: 2 });
    await hasRoom(store, busy, 1);
    await earn(store, busy.key, 4);
    await hasRoom(store, busy, 2);
  },

  'settling outside an answer earns only what is always earned': async ({ store }) => {
    const ask = await perCredit(store, 'prefix');
    await store.limits.settle([creditOf(ask.key, 'daily'), creditOf(ask.key, 'first')]);
    await hasRoom(store, ask, 0);
  },

  'an answer earns `always` every time': async ({ store }) => {
    const [number, ask] = [newKey(), await perCredit(store, 'country')];
    for (const count of [1, 2]) {
      await answer(store, number, { settle: [creditOf(ask.key, 'always')] });
      await hasRoom(store, ask, count);
    }
  },

  'an answer earns `daily` when the number had not answered on that day': async ({ store, clock, elapse }) => {
    const [number, ask] = [newKey(), await perCredit(store, 'ip')];
    const toMidnight = DAY_MS - (clock.now() % DAY_MS);
    const steps = [
      [0, 1],
      [toMidnight - 2_000, 1],
      [2_000, 2],
      [DAY_MS - 1_000, 2],
      [1_000, 3],
    ] as const;
    for (const [wait, credits] of steps) {
      await elapse(wait);
      await answer(store, number, { settle: [creditOf(ask.key, 'daily')] });
      await hasRoom(store, ask, credits);
    }
    await answer(store, newKey(), { settle: [creditOf(ask.key, 'daily')] });
    await hasRoom(store, ask, 4);
  },

  'an answer earns `first` when the number was not known any more': async ({ store, elapse }) => {
    const [number, ask] = [newKey(), await perCredit(store, 'country')];
    const answered = { knownSeconds: 3 * 86_400 };
    const steps = [
      [0, 1],
      [3 * DAY_MS - 1_000, 1],
      [3 * DAY_MS, 2],
    ] as const;
    for (const [wait, credits] of steps) {
      await elapse(wait);
      await answer(store, number, { answered, settle: [creditOf(ask.key, 'first')] });
      await hasRoom(store, ask, credits);
    }
  },

  'one IP and prefix earn no more credits of `first` than allowed, over all tallies together': async ({
    store,
    elapse,
  }) => {
    const [prefix, country] = [await perCredit(store, 'prefix'), await perCredit(store, 'country')];
    const firstCredits = { key: newKey('pair'), limit: 2, windowSeconds: 86_400 };
    const settle = [creditOf(prefix.key, 'first'), creditOf(country.key, 'first')];
    const answered = { ...ANSWERED, firstCredits };
    const known = newKey();
    await answer(store, known);
    // Neither one who is known nor an answer without such a charge uses any of it up.
    await answer(store, known, { answered, settle });
    await answer(store, newKey(), { answered, settle: [creditOf(country.key, 'always')] });
    for (const credits of [1, 2, 2]) {
      await answer(store, newKey(), { answered, settle });
      await hasRoom(store, prefix, credits);
      await hasRoom(store, country, credits + 1);
    }
    await answer(store, newKey(), {
      answered: { ...answered, firstCredits: { ...firstCredits, key: newKey('pair') } },
      settle,
    });
    await hasRoom(store, prefix, 3);
    await elapse(DAY_MS);
    await answer(store, newKey(), { answered, settle });
    await hasRoom(store, prefix, 4);
  },

  'A3 an answer that is repeated or comes too late earns nothing': async ({ store }) => {
    const [key, ask] = [newKey(), await perCredit(store, 'ip')];
    const { ref } = await issue(store, { key });
    const none = {
      kind: 'none',
      nonce: randomBytes(8),
      answered: ANSWERED,
      settle: [creditOf(ask.key, 'always')],
    } as const;
    assert.equal((await store.challenges.replaceIf(ref, 2, none)).outcome, 'stale');
    await hasRoom(store, ask, 0);
    assert.equal((await store.challenges.replaceIf(ref, 1, none)).outcome, 'replaced');
    assert.equal((await store.challenges.replaceIf(ref, 1, none)).outcome, 'replaced');
    await store.challenges.replaceIf(ref, 1, { ...none, nonce: randomBytes(8) });
    await hasRoom(store, ask, 1);
  },

  'history follows the credits of the days before by a seventh a day': async ({ store, elapse }) => {
    const key = newKey('country');
    // An hour has an eighth of a day's level, so this asks for the level itself.
    const hour = tallyRequest({ key, budgets: [budgetOf(0, 3600, { share: 8 })] });
    await earn(store, key, 100);
    await elapse(DAY_MS);
    await hasRoom(store, hour, 14);
    await elapse(DAY_MS);
    await hasRoom(store, hour, 12);
    await hasRoom(store, { ...hour, budgets: [budgetOf(0, 21_600, { share: 1 })] }, 9);
    await hasRoom(store, { ...hour, budgets: [budgetOf(13, 3600, { share: 8 })] }, 13);
    // No window counts for more than a day, nor does history add to credits: the more of both counts.
    await elapse(5 * DAY_MS);
    await hasRoom(store, { ...hour, budgets: [budgetOf(0, 7 * 86_400, { share: 1 })] }, 5);
    await earn(store, key, 20);
    await hasRoom(store, { ...hour, budgets: [budgetOf(0, 86_400, { share: 1 })] }, 20);
    // The day that runs does not count yet.
    await elapse(2 * HOUR_MS);
    await hasRoom(store, hour, 5);
  },

  'history grows by a bounded step a day, and is forgotten in time': async ({ store, elapse }) => {
    const key = newKey('prefix');
    const hour = tallyRequest({ key, budgets: [budgetOf(0, 3600, { share: 8 })] });
    for (const level of [20, 40, 62]) {
      await earn(store, key, 200);
      await elapse(DAY_MS);
      await hasRoom(store, hour, level);
    }
    await elapse(29 * DAY_MS);
    await hasRoom(store, hour, 0);
  },
};
