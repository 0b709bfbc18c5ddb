import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { ATTEMPTS, issue, newKey, outcomes, request, roomOf, times, windowOf, type CaseBodies } from './fixtures.js';

const PARALLEL = 200;

/*
 * Each was seen to fail with its guard taken out, in Redis and in memory. Without the question for the attempts left in
 * reserve_attempt.lua, all 200 answers were admitted; without the removal in
 * replace_if.lua, 200 consumptions succeeded; without its comparison of generations, resend and consumption both
 * succeeded, and all of 20 resends that had sends left.
 */
export const raceCases: CaseBodies = {
  'B3 200 attempts at once: exactly as many as the challenge has are admitted, and never below zero': async ({
    store,
  }) => {
    const { ref } = await issue(store);
    const ip = request(newKey('ip'), { log: 'wrongCodes', windows: [windowOf(PARALLEL, 3600)] });
    const results = await times(PARALLEL, () => store.challenges.reserveAttempt(ref, [ip]));
    assert.deepEqual(outcomes(results), { reserved: ATTEMPTS, exhausted: PARALLEL - ATTEMPTS });
    const left = results.flatMap((result) =>
      result.outcome === 'reserved' ? [result.challenge.attemptsRemaining] : [],
    );
    assert.deepEqual(new Set(left), new Set([0, 1, 2, 3, 4]));
    assert.equal((await store.challenges.find(ref))?.attemptsRemaining, 0);
    assert.equal(await roomOf(store, ip), PARALLEL - ATTEMPTS);
  },

  'A3 200 identical consumptions at once: exactly one succeeds': async ({ store }) => {
    const { ref } = await issue(store);
    const results = await times(PARALLEL, () =>
      store.challenges.replaceIf(ref, 1, { kind: 'none', nonce: randomBytes(8) }),
    );
    assert.deepEqual(outcomes(results), { replaced: 1, stale: PARALLEL - 1 });
  },

  'A5 a resend racing consumptions: one wins as a whole': async ({ store }) => {
    for (let round = 0; round < 20; round++) {
      const { ref } = await issue(store);
      const code = { hash: randomBytes(48), sealed: randomBytes(68), ttlSeconds: 300 };
      const calls = [
        () => store.challenges.replaceIf(ref, 1, { kind: 'none' }),
        () => store.challenges.replaceIf(ref, 1, { kind: 'code', code }),
      ];
      const results = await Promise.all((round % 2 ? calls : calls.toReversed()).map((call) => call()));
      assert.deepEqual(outcomes(results), { replaced: 1, stale: 1 });
      const found = await store.challenges.find(ref);
      const loser = results.find(({ outcome }) => outcome === 'stale');
      assert.deepEqual(loser, { outcome: 'stale', live: found !== undefined });
      assert.equal(found?.generation ?? 2, 2);
    }
  },

  'A5 20 resends at once: one new code': async ({ store }) => {
    const { ref } = await issue(store);
    const results = await times(20, () =>
      store.challenges.replaceIf(ref, 1, {
        kind: 'code',
        code: { hash: randomBytes(48), sealed: randomBytes(68), ttlSeconds: 300 },
      }),
    );
    assert.deepEqual(outcomes(results), { replaced: 1, stale: 19 });
    const found = await store.challenges.find(ref);
    assert.deepEqual([found?.generation, found?.sendsRemaining], [2, 1]);
  },

  'H5 200 writers of one mark: one writes, all others read it': async ({ store }) => {
    const results = await times(PARALLEL, (index) => store.marks.putIfAbsent('proof', String(index), 60));
    const written = results.findIndex((result) => result === undefined);
    assert.equal(results.filter((result) => result === undefined).length, 1);
    assert.ok(results.every((result) => result === undefined || result === String(written)));
  },
};
