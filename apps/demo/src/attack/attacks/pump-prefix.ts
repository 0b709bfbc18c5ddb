import { ipv4 } from '../addresses.js';
import type { Attack } from '../attack.js';
import { countryAt, QUIET_COUNTRIES, targetNumber } from '../targets.js';

/** Rented numbers in a row, each from another address: ten messages an hour that nobody answers stop a prefix. */
export const pumpPrefix: Attack = {
  name: 'pump_prefix',
  counts: 'messages',
  steps: 200,
  daily: { module: 20, plain: 'unbounded' },
  step: (index, run) => ({
    target: targetNumber(countryAt(QUIET_COUNTRIES, run), Math.floor(run / QUIET_COUNTRIES.length), 1000 + index),
    ip: ipv4(run, index),
  }),
};
