import assert from 'node:assert/strict';
import type { Charge, KnownRule, Lane, LogRequest } from '../../stores/otp-store.js';
import {
  answer,
  ANSWERED,
  budgetOf,
  hasRoom,
  issue,
  newKey,
  refused,
  remember,
  request,
  roomOf,
  taken,
  takeOne,
  tallyRequest,
  windowOf,
  type CaseBodies,
} from './fixtures.js';

const DAY_MS = 86_400_000;
const KNOWN: KnownRule = { withinSeconds: 90 * 86_400, passes: 2 };
const DEVICE: Lane = 'device:AAAAAAA1';
const STRANGER = { passesUsed: 0, failures: 0, devices: 0 };

function sendsOf(key = newKey(), overrides: Partial<LogRequest> = {}): LogRequest {
  return request(key, { windows: [windowOf(100, 86_400)], known: KNOWN, ...overrides });
}

function failuresOf(limit: number, key = newKey()): LogRequest {
  return request(key, { log: 'wrongCodes', windows: [], failures: { name: 'inARow', limit } });
}

/** What a number's record knows beside its logs: whether it has answered, failures in a row, and how both are forgotten. */
export const numberCases: CaseBodies = {
  'nothing is known of a number that was never seen': async ({ store }) => {
    assert.deepEqual(await store.limits.numberState(newKey()), STRANGER);
  },

  'an answer makes a number known for its time': async ({ store, clock, elapse }) => {
    const key = newKey();
    await answer(store, key, { answered: { knownSeconds: 3 * 86_400 } });
    const answeredAt = clock.now();
    await elapse(3 * DAY_MS - 1_000);
    assert.deepEqual(await store.limits.numberState(key), { ...STRANGER, answeredAt });
    await elapse(1_000);
    assert.deepEqual(await store.limits.numberState(key), STRANGER);
  },

  'a removal that is no answer leaves a number unknown': async ({ store }) => {
    const { ref } = await issue(store);
    await store.challenges.replaceIf(ref, 1, { kind: 'none' });
    assert.deepEqual(await store.limits.numberState(ref.key), STRANGER);
  },

  'a known number passes over shared budgets with its passes, and then not until it answers': async ({ store }) => {
    const sends = sendsOf();
    const shared = tallyRequest({ key: newKey('country'), budgets: [budgetOf(0, 3600)], unlessKnown: true });
    assert.equal((await refused(store, sends, shared)).limit, 'all.0.3600');
    for (let round = 0; round < 2; round++) {
      await answer(store, sends.key);
      for (const passesUsed of [1, 2]) {
        const decision = await taken(store, sends, shared);
        assert.ok(decision.known);
        assert.deepEqual(
          decision.charges.map(({ key }) => key.kind),
          ['number'],
        );
        assert.equal((await store.limits.numberState(sends.key)).passesUsed, passesUsed);
      }
      await refused(store, sends, shared);
    }
    assert.equal((await taken(store, sends)).known, false);
    assert.equal((await store.limits.numberState(sends.key)).passesUsed, 2);
  },

  'each lane has passes of its own, and an answer gives back those of its lane': async ({ store }) => {
    const key = newKey();
    const shared = tallyRequest({ key: newKey('country'), budgets: [budgetOf(0, 3600)], unlessKnown: true });
    const inLane = (lane: Lane) => sendsOf(key, { lane });
    const lanes = ['public', 'vouched', DEVICE] as const;
    await remember(store, key, { lane: DEVICE });
    const charges: Charge[] = [];
    for (const lane of lanes) {
      charges.push(...(await taken(store, inLane(lane), shared)).charges);
      await taken(store, inLane(lane), shared);
      await refused(store, inLane(lane), shared);
    }
    for (const lane of ['vouched', DEVICE] as const) {
      const { ref } = await issue(store, { key });
      const settle = charges.filter((charge) => 'log' in charge && charge.lane === lane);
      assert.equal(settle.length, 1);
      await store.challenges.replaceIf(ref, 1, { kind: 'none', settle, answered: ANSWERED });
      await refused(store, inLane('public'), shared);
      await taken(store, inLane(lane), shared);
      await taken(store, inLane(lane), shared);
      await refused(store, inLane(lane), shared);
    }
  },

  'passes of a lane without a device are remembered as long as its number': async ({ store, elapse }) => {
    const key = newKey();
    const shared = tallyRequest({ key: newKey('country'), budgets: [budgetOf(0, 3600)], unlessKnown: true });
    const vouched = sendsOf(key, { lane: 'vouched' });
    await answer(store, key);
    await taken(store, vouched, shared);
    await taken(store, vouched, shared);
    await elapse(30 * DAY_MS);
    await refused(store, vouched, shared);
    await answer(store, key);
    await refused(store, vouched, shared);
  },

  'what is passed over is neither asked nor taken, wherever it stands; all else is': async ({ store }) => {
    const sends = sendsOf();
    const shared = tallyRequest({ key: newKey('prefix'), budgets: [budgetOf(2, 3600)], unlessKnown: true });
    const own = tallyRequest({ budgets: [budgetOf(2, 3600)] });
    await answer(store, sends.key);
    await taken(store, shared, sends, own);
    await hasRoom(store, shared, 2);
    await hasRoom(store, own, 1);
    await taken(store, { ...shared, unlessKnown: false }, sends);
    await hasRoom(store, shared, 1);
    // Used up: it counts again.
    await taken(store, shared, sends);
    await hasRoom(store, shared, 0);
  },

  'a refused call and a question use no pass': async ({ store }) => {
    const sends = sendsOf();
    await answer(store, sends.key);
    await refused(store, sends, tallyRequest({ budgets: [budgetOf(0, 3600)] }));
    assert.ok((await taken(store, { ...sends, take: false })).known);
    assert.equal((await store.limits.numberState(sends.key)).passesUsed, 0);
  },

  'a number is known within the time asked for, not longer': async ({ store, elapse }) => {
    const sends = sendsOf(newKey(), { known: { withinSeconds: 86_400, passes: 9 } });
    await answer(store, sends.key);
    await elapse(DAY_MS - 1_000);
    assert.ok((await taken(store, sends)).known);
    await elapse(1_000);
    assert.equal((await taken(store, sends)).known, false);
    assert.equal((await taken(store, sendsOf(newKey()))).known, false);
  },

  'B5 failures in a row have no window, and an answer ends the row': async ({ store, elapse }) => {
    const ask = failuresOf(2);
    await taken(store, ask);
    await elapse(30 * DAY_MS);
    await taken(store, ask);
    await elapse(30 * DAY_MS);
    const refusal = await refused(store, ask);
    assert.deepEqual(
      [refusal.limit, refusal.log, refusal.kind, refusal.retryAfterMs, refusal.usedUp],
      ['inARow', 'wrongCodes', 'number', DAY_MS, ['inARow']],
    );
    await refused(store, { ...ask, take: false });
    assert.equal((await store.limits.numberState(ask.key)).failures, 2);
    await answer(store, ask.key);
    assert.equal((await store.limits.numberState(ask.key)).failures, 0);
    await taken(store, ask);
  },

  'failures are counted without refusing when their limit is 0, and only when all is taken': async ({ store }) => {
    const ask = failuresOf(0);
    for (let i = 0; i < 3; i++) {
      await taken(store, ask);
    }
    await refused(store, ask, tallyRequest({ budgets: [budgetOf(0, 3600)] }));
    await taken(store, { ...ask, take: false });
    assert.equal((await store.limits.numberState(ask.key)).failures, 3);
  },

  'giving back a wrong code leaves the failures in a row': async ({ store }) => {
    const ask = failuresOf(2);
    await store.limits.giveBack([await takeOne(store, ask)]);
    await taken(store, ask);
    await refused(store, ask);
  },

  'an attempt adds a failure, and the answer in its place ends the row': async ({ store }) => {
    const { ref } = await issue(store);
    const ask = failuresOf(3, ref.key);
    for (const failures of [1, 2, 3]) {
      assert.equal((await store.challenges.reserveAttempt(ref, [ask])).outcome, 'reserved');
      assert.equal((await store.limits.numberState(ref.key)).failures, failures);
    }
    const locked = await store.challenges.reserveAttempt(ref, [ask]);
    assert.ok(locked.outcome === 'refused');
    assert.equal(locked.limit, 'inARow');
    await store.challenges.replaceIf(ref, 1, { kind: 'none', answered: ANSWERED });
    assert.equal((await store.limits.numberState(ref.key)).failures, 0);
  },

  'each part is cleared by its name, and no other': async ({ store }) => {
    const key = newKey();
    const state = () => store.limits.numberState(key);
    await remember(store, key);
    await taken(store, failuresOf(0, key));
    await taken(store, sendsOf(key));
    const all = await state();
    assert.deepEqual({ ...all, answeredAt: 0 }, { answeredAt: 0, passesUsed: 1, failures: 1, devices: 1 });
    await store.limits.clear(key);
    assert.deepEqual(await state(), all);
    await store.limits.clear(key, ['failures']);
    assert.deepEqual(await state(), { ...all, failures: 0 });
    await store.limits.clear(key, ['devices']);
    assert.deepEqual(await state(), { ...all, failures: 0, devices: 0 });
    await taken(store, request(key, { windows: [windowOf(1, 3600)] }));
    await store.limits.clear(key, ['known']);
    assert.deepEqual(await state(), STRANGER);
    assert.equal((await taken(store, sendsOf(key))).known, false);
    await refused(store, request(key, { windows: [windowOf(1, 3600)] }));
    await store.limits.clear(newKey(), ['known', 'devices', 'failures', 'sends']);
  },

  'what is known of a number outlives its logs and challenges': async ({ store, clock, elapse }) => {
    const key = newKey();
    await answer(store, key);
    const answeredAt = clock.now();
    await elapse(40 * DAY_MS);
    await taken(store, sendsOf(key));
    await elapse(40 * DAY_MS);
    assert.deepEqual(await store.limits.numberState(key), { ...STRANGER, answeredAt, passesUsed: 1 });
    assert.equal(await roomOf(store, request(key)), 5);
  },
};
