import { describe, expect, it } from 'vitest';
import { groupDigits } from './group-digits.js';

describe('groupDigits', () => {
  it.each([
    ['NL91ABNA0417164300', 'NL91 ABNA 0417 1643 00'],
    ['nl91abna0417164300', 'nl91 abna 0417 1643 00'],
    ['to NL91ABNA0417164300.', 'to NL91 ABNA 0417 1643 00.'],
    ['NO9386011117947', 'NO93 8601 1117 947'],
    ['MT84MALT011000012345MTLCAST001S', 'MT84 MALT 0110 0001 2345 MTLC AST0 01S'],
    ['RF18539007547034', 'RF18 5390 0754 7034'],
  ])('shows the account %s in fours', (text, shown) => {
    expect(groupDigits(text)).toBe(shown);
  });

  it.each([
    ['1000000.00', '1 000 000.00'],
    ['-250000,50 EUR', '-250 000,50 EUR'],
    ['EUR1000000', 'EUR1 000 000'],
    ['999999999999', '999 999 999 999'],
    ['0.3333333333', '0.3 333 333 333'],
    ['١٢٣٤٥٦٧', '١ ٢٣٤ ٥٦٧'],
  ])('shows what may be an amount, %s, in thousands', (text, shown) => {
    expect(groupDigits(text)).toBe(shown);
  });

  it.each([
    ['0417164300', '0417 1643 00'],
    ['000000', '0000 00'],
    ['4111111111111111', '4111 1111 1111 1111'],
    ['12345678901234567890', '1234 5678 9012 3456 7890'],
  ])('shows what is no amount, %s, in fours', (text, shown) => {
    expect(groupDigits(text)).toBe(shown);
  });

  it('leaves nothing to break up in what it has broken up', () => {
    const text = 'No000NL91ABNA0417164300é';
    expect(groupDigits(text)).toBe('No000NL91ABNA0417 1643 00é');
    expect(groupDigits(groupDigits(text))).toBe(groupDigits(text));
  });

  it.each(['12345.67', '12,345,678.90', '2026-01-31', 'NL91 ABNA 0417 1643 00', 'AB12', 'Hq2Lw9Zx4Cv7Bn1', ''])(
    'leaves %j alone',
    (text) => {
      expect(groupDigits(text)).toBe(text);
    },
  );
});
