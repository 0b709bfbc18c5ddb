import { ManualClock } from 'nestjs-sms-otp/testing';
import { describe, it } from 'vitest';
import { effort } from '../support/effort.js';
import { HOUR } from '../support/limits.js';
import { expectToHold, type Fault } from './play-fault.js';
import type { Site } from './site.js';

const faults: readonly Fault[] = [
  {
    title: "applications an hour ahead and behind, the store's clock is the server's",
    storeClock: 'server',
    clockOf: (n) => new ManualClock(Date.now() + (n === 0 ? HOUR : -HOUR) * 1000),
    strike: () => undefined,
    unnoticed: true,
  },
  ...[HOUR, -HOUR].map((seconds) => ({
    title: `the store's clock leaps an hour ${seconds > 0 ? 'ahead' : 'back'}`,
    strike: (site: Site) => site.advanceSeconds(seconds),
    unnoticed: true,
  })),
];

describe('case 81 clocks', { timeout: effort(60_000, 300_000) }, () => {
  for (const fault of faults.filter((_, n) => effort(n === 0, true))) {
    it(`A2 A3 B3 F4 ${fault.title}`, () => expectToHold(fault));
  }
});
