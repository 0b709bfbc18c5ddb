import { describe, expect, it } from 'vitest';
import { readTypedNumber, spokenNumber } from './typed-number.js';

const read = (phoneNumber: string, country = '') => {
  const reading = readTypedNumber({ country, phoneNumber });
  return reading.outcome === 'ok' ? reading.phoneNumber : reading.outcome;
};

describe('readTypedNumber', () => {
  it.each([
    ['+31 6 12345678', ''],
    ['+31 (0)6-12345678', ''],
    ['\uFF0B31612345678', ''],
    ['  +31.6.1234.5678 ', ''],
    ['06 12 34 56 78', 'NL'],
    ['0031612345678', 'NL'],
    ['+31 6 12345678', 'BE'],
    ['\u0660\u0666 \u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668', 'NL'],
    ['+\u06F3\u06F1\u06F6\u06F1\u06F2\u06F3\u06F4\u06F5\u06F6\u06F7\u06F8', ''],
    ['06\u00A012\u201134\u201156\u201178', 'NL'],
    ['\u202A+31612345678\u202C', ''],
  ])('U2 J1 reads %j (%s) as one number', (typed, country) => {
    expect(read(typed, country)).toBe('+31612345678');
  });

  it.each([
    ['', 'NL', 'no_phone_number'],
    ['  ', '', 'no_phone_number'],
    ['0612345678', '', 'no_country'],
    ['0612345678', 'XX', 'no_country'],
    ['0612345678', 'nl', 'no_country'],
    ['0612345678', '__', 'no_country'],
    ['06123456', 'NL', 'invalid_phone_number'],
    ['+999123456789', '', 'invalid_phone_number'],
    ['+31612345678 ext. 12', '', 'invalid_phone_number'],
    ['+31612345678;ext=12', '', 'invalid_phone_number'],
    ['+31612345678,+31687654321', '', 'invalid_phone_number'],
    ['+31612345678 +31687654321', '', 'invalid_phone_number'],
    ['call +31612345678', 'NL', 'invalid_phone_number'],
    ['+31612345678 now', '', 'invalid_phone_number'],
    ['1-800-FLOWERS', 'US', 'invalid_phone_number'],
    ['tel:+31612345678;phone-context=+1', 'NL', 'invalid_phone_number'],
    ['+', '', 'invalid_phone_number'],
  ])('J1 %j (%s) is %s', (typed, country, outcome) => {
    expect(read(typed, country)).toBe(outcome);
  });
});

describe('spokenNumber', () => {
  it('groups the digits as the country does', () => {
    expect(spokenNumber('+31612345678')).toBe('+31 6 12345678');
    expect(spokenNumber('no number')).toBe('no number');
  });
});
