import { describe, expect, it } from 'vitest';
import { readAmount } from './read-amount.js';

describe('readAmount', () => {
  it.each([
    ['12', 1200],
    ['12.5', 1250],
    ['12,50', 1250],
    [' 0,01 ', 1],
    ['00012', 1200],
    ['10000', 1_000_000],
    ['10000,00', 1_000_000],
    // As a floating-point number this would be 28.999999999999996.
    ['0,29', 29],
    ['1.1', 110],
  ])('%j is %i cents', (typed, cents) => {
    expect(readAmount(typed)).toBe(cents);
  });

  it.each([
    '',
    ' ',
    '0',
    '0,00',
    '-1',
    '+1',
    '1e3',
    '0x10',
    '1.234',
    '1.234,56',
    '1,',
    ',5',
    '1 000',
    '10000,01',
    '99999',
    '100000',
    'Infinity',
    'NaN',
    '12\n34',
    '\u0661\u0662',
    '12 EUR',
  ])('J1 %j is no amount', (typed) => {
    expect(readAmount(typed)).toBeUndefined();
  });
});
