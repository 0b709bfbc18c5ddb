import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { Lane, LogLane, LogRequest, OtpStore, RecordKey } from '../../stores/otp-store.js';
import {
  COOLDOWN,
  hasRoom,
  issue,
  newChallenge,
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
const [FIRST, SECOND, THIRD]: readonly [Lane, Lane, Lane] = ['device:AAAAAAA1', 'device:BBBBBBB2', 'device:CCCCCC-_'];

function inLane(key: RecordKey, lane: LogLane, overrides: Partial<LogRequest> = {}): LogRequest {
  return request(key, { lane, windows: [windowOf(2, 3600)], ...overrides });
}

async function isThere(store: OtpStore, key: RecordKey, lane: Lane): Promise<boolean> {
  return (await store.limits.take([inLane(key, lane, { take: false })])).outcome !== 'no_such_lane';
}

/** Lanes of a number: logs of their own for those whom the application or a trusted device vouches for. */
export const laneCases: CaseBodies = {
  'B5 each lane has logs of its own': async ({ store }) => {
    const key = newKey();
    await remember(store, key, { lane: FIRST });
    await store.limits.clear(key);
    const lanes = ['public', 'vouched', FIRST] as const;
    for (const lane of lanes) {
      const ask = inLane(key, lane);
      for (const { charges } of [await taken(store, ask), await taken(store, ask)]) {
        const [charge] = charges;
        assert.ok(charge && 'log' in charge);
        assert.equal(charge.lane ?? 'public', lane);
      }
      await refused(store, ask);
      assert.equal(await roomOf(store, inLane(key, lane, { log: 'wrongCodes' })), 2);
    }
    await refused(store, request(key, { windows: [windowOf(2, 3600)] }));
  },

  'what all trusted lanes have together is a log of its own, and no device': async ({ store, elapse }) => {
    const key = newKey();
    const both = (lane: Lane) => [inLane(key, lane), inLane(key, 'trusted', { windows: [windowOf(3, 3600)] })];
    await taken(store, ...both('vouched'));
    await taken(store, ...both('vouched'));
    await remember(store, key, { lane: FIRST });
    const { charges } = await taken(store, ...both(FIRST));
    assert.deepEqual(
      charges.map((charge) => 'log' in charge && charge.lane),
      [FIRST, 'trusted'],
    );
    await refused(store, ...both(FIRST));
    assert.equal(await roomOf(store, inLane(key, FIRST)), 1);
    assert.equal((await store.limits.numberState(key)).devices, 1);
    await store.limits.clear(key, ['devices']);
    await refused(store, inLane(key, 'trusted', { windows: [windowOf(3, 3600)] }));
    await store.limits.giveBack(charges);
    await taken(store, inLane(key, 'trusted', { windows: [windowOf(3, 3600)] }));
    await elapse(DAY_MS);
    assert.equal(await roomOf(store, inLane(key, 'trusted')), 2);
  },

  'an answer of a device that was revoked meanwhile changes nothing': async ({ store }) => {
    const key = newKey();
    await remember(store, key, { lane: FIRST });
    const send = await takeOne(store, inLane(key, FIRST));
    const { ref } = await issue(store, { key });
    await store.limits.clear(key, ['devices']);
    const device = { lane: SECOND, replaces: FIRST, most: 5, lifetimeSeconds: 86_400 };
    const answered = { knownSeconds: 86_400, remember: device };
    const none = { kind: 'none', settle: [send], answered } as const;
    assert.deepEqual(await store.challenges.replaceIf(ref, 1, none), { outcome: 'stale', live: false });
    assert.equal((await store.limits.numberState(key)).devices, 0);
    assert.equal(await isThere(store, key, SECOND), false);
  },

  'without a lane the public one is meant': async ({ store }) => {
    const key = newKey();
    await taken(store, request(key), inLane(key, 'public'));
    await refused(store, request(key, { windows: [windowOf(2, 3600)] }));
  },

  'a device that takes the place of another keeps what the answer settles and gives back': async ({ store }) => {
    const key = newKey();
    await remember(store, key, { lane: FIRST });
    const send = await takeOne(store, inLane(key, FIRST, { windows: [], cooldown: COOLDOWN }));
    const wrong = await takeOne(store, inLane(key, FIRST, { log: 'wrongCodes' }));
    const { ref } = await issue(store, { key });
    const remembered = { lane: SECOND, replaces: FIRST, most: 5, lifetimeSeconds: 86_400 };
    const answered = { knownSeconds: 86_400, remember: remembered };
    await store.challenges.replaceIf(ref, 1, { kind: 'none', settle: [send], giveBack: [wrong], answered });
    await taken(store, inLane(key, SECOND, { windows: [], cooldown: COOLDOWN }));
    assert.equal(await roomOf(store, inLane(key, SECOND, { log: 'wrongCodes' })), 2);
  },

  'a device lane that is not there is told so, and nothing is taken': async ({ store }) => {
    const key = newKey();
    const [ip, log] = [tallyRequest(), request(key)];
    const full = request(newKey('ip'), { windows: [windowOf(0, 3600)] });
    await remember(store, key, { lane: FIRST });
    const before = await roomOf(store, log);
    for (const requests of [
      [log, ip, inLane(key, SECOND)],
      [inLane(key, SECOND), log, ip],
      [inLane(newKey(), FIRST), ip],
      [inLane(key, SECOND, { take: false }), ip],
      [full, inLane(key, SECOND)],
    ]) {
      assert.deepEqual(await store.limits.take(requests), { outcome: 'no_such_lane' });
    }
    assert.equal(await roomOf(store, log), before);
    await hasRoom(store, ip, 5);
  },

  'an attempt in a device lane that is not there is gone, and costs nothing': async ({ store }) => {
    const { ref } = await issue(store);
    const requests = [inLane(ref.key, FIRST, { log: 'wrongCodes' }), tallyRequest()];
    assert.deepEqual(await store.challenges.reserveAttempt(ref, requests), { outcome: 'gone' });
    assert.equal((await store.challenges.find(ref))?.attemptsRemaining, 5);
    await remember(store, ref.key, { lane: FIRST });
    assert.equal((await store.challenges.reserveAttempt(ref, requests)).outcome, 'reserved');
  },

  'a challenge is created with the send of its lane, and lost without it': async ({ store }) => {
    const key = newKey();
    const send = await takeOne(store, inLane(key, 'vouched'));
    const ref = { key, id: randomBytes(16) };
    const { lane: _, ...ofPublic } = send;
    assert.deepEqual(await store.challenges.create(ref, newChallenge(), ofPublic), { outcome: 'lost' });
    assert.equal((await store.challenges.create(ref, newChallenge(), send)).outcome, 'created');
  },

  'settling, giving back, counting and cooldowns keep to their lane': async ({ store, clock }) => {
    const key = newKey();
    const cooling = { windows: [windowOf(2, 3600, 'unanswered')], cooldown: COOLDOWN };
    const [vouched, open] = [inLane(key, 'vouched', cooling), inLane(key, 'public', cooling)];
    const [one, other] = [await takeOne(store, vouched), await takeOne(store, open)];
    assert.equal(one.at, other.at);
    assert.equal((await refused(store, vouched)).limit, 'cooldown');
    await store.limits.settle([one]);
    const now = clock.now();
    const { uses } = await store.limits.count([vouched, open, inLane(key, FIRST, cooling)]);
    assert.deepEqual(
      uses.map(({ windows, cooldownEndsAt }) => [windows[0]?.used, cooldownEndsAt]),
      [
        [0, now],
        [1, now + 30_000],
        [0, now],
      ],
    );
    await taken(store, vouched);
    await store.limits.giveBack([other]);
    assert.equal((await store.limits.count([open])).uses[0]?.windows[0]?.used, 0);
    assert.equal((await store.limits.count([vouched])).uses[0]?.windows[0]?.used, 1);
  },

  'windows of a lane are exact': async ({ store, elapse }) => {
    const ask = inLane(newKey(), 'vouched', { windows: [windowOf(1, 3600)] });
    await taken(store, ask);
    await elapse(3_599_999);
    assert.equal((await refused(store, ask)).retryAfterMs, 1);
    await elapse(1);
    await taken(store, ask);
  },

  'a device that takes the place of another keeps its logs': async ({ store }) => {
    const key = newKey();
    await remember(store, key, { lane: FIRST });
    const wrongCodes = (lane: Lane) => inLane(key, lane, { log: 'wrongCodes', windows: [windowOf(1, 3600)] });
    await taken(store, wrongCodes(FIRST));
    await remember(store, key, { lane: SECOND, replaces: FIRST });
    assert.equal(await isThere(store, key, FIRST), false);
    await refused(store, wrongCodes(SECOND));
    assert.equal((await store.limits.numberState(key)).devices, 1);
    await remember(store, key, { lane: THIRD, replaces: FIRST });
    await taken(store, wrongCodes(THIRD));
    assert.equal((await store.limits.numberState(key)).devices, 2);
  },

  'a device is gone when its time is over without another success': async ({ store, elapse }) => {
    const key = newKey();
    const device = { lane: FIRST, lifetimeSeconds: 86_400 };
    await remember(store, key, device);
    await elapse(DAY_MS - 1_000);
    assert.ok(await isThere(store, key, FIRST));
    // Seen again, with its log: what it failed before still counts.
    await taken(store, inLane(key, FIRST, { log: 'wrongCodes', windows: [windowOf(1, 172_800)] }));
    await remember(store, key, device);
    await elapse(DAY_MS - 1_000);
    await refused(store, inLane(key, FIRST, { log: 'wrongCodes', windows: [windowOf(1, 172_800)] }));
    assert.equal((await store.limits.numberState(key)).devices, 1);
    await elapse(1_000);
    assert.equal(await isThere(store, key, FIRST), false);
    assert.equal((await store.limits.numberState(key)).devices, 0);
    await remember(store, key, device);
    await taken(store, inLane(key, FIRST, { log: 'wrongCodes', windows: [windowOf(1, 172_800)] }));
  },

  'above as many as a number may have, the one seen longest ago goes': async ({ store, elapse }) => {
    const key = newKey();
    for (const lane of [FIRST, SECOND, FIRST, THIRD]) {
      await remember(store, key, { lane, most: 2 });
      await elapse(5_000);
    }
    const left = await Promise.all([FIRST, SECOND, THIRD].map((lane) => isThere(store, key, lane)));
    assert.deepEqual(left, [true, false, true]);
    assert.equal((await store.limits.numberState(key)).devices, 2);
  },

  'a removal that lost remembers nothing': async ({ store }) => {
    const { ref } = await issue(store);
    const remembered = { lane: FIRST, most: 5, lifetimeSeconds: 86_400 };
    const none = { kind: 'none', answered: { knownSeconds: 60, remember: remembered } } as const;
    assert.equal((await store.challenges.replaceIf(ref, 2, none)).outcome, 'stale');
    assert.deepEqual(await store.limits.numberState(ref.key), { passesUsed: 0, failures: 0, devices: 0 });
  },

  'clearing empties a log in every lane, and removes devices only by their name': async ({ store }) => {
    const key = newKey();
    await remember(store, key, { lane: FIRST });
    await store.limits.clear(key);
    const asks = (['public', 'vouched', FIRST] as const).flatMap((lane) =>
      (['sends', 'wrongCodes'] as const).map((log) => inLane(key, lane, { log, windows: [windowOf(1, 3600)] })),
    );
    await taken(store, ...asks);
    await store.limits.clear(key, ['wrongCodes']);
    for (const ask of asks) {
      assert.equal(await roomOf(store, ask), ask.log === 'sends' ? 0 : 1);
    }
    await store.limits.clear(key);
    assert.ok(await isThere(store, key, FIRST));
    await store.limits.clear(key, ['devices']);
    assert.equal(await isThere(store, key, FIRST), false);
    await taken(store, ...asks.filter(({ lane }) => lane !== FIRST));
  },
};
