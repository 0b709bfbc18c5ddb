import assert from 'node:assert/strict';
import {
  COOLDOWN,
  newKey,
  outcomes,
  refused,
  request,
  roomOf,
  taken,
  takeOne,
  times,
  windowOf,
  type CaseBodies,
} from './fixtures.js';

const HOUR_MS = 3_600_000;

export const limitCases: CaseBodies = {
  'B7 a window admits its limit and refuses the next': async ({ store, clock }) => {
    const ask = request(newKey(), { windows: [windowOf(3, 3600)] });
    await taken(store, ask);
    await taken(store, ask);
    const last = await taken(store, ask);
    assert.equal(last.now, clock.now());
    assert.equal(last.nextAt, clock.now());
    const refusal = await refused(store, ask);
    assert.deepEqual(refusal, {
      outcome: 'refused',
      limit: 'all.3.3600',
      log: 'sends',
      kind: 'number',
      retryAfterMs: HOUR_MS,
      now: clock.now(),
      usedUp: ['all.3.3600'],
    });
  },

  'a window is half-open: an entry counts until one millisecond before its window is over': async ({
    store,
    elapse,
  }) => {
    const ask = request(newKey(), { windows: [windowOf(1, 3600)] });
    await taken(store, ask);
    await elapse(HOUR_MS - 1);
    assert.equal((await refused(store, ask)).retryAfterMs, 1);
    await elapse(1);
    await taken(store, ask);
  },

  'the entry that has to leave is the limit-th newest, not the oldest of all': async ({ store, elapse }) => {
    const key = newKey();
    const wide = request(key, { windows: [windowOf(10, 3600)] });
    for (let i = 0; i < 4; i++) {
      await taken(store, wide);
      await elapse(60_000);
    }
    const narrow = request(key, { windows: [windowOf(2, 3600)] });
    assert.equal((await refused(store, narrow)).retryAfterMs, HOUR_MS - 2 * 60_000);
  },

  'I3 retryAfterMs is exact: one millisecond earlier is still refused': async ({ store, elapse }) => {
    const ask = request(newKey(), { windows: [windowOf(2, 600), windowOf(3, 3600)] });
    await taken(store, ask);
    await elapse(7_000);
    await taken(store, ask);
    for (let i = 0; i < 3; i++) {
      const { retryAfterMs } = await refused(store, ask);
      await elapse(retryAfterMs - 1);
      assert.equal((await refused(store, ask)).retryAfterMs, 1);
      await elapse(1);
      await taken(store, ask);
    }
  },

  'with several refusals the longest wait is told, with its log and kind': async ({ store, elapse }) => {
    const [number, ip] = [newKey(), newKey('ip')];
    await taken(store, request(number, { windows: [windowOf(1, 60)] }));
    await taken(store, request(ip, { log: 'wrongCodes', windows: [windowOf(1, 7200)] }));
    await elapse(1_000);
    const refusal = await refused(
      store,
      request(number, { windows: [windowOf(1, 60)] }),
      request(ip, { log: 'wrongCodes', windows: [windowOf(9, 60), windowOf(1, 7200)] }),
      request(number, { windows: [windowOf(1, 30)] }),
    );
    assert.deepEqual([refusal.limit, refusal.log, refusal.kind], ['all.1.7200', 'wrongCodes', 'ip']);
    assert.equal(refusal.retryAfterMs, 7_199_000);
  },

  'B7 invariant 4 all or nothing: a refusal takes nothing from any log': async ({ store }) => {
    const [open, full] = [newKey(), newKey('ip')];
    await taken(store, request(full, { windows: [windowOf(1, 3600)] }));
    await times(20, () => refused(store, request(open), request(full, { windows: [windowOf(1, 3600)] })));
    assert.equal(await roomOf(store, request(open)), 5);
  },

  'a request that does not take decides but leaves no entry': async ({ store }) => {
    const key = newKey();
    const look = request(key, { log: 'wrongCodes', windows: [windowOf(1, 3600)], take: false });
    for (let i = 0; i < 3; i++) {
      assert.deepEqual((await taken(store, look)).charges, []);
    }
    await taken(store, { ...look, take: true });
    assert.equal((await refused(store, look)).retryAfterMs, HOUR_MS);
  },

  'two requests to one log see each other: the limit holds for both together': async ({ store }) => {
    const key = newKey();
    const ask = request(key, { windows: [windowOf(1, 3600)] });
    await refused(store, ask, ask);
    assert.equal(await roomOf(store, ask), 1);
  },

  'logs of one record, records of one index and kinds are counted apart': async ({ store }) => {
    const number = newKey();
    const windows = [windowOf(1, 3600)];
    await taken(store, request(number, { windows }));
    await taken(store, request(number, { windows, log: 'wrongCodes' }));
    await taken(store, request({ kind: 'ip', index: number.index }, { windows }));
    await taken(store, request(newKey(), { windows }));
    await refused(store, request(number, { windows }));
  },

  'entries taken in the same millisecond are told apart': async ({ store, clock }) => {
    const ask = request(newKey(), { windows: [windowOf(10, 3600)] });
    const results = await times(10, () => takeOne(store, ask));
    assert.equal(new Set(results.map(({ at }) => at)).size, 10);
    assert.ok(results.every(({ at }) => at >= clock.now()));
  },

  'a smaller window asked in between forgets nothing of a larger one': async ({ store, elapse }) => {
    const key = newKey();
    const [day, minute] = [windowOf(2, 86_400), windowOf(5, 60)];
    await taken(store, request(key, { windows: [day] }));
    await elapse(2 * HOUR_MS);
    await taken(store, request(key, { windows: [minute] }));
    assert.equal((await refused(store, request(key, { windows: [day] }))).retryAfterMs, 22 * HOUR_MS);
  },

  'B7 invariant 4 50 takes at once: at most the limit is admitted': async ({ store }) => {
    const [number, ip] = [newKey(), newKey('ip')];
    const results = await times(50, () =>
      store.limits.take([
        request(number, { windows: [windowOf(5, 3600)] }),
        request(ip, { windows: [windowOf(7, 3600)] }),
      ]),
    );
    assert.deepEqual(outcomes(results), { taken: 5, refused: 45 });
    assert.equal(await roomOf(store, request(ip, { windows: [windowOf(7, 3600)] })), 2);
  },

  'an entry given back frees its place, once': async ({ store }) => {
    const ask = request(newKey(), { windows: [windowOf(3, 3600)] });
    await taken(store, ask);
    const charge = await takeOne(store, ask);
    await taken(store, ask);
    await store.limits.giveBack([charge]);
    await store.limits.giveBack([charge, charge]);
    assert.equal(await roomOf(store, ask), 1);
  },

  'a send given back frees its windows and still starts its cooldown, until it is answered': async ({
    store,
    elapse,
  }) => {
    const ask = request(newKey(), { windows: [windowOf(1, 3600)], cooldown: COOLDOWN });
    const charge = await takeOne(store, ask);
    await store.limits.giveBack([charge]);
    await store.limits.giveBack([charge]);
    const refusal = await refused(store, ask);
    assert.deepEqual([refusal.limit, refusal.retryAfterMs], ['cooldown', 30_000]);
    await store.limits.settle([charge]);
    await store.limits.settle([charge]);
    const next = await takeOne(store, ask);
    await store.limits.settle([next]);
    await store.limits.giveBack([next]);
    await elapse(1);
    await taken(store, ask);
  },

  'a settled entry counts among all and not among the unanswered': async ({ store }) => {
    const key = newKey();
    const unanswered = request(key, { windows: [windowOf(2, 3600, 'unanswered')] });
    const charge = await takeOne(store, unanswered);
    await taken(store, unanswered);
    await store.limits.settle([charge]);
    await store.limits.settle([charge]);
    assert.equal(await roomOf(store, unanswered), 1);
    assert.equal(await roomOf(store, request(key, { windows: [windowOf(3, 3600)] })), 1);
  },

  'settling and giving back what is not there change nothing': async ({ store }) => {
    const key = newKey();
    const ask = request(key, { windows: [windowOf(2, 3600)] });
    const charge = await takeOne(store, ask);
    const others = [
      { ...charge, at: charge.at + 1 },
      { ...charge, log: 'wrongCodes' as const },
      { ...charge, key: newKey() },
    ];
    await store.limits.giveBack(others);
    await store.limits.settle(others);
    await store.limits.giveBack([]);
    assert.equal(await roomOf(store, ask), 1);
  },

  'the cooldown grows with each unanswered entry and its last step repeats': async ({ store, clock, elapse }) => {
    const ask = request(newKey(), { windows: [], cooldown: COOLDOWN });
    for (const seconds of [30, 60, 120, 120]) {
      assert.equal((await taken(store, ask)).nextAt, clock.now() + seconds * 1000);
      const refusal = await refused(store, ask);
      assert.deepEqual([refusal.limit, refusal.retryAfterMs], ['cooldown', seconds * 1000]);
      await elapse(seconds * 1000 - 1);
      assert.equal((await refused(store, ask)).retryAfterMs, 1);
      await elapse(1);
    }
  },

  'an answer ends the cooldown': async ({ store, clock, elapse }) => {
    const ask = request(newKey(), { windows: [], cooldown: COOLDOWN });
    const charge = await takeOne(store, ask);
    await refused(store, ask);
    await store.limits.settle([charge]);
    await elapse(1);
    assert.equal((await taken(store, ask)).nextAt, clock.now() + 30_000);
  },

  'entries older than the window of the cooldown do not lengthen it': async ({ store, clock, elapse }) => {
    const ask = request(newKey(), { windows: [], cooldown: COOLDOWN });
    await taken(store, ask);
    await elapse(599_999);
    assert.equal((await taken(store, ask)).nextAt, clock.now() + 30_000);
    await elapse(599_999);
    await elapse(1);
    assert.equal((await taken(store, ask)).nextAt, clock.now() + 30_000);
  },

  'waiting out a cooldown may shorten its step, and the wait told knows': async ({ store, elapse }) => {
    const cooldown = { name: 'steep', stepsSeconds: [10, 600], windowSeconds: 100 };
    const ask = request(newKey(), { windows: [], cooldown });
    await taken(store, ask);
    await elapse(20_000);
    await taken(store, ask);
    // The first entry leaves after 80 s; then the step of 10 s is long over.
    assert.equal((await refused(store, ask)).retryAfterMs, 80_000);
    await elapse(80_000);
    await taken(store, ask);
  },

  'clearing forgets the logs named, or all, and nothing else': async ({ store }) => {
    const [key, other] = [newKey(), newKey()];
    const sends = (of = key) => request(of, { windows: [windowOf(1, 3600)] });
    const wrongCodes = request(key, { log: 'wrongCodes', windows: [windowOf(1, 3600)] });
    await taken(store, sends(), wrongCodes, sends(other));
    await store.limits.clear(key, ['wrongCodes']);
    await taken(store, wrongCodes);
    await refused(store, sends());
    await store.limits.clear(key);
    await taken(store, sends(), wrongCodes);
    await refused(store, sends(other));
  },

  'a clock set back by an hour neither frees an entry nor revives one, and the wait stays exact': async ({
    store,
    clock,
    elapse,
  }) => {
    const key = newKey();
    const ask = request(key, { windows: [windowOf(2, 600)] });
    await taken(store, ask);
    await elapse(600_000);
    await taken(store, ask);
    clock.advanceMs(-HOUR_MS);
    // The first has left the window of the second for good, so there is room for one, stamped after the second.
    const charge = await takeOne(store, ask);
    assert.ok(charge.at > clock.now() + HOUR_MS);
    const { retryAfterMs } = await refused(store, ask);
    assert.equal(retryAfterMs, HOUR_MS + 600_000);
    await elapse(retryAfterMs - 1);
    await refused(store, ask);
    await elapse(1);
    await taken(store, ask);
  },

  'a clock that jumps forward and comes back never admits more': async ({ store, clock }) => {
    const ask = request(newKey(), { windows: [windowOf(2, 86_400)] });
    await taken(store, ask);
    clock.advanceMs(HOUR_MS);
    await taken(store, ask);
    clock.advanceMs(-HOUR_MS);
    await refused(store, ask);
    clock.advanceMs(5 * HOUR_MS);
    await refused(store, ask);
  },
};
