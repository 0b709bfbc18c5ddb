import { expect } from 'vitest';

/** No stack, no path, no name of what is inside. Ids are random and may spell anything; they are left out. */
export function expectNoInternals(told: string): void {
  const withoutIds = told.replaceAll(/"challengeId":"[^"]*"/g, '');
  expect(withoutIds).not.toMatch(/node_modules|at \w+ \(|\.ts|\.js|Exception|zod/i);
}
