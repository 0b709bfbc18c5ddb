import { ManualClock } from 'nestjs-sms-otp/testing';

/** How many seconds pass in one: cooldowns are over in a moment, and lifetimes end within the run. */
export const SPEED = 20;

/** Runs by itself, faster than the world, and can leap. The same `since` in two processes is the same time. */
export class RunningClock extends ManualClock {
  constructor(private readonly since = Date.now()) {
    super(since);
  }

  override now(): number {
    return super.now() + Math.round((Date.now() - this.since) * SPEED);
  }
}
