import { systemClock, type Clock } from '../../telemetry/clock.js';
import type { OtpStore } from '../otp-store.js';
import { checkNamespace, checkOptions } from '../store-checks.js';
import { MemoryChallengeStore } from './memory-challenge.store.js';
import { MemoryLimitStore } from './memory-limit.store.js';
import { MemoryMarkStore } from './memory-mark.store.js';
import { MemoryRecords } from './memory-records.js';

const SWEEP_EVERY_MS = 30_000;

export interface MemoryStoreOptions {
  /** @default the system's clock */
  readonly clock?: Clock;
  /**
   * Separates applications: 1 to 32 of `a-z`, `0-9`, `-`, `_`.
   * @default 'otp'
   */
  readonly namespace?: string;
  /**
   * How many phone numbers are remembered at most. Those with wrong codes or a live challenge are never forgotten early;
   * when there are only such, new ones are answered with `StoreFullError`.
   * @default 100_000
   */
  readonly maxNumbers?: number;
  /**
   * The same for client addresses, and for keys of `@OtpThrottle`.
   * @default 100_000
   */
  readonly maxIps?: number;
  /**
   * How many marks are remembered at most. None is forgotten early.
   * @default 100_000
   */
  readonly maxMarks?: number;
}

/**
 * Keeps challenges, counters and marks in this process: for development, tests and a single instance. A restart forgets
 * them, failure counts included, and instances know nothing of each other.
 *
 * @throws {TypeError} when an option is wrong
 */
export function memoryStore(options: MemoryStoreOptions = {}): OtpStore {
  checkOptions('memoryStore', options);
  const { clock = systemClock, maxNumbers = 100_000, maxIps = 100_000, maxMarks = 100_000 } = options;
  const namespace = checkNamespace('memoryStore', options.namespace ?? 'otp');
  for (const [name, value] of Object.entries({ maxNumbers, maxIps, maxMarks })) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new TypeError(`memoryStore: \`${name}\` must be a whole number of at least 1`);
    }
  }
  const records = new MemoryRecords(clock, { maxNumbers, maxIps });
  const marks = new MemoryMarkStore(clock, maxMarks);
  let timer: NodeJS.Timeout | undefined;
  return {
    name: 'memory',
    namespace,
    challenges: new MemoryChallengeStore(records),
    limits: new MemoryLimitStore(records),
    marks,
    connect: async () => {
      clearInterval(timer);
      timer = setInterval(() => {
        records.sweep();
        marks.sweep();
      }, SWEEP_EVERY_MS).unref();
      return [];
    },
    close: async () => clearInterval(timer),
  };
}
