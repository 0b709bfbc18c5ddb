import { expect } from 'vitest';
import { deploy, SETTINGS } from './bank/deployments.js';
import { DEVELOPMENT_FLOWS } from './bank/development-flows.js';
import { FLOWS } from './bank/flows.js';
import { PEOPLE } from './bank/people.js';
import { runFlows } from './bank/run-flows.js';

// Every person does everything, and everything is done in every setting: six people in turn, four settings.
for (const [index, person] of PEOPLE.entries()) {
  const [setting = SETTINGS[0]] = SETTINGS.slice(index % SETTINGS.length);
  if (setting !== undefined) {
    runFlows(`${person.title}, ${setting.adapter} with ${setting.store}`, {
      start: () => deploy(setting),
      person,
      flows: [...FLOWS, ...DEVELOPMENT_FLOWS],
      async check({ page }) {
        // Nobody has to scroll sideways (WCAG 2.2 1.4.10).
        const width = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth').catch(() => 0);
        expect(width).toBeLessThanOrEqual(0);
      },
    });
  }
}
