import { expect, it } from 'vitest';
import { shownAmount } from './shown-amount.js';

it.each([
  ['en', '1234.50 EUR'],
  ['nl', '1234,50 EUR'],
  ['fr', '1234,50 EUR'],
  ['de', '1234,50 EUR'],
  ['es', '1234,50 EUR'],
  ['ar', '1234.50 EUR'],
] as const)('an amount is written as in %s', (language, shown) => {
  expect(shownAmount('1234.50 EUR', language)).toBe(shown);
});
