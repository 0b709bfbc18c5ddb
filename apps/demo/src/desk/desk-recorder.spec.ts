import { OtpEvents, type OtpHealth } from 'nestjs-sms-otp';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { describe, expect, it } from 'vitest';
import { DeskRecorder } from './desk-recorder.js';
import { type DeskBatch, DeskStoreUnavailableError } from './desk.store.js';
import { MemoryDeskStore } from './memory-desk.store.js';

const health: Pick<OtpHealth, 'check'> = {
  check: async () => ({
    status: 'up',
    store: { name: 'memory', status: 'up', latencyMs: 1 },
    transports: [],
    hashing: { running: 0, waiting: 0, width: 2 },
  }),
};

/** A store whose connection a test breaks: before a batch arrives, or before its answer does. */
class BreakingStore extends MemoryDeskStore {
  state: 'up' | 'away' | 'loses answers' = 'up';
  isClosed = false;
  readonly sizes: number[] = [];

  override async add(batch: DeskBatch): Promise<void> {
    if (this.state !== 'away') {
      this.sizes.push(batch.facts.length);
      await super.add(batch);
    }
    if (this.state !== 'up') {
      throw new DeskStoreUnavailableError('away');
    }
  }

  override async close(): Promise<void> {
    this.isClosed = true;
  }
}

async function startRecorder({ maxWaiting = 5000 } = {}) {
  const clock = new ManualClock();
  const events = new OtpEvents(clock);
  const store = new BreakingStore(() => clock.now());
  const running = new Set<() => void>();
  const repeat = (run: () => void) => {
    running.add(run);
    return () => void running.delete(run);
  };
  const recorder = new DeskRecorder({ events, health, store, name: 'one', maxWaiting, repeat });
  await recorder.onModuleInit();
  const throttle = (times: number) => {
    for (let count = 0; count < times; count += 1) {
      events.emit('request.throttled', { limit: 'transfers', retryAfterSeconds: 1 });
    }
  };
  const refused = async () => (await store.read(clock.now())).minutes.at(-1)?.counts['refused'] ?? 0;
  return { recorder, store, throttle, refused, running, clock };
}

describe('DeskRecorder', () => {
  it('adds many events at once, and nothing when there were none', async () => {
    const { recorder, store, throttle, refused } = await startRecorder();
    await recorder.flush();
    throttle(1200);
    await recorder.flush();
    expect(store.sizes).toEqual([500, 500, 200]);
    expect(await refused()).toBe(1200);
  });

  it('L1 keeps what it could not add, and counts none of it twice', async () => {
    const { recorder, store, throttle, refused } = await startRecorder();
    throttle(3);
    store.state = 'away';
    await recorder.flush();
    throttle(2);
    store.state = 'loses answers';
    await recorder.flush();
    await recorder.flush();
    store.state = 'up';
    await recorder.flush();
    expect(await refused()).toBe(5);
  });

  it('case 49: holds no more events than it may, loses the oldest and says how many', async () => {
    const { recorder, store, throttle, refused, clock } = await startRecorder({ maxWaiting: 10 });
    store.state = 'away';
    throttle(1);
    await recorder.flush();
    throttle(100_000);
    store.state = 'up';
    await recorder.flush();
    // The one that was under way, and the newest ten.
    expect(await refused()).toBe(11);
    await recorder.report();
    const { instances } = await store.read(clock.now());
    expect(instances).toEqual([expect.objectContaining({ name: 'one', dropped: 99_990 })]);
  });

  it('a flush that runs already is joined, and what came meanwhile is added too', async () => {
    const { recorder, throttle, refused } = await startRecorder();
    throttle(1);
    const first = recorder.flush();
    throttle(1);
    await Promise.all([first, recorder.flush(), recorder.flush()]);
    expect(await refused()).toBe(2);
  });

  it('at shutdown it hears no more, adds the rest and closes the store', async () => {
    const { recorder, store, throttle, refused, running } = await startRecorder();
    throttle(1);
    await recorder.onApplicationShutdown();
    throttle(1);
    await recorder.flush();
    expect([await refused(), store.isClosed, running.size]).toEqual([1, true, 0]);
  });
});
