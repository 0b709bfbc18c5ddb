import { afterEach, describe, expect, it, vi } from 'vitest';
import { Deliverer } from '../delivery/deliver.js';
import type { OutgoingMessage } from '../delivery/sms-transport.js';
import { freeSeats, HashSeats } from '../hashing/hash-seats.js';
import type { MarkStore, OtpStore } from '../stores/otp-store.js';
import { StoreUnavailableError } from '../stores/otp-store.js';
import { memoryStore } from '../stores/memory/index.js';
import { RecordingTransport } from '../testing/recording-transport.js';
import { OtpHealth, type OtpHealthSources } from './otp-health.js';

const transport = new RecordingTransport({ name: 'main' });

const MESSAGE: OutgoingMessage = {
  to: '+31612345678',
  text: '918273 is your Acme code.',
  channel: 'sms',
  country: 'NL',
  locale: 'en',
  purpose: 'login',
  code: '918273',
  ttlSeconds: 300,
};

function healthOf(sources: Partial<OtpHealthSources> = {}): OtpHealth {
  const deliverer = new Deliverer({ transports: [transport], sendTimeoutSeconds: 10 });
  return new OtpHealth({ store: memoryStore(), seats: freeSeats, deliverer, ...sources });
}

function storeWhose(get: MarkStore['get']): OtpStore {
  const store = memoryStore();
  const { marks } = store;
  return {
    ...store,
    marks: {
      get,
      putIfAbsent: (key, value, ttlSeconds) => marks.putIfAbsent(key, value, ttlSeconds),
      put: (key, value, ttlSeconds) => marks.put(key, value, ttlSeconds),
      delete: (key) => marks.delete(key),
    },
  };
}

/** Seats of which one is hashing, and `waiting` more wait in line until `release` is called. */
function busySeats(waiting: number, width = 1) {
  const seats = new HashSeats({ width, maxSeats: 1_000, maxSeatsPerKey: 1_000 });
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const runs = Array.from({ length: width + waiting }, async () => seats.take('verify', [])?.run(() => released));
  return {
    seats,
    release: async () => {
      release();
      await Promise.all(runs);
    },
  };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('OtpHealth', () => {
  it('tells of store, transports and hashing, and sends nothing', async () => {
    expect(await healthOf().check()).toEqual({
      status: 'up',
      store: { name: 'memory', status: 'up', latencyMs: expect.any(Number) },
      transports: [{ name: 'main', channels: [...transport.channels], circuit: 'closed' }],
      hashing: { running: 0, waiting: 0, width: 0 },
    });
    expect(transport.messages).toEqual([]);
  });

  it.each([
    ['rejects', () => Promise.reject(new StoreUnavailableError('Redis did not answer GET: secret'))],
    [
      'throws',
      () => {
        throw new TypeError('secret');
      },
    ],
  ])('L1 is down, and does not throw or tell why, when the store %s', async (_, get) => {
    const report = await healthOf({ store: storeWhose(get) }).check();
    expect(report).toMatchObject({ status: 'down', store: { status: 'down' } });
    expect(JSON.stringify(report)).not.toContain('secret');
  });

  it('L1 is down within 2 s when the store never answers', async () => {
    vi.useFakeTimers();
    const checking = healthOf({ store: storeWhose(() => new Promise(() => undefined)) }).check();
    await vi.advanceTimersByTimeAsync(1_999);
    expect(await checking).toMatchObject({ status: 'down', store: { status: 'down', latencyMs: 1_900 } });
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    [48, 1, 'up'],
    [49, 1, 'degraded'],
    [96, 2, 'up'],
    [97, 2, 'degraded'],
  ])('L2 with %i hashes waiting for a width of %i it is %s', async (waiting, width, status) => {
    const { seats, release } = busySeats(waiting, width);
    expect(await healthOf({ seats }).check()).toMatchObject({ status, hashing: { running: width, waiting, width } });
    await release();
    expect(await healthOf({ seats }).check()).toMatchObject({ status: 'up', hashing: { running: 0, waiting: 0 } });
  });

  it('is degraded when the circuits of all transports are open, and up when one works', async () => {
    const [first, second] = [new RecordingTransport({ name: 'first' }), new RecordingTransport({ name: 'second' })];
    const options = { circuitBreaker: { failures: 1 } };
    const deliverer = new Deliverer({ transports: [first, second], sendTimeoutSeconds: 10, options });
    first.failNext('transient');
    await deliverer.deliver(MESSAGE);
    expect(await healthOf({ deliverer }).check()).toMatchObject({
      status: 'up',
      transports: [
        { name: 'first', circuit: 'open' },
        { name: 'second', circuit: 'closed' },
      ],
    });
    first.failNext('transient');
    second.failNext('transient');
    await deliverer.deliver(MESSAGE);
    expect(await healthOf({ deliverer }).check()).toMatchObject({ status: 'degraded' });
    await deliverer.deliver(MESSAGE);
    expect(await healthOf({ deliverer }).check()).toMatchObject({ status: 'up' });
  });

  it('is down rather than degraded when both hold', async () => {
    const { seats, release } = busySeats(60);
    const store = storeWhose(() => Promise.reject(new StoreUnavailableError('lost')));
    expect(await healthOf({ store, seats }).check()).toMatchObject({ status: 'down' });
    await release();
  });
});
