import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  ATTEMPTS,
  issue,
  newChallenge,
  newKey,
  refused,
  request,
  roomOf,
  taken,
  takeOne,
  TTL_SECONDS,
  windowOf,
  type CaseBodies,
} from './fixtures.js';

const TTL_MS = TTL_SECONDS * 1000;
const REMOVE = { kind: 'none' } as const;

function nextCode() {
  return { hash: randomBytes(48), sealed: randomBytes(70), ttlSeconds: TTL_SECONDS };
}

export const challengeCases: CaseBodies = {
  'a challenge is read back byte for byte': async ({ store, clock }) => {
    const { ref, challenge, expiresAt } = await issue(store, {
      hash: Buffer.alloc(48, 0),
      sealed: Buffer.from([0, 255, 10, 13, 0]),
    });
    assert.equal(expiresAt, clock.now() + TTL_MS);
    assert.deepEqual(await store.challenges.find(ref), {
      generation: 1,
      hash: challenge.hash,
      sealed: challenge.sealed,
      delivery: 'queued',
      attemptsRemaining: ATTEMPTS,
      sendsRemaining: 2,
      expiresAt,
      now: clock.now(),
    });
  },

  'an unknown id, another number and another kind are gone': async ({ store }) => {
    const { ref } = await issue(store);
    const others = [
      { ...ref, id: randomBytes(16) },
      { ...ref, key: newKey() },
      { ...ref, key: { kind: 'ip' as const, index: ref.key.index } },
    ];
    for (const other of others) {
      assert.equal(await store.challenges.find(other), undefined);
      assert.deepEqual(await store.challenges.reserveAttempt(other, []), { outcome: 'gone' });
      assert.deepEqual(await store.challenges.replaceIf(other, 1, REMOVE), { outcome: 'stale', live: false });
    }
  },

  'challenges of one number do not supersede each other': async ({ store }) => {
    const key = newKey();
    const [first, second] = [await issue(store, { key }), await issue(store, { key, attempts: 3 })];
    await store.challenges.reserveAttempt(second.ref, []);
    assert.equal((await store.challenges.find(first.ref))?.attemptsRemaining, ATTEMPTS);
    assert.equal((await store.challenges.find(second.ref))?.attemptsRemaining, 2);
    await store.challenges.replaceIf(second.ref, 1, REMOVE);
    assert.ok(await store.challenges.find(first.ref));
  },

  'a challenge whose send is no longer counted is lost': async ({ store }) => {
    const key = newKey();
    const ref = { key, id: randomBytes(16) };
    const send = await takeOne(store, request(key));
    await store.limits.clear(key);
    assert.deepEqual(await store.challenges.create(ref, newChallenge(), send), { outcome: 'lost' });
    const givenBack = await takeOne(store, request(key));
    await store.limits.giveBack([givenBack]);
    assert.deepEqual(await store.challenges.create(ref, newChallenge(), givenBack), { outcome: 'lost' });
    const elsewhere = await takeOne(store, request(newKey()));
    assert.deepEqual(await store.challenges.create(ref, newChallenge(), elsewhere), { outcome: 'lost' });
    assert.equal(await store.challenges.find(ref), undefined);
  },

  'an id in use is not created again, so its attempts cannot be renewed': async ({ store }) => {
    const { ref, send } = await issue(store);
    await store.challenges.reserveAttempt(ref, []);
    assert.deepEqual(await store.challenges.create(ref, newChallenge(), send), { outcome: 'lost' });
    assert.equal((await store.challenges.find(ref))?.attemptsRemaining, ATTEMPTS - 1);
  },

  'A2 a challenge lives until one millisecond before its time is over': async ({ store, elapse }) => {
    const { ref } = await issue(store);
    await elapse(TTL_MS - 1);
    assert.ok(await store.challenges.find(ref));
    assert.equal((await store.challenges.reserveAttempt(ref, [])).outcome, 'reserved');
    await elapse(1);
    assert.equal(await store.challenges.find(ref), undefined);
    assert.deepEqual(await store.challenges.reserveAttempt(ref, []), { outcome: 'gone' });
    assert.deepEqual(await store.challenges.replaceIf(ref, 1, REMOVE), { outcome: 'stale', live: false });
    assert.deepEqual(await store.challenges.replaceIf(ref, 1, { kind: 'code', code: nextCode() }), {
      outcome: 'stale',
      live: false,
    });
  },

  'A2 a challenge seen to be over stays over when the clock is set back': async ({ store, clock }) => {
    const { ref } = await issue(store);
    clock.advanceMs(TTL_MS);
    assert.deepEqual(await store.challenges.reserveAttempt(ref, []), { outcome: 'gone' });
    clock.advanceMs(-TTL_MS);
    assert.deepEqual(await store.challenges.reserveAttempt(ref, []), { outcome: 'gone' });
  },

  'a clock set back does not lengthen the life of what is created afterwards': async ({ store, clock, elapse }) => {
    const key = newKey();
    await issue(store, { key });
    clock.advanceMs(-3_600_000);
    const { ref, expiresAt } = await issue(store, { key });
    assert.equal(expiresAt, clock.now() + TTL_MS);
    await elapse(TTL_MS);
    assert.equal(await store.challenges.find(ref), undefined);
  },

  'an attempt is charged to the challenge and every log, in order': async ({ store }) => {
    const { ref, challenge } = await issue(store);
    const ip = newKey('ip');
    const requests = [
      request(ref.key, { log: 'wrongCodes' }),
      request(ref.key, { take: false, windows: [windowOf(100, 60)] }),
      request(ip, { log: 'wrongCodes' }),
    ];
    const reservation = await store.challenges.reserveAttempt(ref, requests);
    assert.ok(reservation.outcome === 'reserved');
    assert.deepEqual(
      reservation.charges.map((charge) => ({ key: charge.key, log: 'log' in charge && charge.log })),
      [
        { key: ref.key, log: 'wrongCodes' },
        { key: ip, log: 'wrongCodes' },
      ],
    );
    assert.equal(reservation.challenge.attemptsRemaining, ATTEMPTS - 1);
    assert.deepEqual(reservation.challenge.hash, challenge.hash);
    assert.equal(await roomOf(store, request(ip, { log: 'wrongCodes' })), 4);
    assert.equal(await roomOf(store, request(ref.key, { log: 'wrongCodes' })), 4);
    await store.limits.giveBack(reservation.charges);
    assert.equal(await roomOf(store, request(ip, { log: 'wrongCodes' })), 5);
  },

  'B5 a refused attempt costs neither the challenge nor another log': async ({ store }) => {
    const { ref } = await issue(store);
    const [ip, full] = [newKey('ip'), request(ref.key, { log: 'wrongCodes', windows: [windowOf(1, 3600)] })];
    await taken(store, full);
    const reservation = await store.challenges.reserveAttempt(ref, [request(ip, { log: 'wrongCodes' }), full]);
    assert.ok(reservation.outcome === 'refused');
    assert.deepEqual(
      [reservation.log, reservation.kind, reservation.retryAfterMs],
      ['wrongCodes', 'number', 3_600_000],
    );
    assert.equal((await store.challenges.find(ref))?.attemptsRemaining, ATTEMPTS);
    assert.equal(await roomOf(store, request(ip, { log: 'wrongCodes' })), 5);
  },

  'a challenge without attempts is exhausted before any limit is asked or charged': async ({ store }) => {
    const { ref } = await issue(store, { attempts: 1 });
    const full = request(ref.key, { log: 'wrongCodes', windows: [windowOf(1, 3600)] });
    assert.equal((await store.challenges.reserveAttempt(ref, [full])).outcome, 'reserved');
    assert.deepEqual(await store.challenges.reserveAttempt(ref, [full]), { outcome: 'exhausted' });
    await store.limits.clear(ref.key, ['wrongCodes']);
    assert.deepEqual(await store.challenges.reserveAttempt(ref, [full]), { outcome: 'exhausted' });
    assert.equal(await roomOf(store, full), 1);
  },

  'A5 B2 a new code renews the lifetime, uses a send and keeps attempts and failures': async ({
    store,
    clock,
    elapse,
  }) => {
    const { ref } = await issue(store);
    const wrongCodes = request(ref.key, { log: 'wrongCodes' });
    await store.challenges.reserveAttempt(ref, [wrongCodes]);
    await store.challenges.replaceIf(ref, 1, { kind: 'delivery', delivery: 'delivered' });
    await elapse(1_000);
    const code = nextCode();
    const expiresAt = clock.now() + TTL_MS;
    assert.deepEqual(await store.challenges.replaceIf(ref, 1, { kind: 'code', code }), {
      outcome: 'replaced',
      expiresAt,
    });
    assert.deepEqual(await store.challenges.find(ref), {
      generation: 2,
      hash: code.hash,
      sealed: code.sealed,
      delivery: 'queued',
      attemptsRemaining: ATTEMPTS - 1,
      sendsRemaining: 1,
      expiresAt,
      now: clock.now(),
    });
    assert.equal(await roomOf(store, wrongCodes), 4);
    await elapse(TTL_MS - 1);
    assert.ok(await store.challenges.find(ref));
  },

  'A5 the generation of an old code changes nothing any more': async ({ store }) => {
    const { ref } = await issue(store);
    await store.challenges.replaceIf(ref, 1, { kind: 'code', code: nextCode() });
    const stale = { outcome: 'stale', live: true };
    assert.deepEqual(await store.challenges.replaceIf(ref, 1, REMOVE), stale);
    assert.deepEqual(await store.challenges.replaceIf(ref, 1, { kind: 'code', code: nextCode() }), stale);
    assert.deepEqual(await store.challenges.replaceIf(ref, 1, { kind: 'delivery', delivery: 'sent' }), stale);
    assert.equal((await store.challenges.find(ref))?.delivery, 'queued');
  },

  'C1 without sends left no new code is stored': async ({ store }) => {
    const { ref, challenge } = await issue(store, { sends: 0 });
    const replaced = await store.challenges.replaceIf(ref, 1, { kind: 'code', code: nextCode() });
    assert.deepEqual(replaced, { outcome: 'stale', live: true });
    assert.deepEqual((await store.challenges.find(ref))?.hash, challenge.hash);
  },

  'M1 delivery goes on from every state to every later one, and never back': async ({ store, elapse }) => {
    const progress = { queued: 0, unknown: 1, sent: 2, delivered: 3, failed: 3 } as const;
    const states = ['queued', 'unknown', 'sent', 'delivered', 'failed'] as const;
    for (const present of states) {
      for (const next of states) {
        const { ref, expiresAt } = await issue(store);
        await store.challenges.replaceIf(ref, 1, { kind: 'delivery', delivery: present });
        await elapse(1);
        const replaced = await store.challenges.replaceIf(ref, 1, { kind: 'delivery', delivery: next });
        const goesOn = progress[next] > progress[present];
        const title = `${present}, then ${next}`;
        assert.deepEqual(
          replaced,
          goesOn ? { outcome: 'replaced', expiresAt } : { outcome: 'stale', live: true },
          title,
        );
        const found = await store.challenges.find(ref);
        const expected = [goesOn ? next : present, 1, expiresAt];
        assert.deepEqual([found?.delivery, found?.generation, found?.expiresAt], expected, title);
      }
    }
  },

  'M1 of the two final states that race, one wins and stays': async ({ store }) => {
    const { ref } = await issue(store);
    const states = ['delivered', 'failed', 'sent', 'delivered', 'failed'] as const;
    const write = (delivery: (typeof states)[number]) =>
      store.challenges.replaceIf(ref, 1, { kind: 'delivery', delivery });
    const outcomes = await Promise.all(states.map(write));
    const finals = states.filter((state, n) => state !== 'sent' && outcomes[n]?.outcome === 'replaced');
    assert.equal(finals.length, 1);
    assert.equal((await store.challenges.find(ref))?.delivery, finals[0]);
  },

  'M1 of a challenge that is gone no delivery is kept': async ({ store }) => {
    const { ref } = await issue(store);
    await store.challenges.replaceIf(ref, 1, REMOVE);
    const replaced = await store.challenges.replaceIf(ref, 1, { kind: 'delivery', delivery: 'delivered' });
    assert.deepEqual(replaced, { outcome: 'stale', live: false });
    assert.equal(await store.challenges.find(ref), undefined);
  },

  'consuming settles and gives back in the same step, on every record': async ({ store }) => {
    const { ref } = await issue(store);
    const ip = newKey('ip');
    const sends = request(ref.key, { windows: [windowOf(2, 3600, 'unanswered')] });
    const ipSends = request(ip, { windows: [windowOf(1, 3600, 'unanswered')] });
    const wrongCodes = [ref.key, ip].map((key) => request(key, { log: 'wrongCodes', windows: [windowOf(1, 3600)] }));
    const settle = (await taken(store, sends, ipSends)).charges;
    const reservation = await store.challenges.reserveAttempt(ref, wrongCodes);
    assert.ok(reservation.outcome === 'reserved');
    await refused(store, sends);
    const consumed = await store.challenges.replaceIf(ref, 1, { kind: 'none', settle, giveBack: reservation.charges });
    assert.equal(consumed.outcome, 'replaced');
    await taken(store, sends, ipSends, ...wrongCodes);
  },

  'a stale replacement settles and gives back nothing': async ({ store }) => {
    const { ref } = await issue(store);
    const full = request(ref.key, { log: 'wrongCodes', windows: [windowOf(1, 3600)] });
    const giveBack = (await taken(store, full)).charges;
    await store.challenges.replaceIf(ref, 7, { kind: 'none', giveBack, nonce: randomBytes(8) });
    await refused(store, full);
    await store.challenges.replaceIf({ ...ref, id: randomBytes(16) }, 1, { kind: 'none', giveBack });
    await refused(store, full);
  },

  'A3 the same call is answered again for 30 s, and no other': async ({ store, clock, elapse }) => {
    const { ref } = await issue(store);
    const nonce = randomBytes(8);
    const gone = { outcome: 'stale', live: false };
    const consumed = await store.challenges.replaceIf(ref, 1, { kind: 'none', nonce });
    assert.deepEqual(consumed, { outcome: 'replaced', expiresAt: clock.now() });
    await elapse(29_999);
    assert.deepEqual(await store.challenges.replaceIf(ref, 1, { kind: 'none', nonce }), consumed);
    assert.deepEqual(await store.challenges.replaceIf(ref, 1, { kind: 'none', nonce: randomBytes(8) }), gone);
    assert.deepEqual(await store.challenges.replaceIf(ref, 1, REMOVE), gone);
    assert.deepEqual(
      await store.challenges.replaceIf({ ...ref, id: randomBytes(16) }, 1, { kind: 'none', nonce }),
      gone,
    );
    assert.equal(await store.challenges.find(ref), undefined);
    assert.deepEqual(await store.challenges.reserveAttempt(ref, []), { outcome: 'gone' });
    await elapse(1);
    assert.deepEqual(await store.challenges.replaceIf(ref, 1, { kind: 'none', nonce }), gone);
  },

  'A3 a repeated consumption does not give back or settle a second time': async ({ store }) => {
    const { ref } = await issue(store);
    const nonce = randomBytes(8);
    const full = request(ref.key, { log: 'wrongCodes', windows: [windowOf(1, 3600)] });
    await store.challenges.replaceIf(ref, 1, { kind: 'none', nonce });
    const giveBack = (await taken(store, full)).charges;
    await store.challenges.replaceIf(ref, 1, { kind: 'none', nonce, giveBack });
    await refused(store, full);
  },

  'B2 clearing the logs leaves the challenges': async ({ store }) => {
    const { ref } = await issue(store);
    await store.limits.clear(ref.key);
    assert.ok(await store.challenges.find(ref));
  },

  'ids and hashes of another size are refused': async ({ store }) => {
    const { ref, send } = await issue(store);
    await assert.rejects(store.challenges.find({ ...ref, id: randomBytes(15) }), TypeError);
    await assert.rejects(store.challenges.create({ ...ref, id: randomBytes(17) }, newChallenge(), send), TypeError);
    await assert.rejects(
      store.challenges.create({ ...ref, id: randomBytes(16) }, newChallenge({ hash: randomBytes(32) }), send),
      TypeError,
    );
  },

  'a caller who changes its buffers afterwards does not change the challenge': async ({ store }) => {
    const { ref, challenge } = await issue(store);
    const hash = Buffer.from(challenge.hash);
    challenge.hash.fill(0);
    (await store.challenges.find(ref))?.hash.fill(1);
    assert.deepEqual((await store.challenges.find(ref))?.hash, hash);
  },
};
