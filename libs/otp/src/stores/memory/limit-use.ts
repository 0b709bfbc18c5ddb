import type { LimitRequest, LimitUse } from '../otp-store.js';
import { cooldownAdmitsAt, countedIn, windowAdmitsAt } from './admission.js';
import type { Log } from './memory-record.js';

/** How full the limits of one request are, without taking. */
export function limitUse({ log: name, windows, cooldown }: LimitRequest, log: Log, now: number): LimitUse {
  // As when taking: a clock that was set back must not bring entries back into a window that they have left.
  const when = { log, at: Math.max(now, log.entries.at(-1)?.at ?? 0) };
  const orNow = (admitsAt: number) => (admitsAt > when.at ? admitsAt : now);
  return {
    log: name,
    windows: windows.map((window) => ({
      ...window,
      used: countedIn(window, when).length,
      admitsAt: orNow(windowAdmitsAt(window, when)),
    })),
    cooldownEndsAt: cooldown ? orNow(cooldownAdmitsAt(cooldown, when)) : now,
  };
}
