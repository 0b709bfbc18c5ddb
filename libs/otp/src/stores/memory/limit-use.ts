import type { LimitUse, LogRequest } from '../otp-store.js';
import { cooldownAdmitsAt, logMoment, usedIn, windowAdmitsAt, type Log } from './log.js';

/** How full the limits of one request are, without taking. */
export function limitUse({ log: name, windows, cooldown }: LogRequest, log: Log, now: number): LimitUse {
  const at = logMoment(log, now);
  const orNow = (admitsAt: number) => (admitsAt > at ? admitsAt : now);
  return {
    log: name,
    windows: windows.map((window) => ({
      ...window,
      used: usedIn(window, log, at),
      admitsAt: orNow(windowAdmitsAt(window, log, at)),
    })),
    cooldownEndsAt: cooldown ? orNow(cooldownAdmitsAt(cooldown, log, at)) : now,
  };
}
