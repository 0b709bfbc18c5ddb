import { describe, expect, it } from 'vitest';
import { defaultWidth, freeSeats, HashSeats, type Seat } from './hash-seats.js';

/** Work that ends when the test says so. */
function gate() {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { work: () => ended, end };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

function seat(seats: HashSeats, kind: 'issue' | 'verify' = 'issue', keys: string[] = []): Seat {
  const taken = seats.take(kind, keys);
  if (taken === undefined) {
    throw new Error('busy');
  }
  return taken;
}

describe('HashSeats', () => {
  it('L2 never runs more than its width, first in first out', async () => {
    const seats = new HashSeats({ width: 2 });
    const gates = [0, 1, 2, 3].map(gate);
    const started: number[] = [];
    const runs = gates.map(({ work }, index) =>
      seat(seats).run(() => {
        started.push(index);
        return work();
      }),
    );
    await turn();
    expect(started).toEqual([0, 1]);
    expect(seats.load).toEqual({ running: 2, waiting: 2, width: 2 });
    gates[1]?.end();
    await turn();
    expect(started).toEqual([0, 1, 2]);
    gates.forEach(({ end }) => end());
    await Promise.all(runs);
    expect(started).toEqual([0, 1, 2, 3]);
    expect(seats.load).toEqual({ running: 0, waiting: 0, width: 2 });
  });

  it('L2 is busy when all seats of a kind are taken, and counts kinds apart', () => {
    const seats = new HashSeats({ width: 1, maxSeats: 2, maxSeatsPerKey: 2 });
    const first = seat(seats);
    seat(seats);
    expect(seats.take('issue', [])).toBeUndefined();
    expect(seats.take('verify', [])).toBeDefined();
    first.leave();
    first.leave();
    expect(seats.take('issue', [])).toBeDefined();
    expect(seats.take('issue', [])).toBeUndefined();
  });

  it('gives one number or address only its share', () => {
    const seats = new HashSeats({ width: 1, maxSeats: 8, maxSeatsPerKey: 2 });
    seat(seats, 'verify', ['number', 'ip']);
    const second = seat(seats, 'verify', ['number', 'ip']);
    expect(seats.take('verify', ['number', 'other'])).toBeUndefined();
    expect(seats.take('verify', ['other', 'ip'])).toBeUndefined();
    expect(seats.take('issue', ['number', 'ip'])).toBeDefined();
    second.leave();
    expect(seats.take('verify', ['number', 'ip'])).toBeDefined();
  });

  it('lets the kinds take turns', async () => {
    const seats = new HashSeats({ width: 1 });
    const first = gate();
    const order: string[] = [];
    const runs = [seat(seats).run(first.work)];
    await turn();
    for (const kind of ['issue', 'issue', 'verify', 'verify'] as const) {
      runs.push(
        seat(seats, kind).run(() => {
          order.push(kind);
          return Promise.resolve();
        }),
      );
    }
    first.end();
    await Promise.all(runs);
    expect(order).toEqual(['verify', 'issue', 'verify', 'issue']);
  });

  it('lets who hangs up leave the queue', async () => {
    const seats = new HashSeats({ width: 1, maxSeats: 2, maxSeatsPerKey: 2 });
    const first = gate();
    const running = seat(seats).run(first.work);
    const controller = new AbortController();
    const waiting = seat(seats).run(() => Promise.reject(new Error('ran')), controller.signal);
    await turn();
    controller.abort(new Error('hung up'));
    await expect(waiting).rejects.toThrow('hung up');
    expect(seats.load.waiting).toBe(0);
    expect(seats.take('issue', [])).toBeDefined();
    first.end();
    await running;
    expect(seats.load.running).toBe(0);
  });

  it('gives the place on after work that fails', async () => {
    const seats = new HashSeats({ width: 1 });
    const failing = seat(seats).run(() => Promise.reject(new Error('broken')));
    const throwing = seat(seats).run(() => {
      throw new Error('thrown');
    });
    const next = seat(seats).run(() => Promise.resolve('next'));
    await expect(failing).rejects.toThrow('broken');
    await expect(throwing).rejects.toThrow('thrown');
    await expect(next).resolves.toBe('next');
    expect(seats.load.running).toBe(0);
  });
});

describe('defaultWidth', () => {
  it.each([
    [2, undefined, 2],
    [8, undefined, 2],
    [8, '16', 8],
    [1, undefined, 1],
    [4, '1', 1],
    [4, 'nonsense', 2],
  ])('%i cores and a pool of %s: %i', (cores, pool, width) => {
    expect(defaultWidth(cores, pool)).toBe(width);
  });

  it('is that of this machine when nothing is said', () => {
    expect(new HashSeats().width).toBeGreaterThanOrEqual(1);
  });
});

describe('freeSeats', () => {
  it('are always free', async () => {
    const free = freeSeats.take('issue', []);
    await expect(free?.run(() => Promise.resolve(1))).resolves.toBe(1);
    free?.leave();
  });
});
