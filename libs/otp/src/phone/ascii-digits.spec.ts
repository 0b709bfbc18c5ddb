import { expect, it } from 'vitest';
import { hasOtherDigits, toAsciiDigits } from './ascii-digits.js';

it('case 35: maps every digit of the four keyboards', () => {
  expect(toAsciiDigits('٠١٢٣٤٥٦٧٨٩')).toBe('0123456789');
  expect(toAsciiDigits('۰۱۲۳۴۵۶۷۸۹')).toBe('0123456789');
  expect(toAsciiDigits('０１２３４５６７８９')).toBe('0123456789');
  expect(toAsciiDigits('0123456789')).toBe('0123456789');
});

it('turns no-break spaces into spaces and leaves all else', () => {
  expect(toAsciiDigits('12\u00A034\u202F56')).toBe('12 34 56');
  expect(toAsciiDigits('१２a\u200B²')).toBe('१2a\u200B²');
});

it('sees the digits of other scripts', () => {
  expect(hasOtherDigits('१२३')).toBe(true);
  expect(hasOtherDigits('𝟙𝟚')).toBe(true);
  expect(hasOtherDigits('123 ²½ab')).toBe(false);
});
