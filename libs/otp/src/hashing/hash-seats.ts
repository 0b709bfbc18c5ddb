import { availableParallelism } from 'node:os';

export type SeatKind = 'issue' | 'verify';

export interface HashSeatsOptions {
  /** Hashes that run at once. @default the cores, less what libuv's pool needs for other work */
  readonly width?: number;
  /** Seats given out for each kind, running and waiting. @default 64 for each hash that may run at once */
  readonly maxSeats?: number;
  /** Seats given out for one number or one IP. @default a quarter of `maxSeats` */
  readonly maxSeatsPerKey?: number;
}

/** A place in the queue, taken before anything is spent. */
export interface Seat {
  /**
   * Waits for its turn, runs `work` and leaves. When `signal` aborts while waiting, the seat leaves the queue and the
   * promise rejects with the signal's reason.
   */
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Gives the seat up; harmless when it was already left. */
  leave(): void;
}

export interface SeatLoad {
  /** Hashes that run now. */
  readonly running: number;
  /** Hashes that wait for their turn. */
  readonly waiting: number;
  /** Hashes that may run at once. */
  readonly width: number;
}

export interface Seats {
  readonly load: SeatLoad;
  /** A seat, or `undefined` when all are taken: answer `busy`. */
  take(kind: SeatKind, keys: readonly string[]): Seat | undefined;
}

interface Turn<T> {
  readonly kind: SeatKind;
  readonly work: () => Promise<T>;
  readonly signal: AbortSignal | undefined;
  readonly leave: () => void;
}

/**
 * Bounds concurrent hashing: first in, first out, and never more at once than there are cores. Without it every thread
 * of libuv's pool hashes, and the DNS look-up for the SMS provider waits behind a second of argon2.
 *
 * Issuing and verifying queue apart and take turns, so a flood of one does not starve the other. A seat is taken
 * before the limits are asked and given up when they refuse: `busy` costs nobody an attempt or a send.
 */
export class HashSeats implements Seats {
  readonly width: number;
  private readonly maxSeats: number;
  private readonly maxSeatsPerKey: number;
  private readonly queues: Readonly<Record<SeatKind, Set<() => void>>> = { issue: new Set(), verify: new Set() };
  private readonly taken: Record<SeatKind, number> = { issue: 0, verify: 0 };
  private readonly takenByKey: Readonly<Record<SeatKind, Map<string, number>>> = {
    issue: new Map(),
    verify: new Map(),
  };
  private running = 0;
  private turn: SeatKind = 'verify';

  constructor(options: HashSeatsOptions = {}) {
    this.width = options.width ?? defaultWidth();
    this.maxSeats = options.maxSeats ?? 64 * this.width;
    this.maxSeatsPerKey = options.maxSeatsPerKey ?? Math.ceil(this.maxSeats / 4);
  }

  get load(): SeatLoad {
    return { running: this.running, waiting: this.queues.issue.size + this.queues.verify.size, width: this.width };
  }

  take(kind: SeatKind, keys: readonly string[]): Seat | undefined {
    const takenByKey = this.takenByKey[kind];
    if (this.taken[kind] >= this.maxSeats || keys.some((key) => (takenByKey.get(key) ?? 0) >= this.maxSeatsPerKey)) {
      return undefined;
    }
    this.taken[kind] += 1;
    for (const key of keys) {
      takenByKey.set(key, (takenByKey.get(key) ?? 0) + 1);
    }

    let left = false;
    const leave = () => {
      if (!left) {
        left = true;
        this.release(kind, keys);
      }
    };
    return { leave, run: (work, signal) => this.run({ kind, work, signal, leave }) };
  }

  /**
   * The next hash starts before the finished one's caller goes on, or its place would stand empty for as long as that
   * takes: with a fast engine a twentieth of the time.
   */
  private run<T>({ kind, work, signal, leave }: Turn<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const start = () => {
        signal?.removeEventListener('abort', hangUp);
        const end = (settle: () => void) => {
          leave();
          this.exit();
          settle();
        };
        attempt(work).then(
          (value) => end(() => resolve(value)),
          (error: unknown) => end(() => reject(asError(error))),
        );
      };
      const hangUp = () => {
        this.queues[kind].delete(start);
        leave();
        reject(asError(signal?.reason));
      };

      if (signal?.aborted === true) {
        hangUp();
      } else if (this.running < this.width) {
        this.running += 1;
        start();
      } else {
        signal?.addEventListener('abort', hangUp, { once: true });
        this.queues[kind].add(start);
      }
    });
  }

  private release(kind: SeatKind, keys: readonly string[]): void {
    this.taken[kind] -= 1;
    const takenByKey = this.takenByKey[kind];
    for (const key of keys) {
      const count = (takenByKey.get(key) ?? 1) - 1;
      if (count === 0) {
        takenByKey.delete(key);
      } else {
        takenByKey.set(key, count);
      }
    }
  }

  /** Hands the place to the next in line; `running` stays as it is when there is one. */
  private exit(): void {
    const other = this.turn === 'verify' ? 'issue' : 'verify';
    const kind = this.queues[this.turn].size > 0 ? this.turn : other;
    const [next] = this.queues[kind];
    this.turn = kind === 'verify' ? 'issue' : 'verify';
    if (next === undefined) {
      this.running -= 1;
      return;
    }
    this.queues[kind].delete(next);
    next();
  }
}

const FREE_SEAT: Seat = { run: (work) => work(), leave: () => undefined };

/** For hashers that occupy no thread: always free. */
export const freeSeats: Seats = { load: { running: 0, waiting: 0, width: 0 }, take: () => FREE_SEAT };

/**
 * As many as there are cores, but two threads of libuv's pool stay free for DNS and files. The pool has four threads
 * unless `UV_THREADPOOL_SIZE` says otherwise.
 */
export function defaultWidth(
  cores: number = availableParallelism(),
  poolSize: string | undefined = process.env['UV_THREADPOOL_SIZE'],
): number {
  const configured = Number(poolSize);
  const threads = Number.isSafeInteger(configured) && configured > 0 ? configured : 4;
  return Math.max(1, Math.min(cores, threads - 2));
}

/** Work that throws fails alone, and not whoever starts it. */
function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return work();
  } catch (error) {
    return Promise.reject(asError(error));
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted');
}
