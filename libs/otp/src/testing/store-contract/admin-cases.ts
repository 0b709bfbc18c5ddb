import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { WindowUse } from '../../stores/otp-store.js';
import {
  COOLDOWN,
  issue,
  newKey,
  outcomes,
  request,
  roomOf,
  taken,
  takeOne,
  TTL_SECONDS,
  windowOf,
  type CaseBodies,
} from './fixtures.js';

const HOUR_MS = 3_600_000;
const TTL_MS = TTL_SECONDS * 1000;

const told = ({ used, admitsAt }: WindowUse) => ({ used, admitsAt });

/** What people on call ask of a store: how full a number's limits are, and to forget its challenges. */
export const adminCases: CaseBodies = {
  'counting tells for each window what is used and when it admits one more': async ({ store, clock, elapse }) => {
    const [key, ip] = [newKey(), newKey('ip')];
    const windows = [windowOf(2, 600), windowOf(5, 7200)];
    const sends = request(key, { windows, cooldown: COOLDOWN });
    const wrongCodes = request(ip, { log: 'wrongCodes', windows: [windowOf(1, 3600)] });
    const start = clock.now();
    await taken(store, sends);
    await elapse(60_000);
    await taken(store, sends, wrongCodes);
    await elapse(1_000);
    const { uses, now } = await store.limits.count([wrongCodes, sends]);
    assert.equal(now, clock.now());
    assert.deepEqual(uses, [
      {
        log: 'wrongCodes',
        windows: [{ ...windowOf(1, 3600), used: 1, admitsAt: start + 60_000 + HOUR_MS }],
        cooldownEndsAt: now,
      },
      {
        log: 'sends',
        windows: [
          { ...windowOf(2, 600), used: 2, admitsAt: start + 600_000 },
          { ...windowOf(5, 7200), used: 2, admitsAt: now },
        ],
        cooldownEndsAt: start + 60_000 + 60_000,
      },
    ]);
  },

  'counting takes nothing, and an unknown record is empty': async ({ store, clock }) => {
    const ask = request(newKey(), { windows: [windowOf(2, 3600)], cooldown: COOLDOWN });
    const now = clock.now();
    const empty = { log: 'sends', windows: [{ ...windowOf(2, 3600), used: 0, admitsAt: now }], cooldownEndsAt: now };
    for (let i = 0; i < 3; i++) {
      assert.deepEqual(await store.limits.count([ask]), { uses: [empty], now });
    }
    assert.deepEqual(await store.limits.count([]), { uses: [], now });
    assert.equal(await roomOf(store, request(ask.key, { windows: ask.windows })), 2);
  },

  'counting overlooks what was given back, what has left, and for the unanswered what was answered': async ({
    store,
    elapse,
  }) => {
    const windows = [windowOf(9, 600), windowOf(9, 600, 'unanswered')];
    const ask = request(newKey(), { windows });
    const used = async () => (await store.limits.count([ask])).uses[0]?.windows.map((window) => window.used);
    const [first, second] = [await takeOne(store, ask), await takeOne(store, ask)];
    await taken(store, ask);
    assert.deepEqual(await used(), [3, 3]);
    await store.limits.settle([first]);
    assert.deepEqual(await used(), [3, 2]);
    await store.limits.giveBack([second]);
    assert.deepEqual(await used(), [2, 1]);
    // Entries of one moment have times of their own, a millisecond apart.
    await elapse(600_002);
    assert.deepEqual(await used(), [0, 0]);
  },

  'counting and taking agree when the clock was set back': async ({ store, clock }) => {
    const ask = request(newKey(), { windows: [windowOf(1, 600), windowOf(0, 60)] });
    await taken(store, request(ask.key, { windows: [windowOf(1, 600)] }));
    clock.advanceMs(-HOUR_MS);
    const { uses, now } = await store.limits.count([ask]);
    const wait = { used: 1, admitsAt: now + HOUR_MS + 600_000 };
    assert.deepEqual(uses[0]?.windows.map(told), [wait, { used: 1, admitsAt: now + HOUR_MS + 60_000 }]);
    const refusal = await store.limits.take([ask]);
    assert.equal(refusal.outcome === 'refused' && refusal.retryAfterMs, wait.admitsAt - now);
  },

  'live challenges are counted by number, until their time is over': async ({ store, elapse }) => {
    const [key, other] = [newKey(), newKey()];
    assert.equal(await store.challenges.count(key), 0);
    const { ref } = await issue(store, { key });
    await issue(store, { key, ttlSeconds: 2 * TTL_SECONDS });
    await issue(store, { key: other });
    assert.equal(await store.challenges.count(key), 2);
    await elapse(TTL_MS);
    assert.equal(await store.challenges.count(key), 1);
    assert.equal(await store.challenges.count({ ...ref.key, kind: 'ip' }), 0);
    assert.equal(await store.challenges.count(other), 0);
  },

  'clearing removes the live challenges of a number and nothing else': async ({ store, elapse }) => {
    const [key, other] = [newKey(), newKey()];
    await issue(store, { key, ttlSeconds: 60 });
    const [first, second] = [await issue(store, { key }), await issue(store, { key })];
    const elsewhere = await issue(store, { key: other });
    const wrongCodes = request(key, { log: 'wrongCodes', windows: [windowOf(3, 7200)] });
    await store.challenges.reserveAttempt(first.ref, [wrongCodes]);
    await elapse(60_000);
    assert.equal(await store.challenges.clear(key), 2);
    for (const { ref } of [first, second]) {
      assert.equal(await store.challenges.find(ref), undefined);
      assert.deepEqual(await store.challenges.reserveAttempt(ref, [wrongCodes]), { outcome: 'gone' });
      assert.deepEqual(await store.challenges.replaceIf(ref, 1, { kind: 'none' }), { outcome: 'stale', live: false });
    }
    assert.equal(await store.challenges.clear(key), 0);
    assert.equal(await store.challenges.clear(newKey()), 0);
    assert.ok(await store.challenges.find(elsewhere.ref));
    assert.equal(await roomOf(store, wrongCodes), 2);
    assert.equal(await roomOf(store, request(key, { windows: [windowOf(5, 7200)] })), 2);
  },

  'A3 clearing leaves tombstones: an answer that won before is told so again': async ({ store }) => {
    const key = newKey();
    const { ref } = await issue(store, { key });
    await issue(store, { key });
    const replacement = { kind: 'none', nonce: randomBytes(8) } as const;
    const consumed = await store.challenges.replaceIf(ref, 1, replacement);
    assert.equal(await store.challenges.clear(key), 1);
    assert.deepEqual(await store.challenges.replaceIf(ref, 1, replacement), consumed);
  },

  // Seen to fail, in Redis and in memory, when clearing only counts what it should remove.
  'A3 clearing racing consumptions: one wins as a whole, and its loser is told so': async ({ store }) => {
    for (let round = 0; round < 20; round++) {
      const { ref } = await issue(store);
      const consume = () => store.challenges.replaceIf(ref, 1, { kind: 'none', nonce: randomBytes(8) });
      const clear = async () => ({ outcome: `cleared ${await store.challenges.clear(ref.key)}` });
      const calls = [consume, clear, consume, clear];
      const results = await Promise.all((round % 2 ? calls : calls.toReversed()).map((call) => call()));
      const seen = outcomes(results);
      const consumptionWon = { replaced: 1, stale: 1, 'cleared 0': 2 };
      assert.deepEqual(seen, seen['replaced'] ? consumptionWon : { stale: 2, 'cleared 1': 1, 'cleared 0': 1 });
      assert.equal(await store.challenges.find(ref), undefined);
    }
  },

  'A5 clearing racing resends and attempts leaves nothing, whoever comes first': async ({ store }) => {
    for (let round = 0; round < 10; round++) {
      const { ref } = await issue(store);
      const code = { hash: randomBytes(48), sealed: randomBytes(68), ttlSeconds: TTL_SECONDS };
      const calls = [
        async () => void (await store.challenges.replaceIf(ref, 1, { kind: 'code', code })),
        async () => assert.equal(await store.challenges.clear(ref.key), 1),
        async () => void (await store.challenges.reserveAttempt(ref, [])),
      ];
      await Promise.all((round % 2 ? calls : calls.toReversed()).map((call) => call()));
      assert.equal(await store.challenges.count(ref.key), 0);
    }
  },
};
