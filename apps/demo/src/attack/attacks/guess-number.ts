import { ipv4 } from '../addresses.js';
import type { Attack } from '../attack.js';
import { countryAt, QUIET_COUNTRIES, targetNumber } from '../targets.js';

/** Codes for one number: new challenges, resends and addresses, and one guess more than a challenge has. */
export const guessNumber: Attack = {
  name: 'guess_number',
  counts: 'codes',
  steps: 60,
  daily: { module: 15, plain: 600 },
  step: (index, run) => ({
    target: targetNumber(countryAt(QUIET_COUNTRIES, run), run, 4000 + run),
    ip: ipv4(run, index),
    guesses: 6,
    resends: 1,
  }),
};
