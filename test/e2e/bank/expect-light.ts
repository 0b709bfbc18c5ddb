import { expect } from 'vitest';
import { measureLoad } from './load-meter.js';
import type { Visitor } from './visitor.js';

const MOST_BYTES = 100_000;

/** The first visit of the page that the visitor is at: how much comes, from where, and whether anything moves meanwhile. */
export async function expectLight({ page, context }: Visitor): Promise<void> {
  const load = await measureLoad(context, page.url());
  expect(load.bytes).toBeGreaterThan(5000);
  expect(load.bytes).toBeLessThan(MOST_BYTES);
  const { origin } = new URL(page.url());
  expect(load.urls.filter((asked) => !asked.startsWith(`${origin}/`))).toEqual([]);
  expect(load.policy).toMatch(/default-src 'none'/);
  expect(load.policy).not.toMatch(/unsafe|\*|data:|blob:|https?:/);
  expect(load.inline).toEqual([]);
  expect(load.shift).toBe(0);
}
