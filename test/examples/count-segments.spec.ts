import { expect, it } from 'vitest';
import { describeLength } from './count-segments.js';

it('tells how many segments a text of an application takes', () => {
  expect(describeLength('Tern Bank: your number was changed.')).toBe('1 × SMS (35 of GSM-7)');
  expect(describeLength(`Tern Bank: your number was changed. ${'✓'.repeat(40)}`)).toBe('2 × SMS (76 of UCS-2)');
});
