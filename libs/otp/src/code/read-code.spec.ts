import { describe, expect, it } from 'vitest';
import { readCode } from './read-code.js';

describe('readCode', () => {
  it.each([
    ['123456', '123456'],
    ['012345', '012345'],
    ['000000', '000000'],
    [' 123 456 ', '123456'],
    ['123-456', '123456'],
    ['12\u00A034\u202F56', '123456'],
    ['1234567', '1234567'],
    ['1234 5678', '12345678'],
    ['１２３４５６', '123456'],
    ['١٢٣٤٥٦', '123456'],
    ['۱۲۳۴۵۶', '123456'],
  ])('U1 reads %j', (typed, code) => {
    expect(readCode(typed)).toEqual({ outcome: 'ok', code });
  });

  it.each([
    ['missing', undefined],
    ['missing', null],
    ['missing', ''],
    ['missing', ' - '],
    ['not_digits', 123456],
    ['not_digits', ['123456']],
    ['not_digits', { code: '123456' }],
    ['not_digits', true],
    ['not_digits', { toString: () => '123456' }],
  ])('case 57: %s: %j', (problem, value) => {
    expect(readCode(value)).toMatchObject({ outcome: 'invalid', problem });
  });

  it.each([
    ['too_short', '12345'],
    ['too_short', '-1'],
    ['not_digits', '1e5000'],
    ['not_digits', '0x1234'],
    ['not_digits', '+123456'],
    ['not_digits', '1234.56'],
    ['not_digits', 'Infinity'],
    ['too_long', '123456789'],
    ['too_long', '1'.repeat(10_000_000)],
    ['too_long', ' '.repeat(33)],
  ])('case 58: %s: %.40s', (problem, value) => {
    expect(readCode(value)).toMatchObject({ outcome: 'invalid', problem });
  });

  it.each([
    ['123456\0'],
    ['123456\r\n'],
    ['12\t3456'],
    ['123456%00'],
    ['123456\u200B'],
    ['१२३४५६'],
    ['123456,654321'],
    ['12345²'],
  ])('case 15: %j is not a code', (value) => {
    expect(readCode(value)).toMatchObject({ outcome: 'invalid', problem: 'not_digits' });
  });

  it('U5 A6 tells the problems apart and never repeats the input', () => {
    const details = [undefined, 'secret', '9876', '987654321'].map((value) => {
      const reading = readCode(value);
      return reading.outcome === 'invalid' ? reading.detail : '';
    });
    expect(new Set(details).size).toBe(4);
    expect(details.join()).not.toMatch(/secret|9876/);
  });
});
