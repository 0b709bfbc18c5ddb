import { vi } from 'vitest';
import { startDemo, type RunningDemo } from '../../support/demo-app.js';
import { startRedis } from '../../support/redis-server.js';

/** What the tour of the bank needs: a demo whose time is moved by hand, and one that has lost its Redis. */
export interface Scenery {
  readonly demo: RunningDemo;
  readonly withoutStore: RunningDemo;
  pass(seconds: number): void;
  stop(): Promise<void>;
}

/** A Monday morning, whenever the tour is walked. */
const START = Date.UTC(2026, 2, 2, 8, 30);

export async function startScenery(): Promise<Scenery> {
  // The time of day alone, of this whole process: timers run as ever.
  vi.useFakeTimers({ toFake: ['Date'], now: START });
  const [demo, redis] = await Promise.all([startDemo(), startRedis()]);
  const withoutStore = await startDemo({ env: { REDIS_URL: redis.url } });
  await redis.stop();
  return {
    demo,
    withoutStore,
    pass: (seconds) => vi.setSystemTime(Date.now() + seconds * 1000),
    stop: async () => {
      await Promise.all([demo.stop(), withoutStore.stop()]);
      vi.useRealTimers();
    },
  };
}
