import { ipv4 } from '../addresses.js';
import type { Attack } from '../attack.js';
import { countryAt, QUIET_COUNTRIES, targetNumber } from '../targets.js';

/** The same guess for one number after the other, all of one prefix and from one address. */
export const guessNumbers: Attack = {
  name: 'guess_numbers',
  counts: 'codes',
  steps: 100,
  daily: { module: 20, plain: 480 },
  step: (index, run) => ({
    target: targetNumber(countryAt(QUIET_COUNTRIES, run), Math.floor(run / QUIET_COUNTRIES.length) + 50, 5000 + index),
    ip: ipv4(run, 0),
    guesses: 1,
  }),
};
