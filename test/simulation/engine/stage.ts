import type { ManualClock } from 'nestjs-sms-otp/testing';
import { EventQueue } from './event-queue.js';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Someone who acts over time: yields when to be woken again, in milliseconds of the stage's time. */
export type Actor<T = void> = AsyncGenerator<number, T, void>;

/** Lets actors act one after the other, each at its time. Only one acts at once, so a run has one order. */
export class Stage {
  private readonly queue = new EventQueue<Actor>();
  private readonly startedAt: number;

  constructor(private readonly clock: ManualClock) {
    this.startedAt = clock.now();
  }

  /** Milliseconds since the beginning. */
  get now(): number {
    return this.clock.now() - this.startedAt;
  }

  enter(at: number, actor: Actor): void {
    this.queue.add(Math.max(Math.round(at), this.now), actor);
  }

  /** Ends when nobody is left to act, or at `end`. */
  async run(end: number): Promise<void> {
    for (let next = this.queue.takeFirst(); next !== undefined && next.at < end; next = this.queue.takeFirst()) {
      this.clock.set(this.startedAt + next.at);
      const { done, value } = await next.item.next();
      if (done !== true) {
        this.enter(value, next.item);
      }
    }
  }
}
