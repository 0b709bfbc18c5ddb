import { expect } from 'vitest';
import { deploy, type Setting } from './bank/deployments.js';
import { DEVELOPMENT_FLOWS } from './bank/development-flows.js';
import { FLOWS } from './bank/flows.js';
import { PEOPLE } from './bank/people.js';
import { runFlows, shareOf } from './bank/run-flows.js';

/** One for each person, so that in the long form, with those of production, every flow runs on both servers with both stores. */
const SETTINGS: readonly Setting[] = [
  { adapter: 'express', store: 'memory' },
  { adapter: 'fastify', store: 'memory' },
  { adapter: 'express', store: 'Redis' },
];

for (const [index, setting] of SETTINGS.entries()) {
  const person = PEOPLE[index];
  runFlows(`${person?.title}, ${setting.adapter} with ${setting.store}`, {
    start: () => deploy(setting),
    ...(person && { person }),
    flows: shareOf([...FLOWS, ...DEVELOPMENT_FLOWS], { place: index, places: SETTINGS.length }),
    async check({ page }) {
      // Nobody has to scroll sideways (WCAG 2.2 1.4.10).
      const width = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth').catch(() => 0);
      expect(width).toBeLessThanOrEqual(0);
    },
  });
}
