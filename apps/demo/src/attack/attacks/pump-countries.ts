import { ipv4 } from '../addresses.js';
import type { Attack } from '../attack.js';
import { countryAt, TARGET_COUNTRIES, targetNumber } from '../targets.js';

/** One address, numbers all over the countries where it pays: an address has three countries without an answer. */
export const pumpCountries: Attack = {
  name: 'pump_countries',
  counts: 'messages',
  steps: 3 * TARGET_COUNTRIES.length,
  daily: { module: 30, plain: 480 },
  step: (index, run) => ({
    target: targetNumber(countryAt(TARGET_COUNTRIES, index + run), run, run + index),
    ip: ipv4(run, 0),
  }),
};
