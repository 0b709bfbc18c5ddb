import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
// How the rest passed would be described element by element, which takes longer than the check.
const OPTIONS = JSON.stringify({ runOnly: TAGS, resultTypes: ['violations'] });

interface AxeResults {
  violations: { id: string; nodes: { html: string }[] }[];
}

/** What axe-core finds wrong in the page: the rule and the elements. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  if (!(await page.evaluate<boolean>(`'axe' in globalThis`))) {
    await page.evaluate(source);
  }
  const { violations } = await page.evaluate<AxeResults>(`axe.run(${OPTIONS})`);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
