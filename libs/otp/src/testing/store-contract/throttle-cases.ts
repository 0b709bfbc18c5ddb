import assert from 'node:assert/strict';
import type { LogRequest, OtpStore } from '../../stores/otp-store.js';
import { newKey, outcomes, refused, request, taken, times, windowOf, type CaseBodies } from './fixtures.js';

/** As `@OtpThrottle` asks. */
function throttle(limit: number, windowSeconds: number): LogRequest {
  return request(newKey('throttle'), { windows: [windowOf(limit, windowSeconds)], unnamed: true });
}

/** Takes until the store refuses; tells how often it did not. */
async function exhaust(store: OtpStore, ask: LogRequest): Promise<number> {
  for (let count = 0; ; count++) {
    if ((await store.limits.take([ask])).outcome !== 'taken') {
      return count;
    }
  }
}

export const throttleCases: CaseBodies = {
  'unnamed entries: 50 at once are admitted up to the limit, all of them now': async ({ store, clock }) => {
    const ask = throttle(20, 60);
    const results = await times(50, () => store.limits.take([ask]));
    assert.deepEqual(outcomes(results), { taken: 20, refused: 30 });
    const at = results.flatMap((result) =>
      result.outcome === 'taken' ? result.charges.map((charge) => charge.at) : [],
    );
    assert.deepEqual(new Set(at), new Set([clock.now()]));
  },

  'unnamed entries: a burst is not dated ahead, so that nothing leaves a short window early': async ({
    store,
    elapse,
  }) => {
    const ask = throttle(400, 1);
    await times(200, () => taken(store, ask));
    await elapse(900);
    await times(200, () => taken(store, ask));
    assert.equal((await refused(store, ask)).retryAfterMs, 100);
    await elapse(99);
    assert.equal((await refused(store, ask)).retryAfterMs, 1);
    await elapse(1);
    assert.equal(await exhaust(store, ask), 200);
    await elapse(900);
    assert.equal(await exhaust(store, ask), 200);
  },

  'unnamed entries: what they need is kept as long as their window, and no longer matters then': async ({
    store,
    elapse,
  }) => {
    const ask = throttle(2, 86_400);
    await taken(store, ask);
    await elapse(43_200_000);
    await taken(store, ask);
    await elapse(43_199_999);
    assert.equal((await refused(store, ask)).retryAfterMs, 1);
    await elapse(1);
    assert.equal(await exhaust(store, ask), 1);
    await elapse(86_400_000);
    assert.equal(await exhaust(store, ask), 2);
  },

  'unnamed entries: all or nothing over two records, each with entries of one moment': async ({ store }) => {
    const [open, full] = [throttle(5, 60), throttle(2, 3600)];
    await taken(store, open, full);
    await taken(store, open, full);
    await times(20, async () => {
      const refusal = await refused(store, open, full);
      assert.deepEqual([refusal.limit, refusal.kind, refusal.retryAfterMs], ['all.2.3600', 'throttle', 3_600_000]);
    });
    assert.equal(await exhaust(store, open), 3);
  },

  'unnamed entries: a clock set back neither frees an entry nor revives one': async ({ store, clock, elapse }) => {
    const ask = throttle(2, 60);
    await taken(store, ask);
    await elapse(60_000);
    await taken(store, ask);
    clock.advanceMs(-30_000);
    assert.equal(await exhaust(store, ask), 1);
    assert.equal((await refused(store, ask)).retryAfterMs, 90_000);
    await elapse(89_999);
    await refused(store, ask);
    await elapse(1);
    assert.equal(await exhaust(store, ask), 2);
  },
};
