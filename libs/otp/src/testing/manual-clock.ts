import type { Clock } from '../telemetry/clock.js';

/** A clock that stands still until a test moves it, in either direction. */
export class ManualClock implements Clock {
  private currentMs: number;

  /** `startMs`: milliseconds since the Unix epoch; the beginning of 2026 by default. */
  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.currentMs = startMs;
  }

  now(): number {
    return this.currentMs;
  }

  advanceSeconds(seconds: number): void {
    this.advanceMs(seconds * 1000);
  }

  advanceMs(ms: number): void {
    this.currentMs += ms;
  }

  /** Milliseconds since the Unix epoch; may lie in the past. */
  set(ms: number): void {
    this.currentMs = ms;
  }
}
