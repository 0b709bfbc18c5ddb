import type { Clock } from '../../telemetry/clock.js';
import { StoreFullError, type MarkStore } from '../otp-store.js';

const SWEEP_PAUSE_MS = 1_000;

interface Mark {
  readonly value: string;
  readonly expiresAt: number;
}

/** Never evicts: a mark that is forgotten would let a proof be used again. */
export class MemoryMarkStore implements MarkStore {
  private readonly marks = new Map<string, Mark>();
  private lastSweepAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly clock: Clock,
    private readonly maxMarks: number,
  ) {}

  async putIfAbsent(key: string, value: string, ttlSeconds: number): Promise<string | undefined> {
    const present = this.live(key);
    if (present) {
      return present.value;
    }
    this.write(key, value, ttlSeconds);
    return undefined;
  }

  async put(key: string, value: string, ttlSeconds: number): Promise<void> {
    this.write(key, value, ttlSeconds);
  }

  async get(key: string): Promise<string | undefined> {
    return this.live(key)?.value;
  }

  async delete(key: string): Promise<void> {
    this.marks.delete(key);
  }

  sweep(): void {
    const now = this.clock.now();
    this.lastSweepAt = now;
    for (const [key, { expiresAt }] of this.marks) {
      if (now >= expiresAt) {
        this.marks.delete(key);
      }
    }
  }

  private write(key: string, value: string, ttlSeconds: number): void {
    const now = this.clock.now();
    const isFull = () => this.marks.size >= this.maxMarks && !this.marks.has(key);
    if (isFull() && Math.abs(now - this.lastSweepAt) >= SWEEP_PAUSE_MS) {
      this.sweep();
    }
    if (isFull()) {
      throw new StoreFullError(`The memory store is full: ${this.maxMarks} marks`);
    }
    this.marks.set(key, { value, expiresAt: now + Math.round(ttlSeconds * 1000) });
  }

  /** An expired mark is forgotten when it is seen, so that a clock that is set back does not revive it. */
  private live(key: string): Mark | undefined {
    const mark = this.marks.get(key);
    if (mark && this.clock.now() >= mark.expiresAt) {
      this.marks.delete(key);
      return undefined;
    }
    return mark;
  }
}
