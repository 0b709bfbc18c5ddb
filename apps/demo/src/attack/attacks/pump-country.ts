import { ipv4 } from '../addresses.js';
import type { Attack } from '../attack.js';
import { countryAt, PUMPED_COUNTRIES, targetNumber } from '../targets.js';

/** Every message to another prefix from another address: 50 an hour and 20 young ones stop a country. */
export const pumpCountry: Attack = {
  name: 'pump_country',
  counts: 'messages',
  steps: 300,
  daily: { module: 104, plain: 'unbounded' },
  step: (index, run) => ({
    target: targetNumber(countryAt(PUMPED_COUNTRIES, run), index, 2000 + index),
    ip: ipv4(run, index),
  }),
};
