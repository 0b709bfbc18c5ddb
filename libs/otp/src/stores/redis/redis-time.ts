import type { Clock } from '../../telemetry/clock.js';

/** The server's own clock, but for tests. */
export function timeOverride(clock: Clock | undefined): string {
  return clock ? String(Math.floor(clock.now())) : '';
}
