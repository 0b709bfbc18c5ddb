import { ipv4 } from '../addresses.js';
import type { Attack } from '../attack.js';
import { countryAt, QUIET_COUNTRIES, targetNumber } from '../targets.js';

/** Strangers use up what anybody may have for a number, to keep its owner out; his browser has budgets of its own. */
export const lockOut: Attack = {
  name: 'lock_out',
  counts: 'messages',
  steps: 100,
  daily: { module: 10, plain: 120 },
  step: (index, run) => ({ target: victimOf(run), ip: ipv4(run, index + 1), guesses: 5 }),
  victim: (run) => ({ target: victimOf(run), ip: ipv4(run, 0) }),
};

function victimOf(run: number) {
  return targetNumber(countryAt(QUIET_COUNTRIES, run), run, 7000 + run);
}
