import { ipv4 } from '../addresses.js';
import type { Attack } from '../attack.js';
import { countryAt, QUIET_COUNTRIES, targetNumber } from '../targets.js';

/** Of the demo, without a binding. */
const PURPOSES = ['login', 'second', 'sign-up'] as const;

/** One victim's number from 200 addresses for every purpose: the number has a pause of its own, whoever asks. */
export const bombNumber: Attack = {
  name: 'bomb_number',
  counts: 'messages',
  steps: 200,
  daily: { module: 10, plain: 120 },
  step: (index, run) => ({
    target: targetNumber(countryAt(QUIET_COUNTRIES, run), run, 3000 + run),
    ip: ipv4(run, index),
    purpose: PURPOSES[index % PURPOSES.length] ?? PURPOSES[0],
  }),
};
