import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResults {
  violations: { id: string; nodes: { html: string }[] }[];
}

declare global {
  interface Window {
    axe?: { run(): Promise<AxeResults> };
  }
}

/** What axe-core finds wrong in the page: the rule and the elements. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(source);
  const results = await page.evaluate(() => window.axe?.run());
  if (results === undefined) {
    throw new Error('axe-core did not load');
  }
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
