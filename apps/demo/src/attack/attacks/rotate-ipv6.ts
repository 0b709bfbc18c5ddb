import { ipv6, type Ipv6Host } from '../addresses.js';
import type { Attack } from '../attack.js';
import { countryAt, PUMPED_COUNTRIES, targetNumber } from '../targets.js';

const COUNTRIES = 3;
const STEPS = { in64: 40, in56: 60, in48: 160 } as const;

/** No address twice: first within one /64, then another /64 of its /56 each time, then another /56 of its /48. */
export const rotateIpv6: Attack = {
  name: 'rotate_ipv6',
  counts: 'messages',
  steps: STEPS.in64 + STEPS.in56 + STEPS.in48,
  daily: { module: 120, plain: 'unbounded' },
  step: (index, run) => ({
    target: targetNumber(countryAt(PUMPED_COUNTRIES, run + (index % COUNTRIES)), index, 6000 + index),
    ip: ipv6(run, place(index)),
  }),
};

function place(index: number): Ipv6Host {
  if (index < STEPS.in64) {
    return { subscriber: 0, network: 0, host: index };
  }
  const network = index - STEPS.in64;
  return network < STEPS.in56
    ? { subscriber: 0, network: network + 1, host: index }
    : { subscriber: network - STEPS.in56 + 1, network: 0, host: index };
}
