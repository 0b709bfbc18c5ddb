import { getCountries, getCountryCallingCode, getExampleNumber } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { describe, expect, it } from 'vitest';
import { createPhoneReader } from './read-phone-number.js';

const read = createPhoneReader();

const outcome = (phoneNumber: unknown, country?: unknown) => read({ phoneNumber, country }).outcome;

function keyOf(phoneNumber: unknown, country?: unknown): string {
  const reading = read({ phoneNumber, country });
  return reading.outcome === 'ok' ? reading.number.handsetKey : reading.outcome;
}

describe('spellings of one handset', () => {
  it.each([
    ['+31612345678', undefined],
    ['+31 6 12 34 56 78', undefined],
    ['  +31 (0)6-1234.5678 ', undefined],
    ['(+31) 6 12345678', undefined],
    ['+31 06 12345678', undefined],
    ['06 1234 5678', 'NL'],
    ['06/12345678', 'NL'],
    ['0031 6 12345678', 'NL'],
    ['31612345678', 'NL'],
    ['00 31 6 12345678', 'GB'],
    ['011 31 6 12345678', 'US'],
    ['8 10 31 6 12345678', 'RU'],
    ['+31\u00A06\u202F12345678', undefined],
    ['+３１６１２３４５６７８', undefined],
    ['٠٦١٢٣٤٥٦٧٨', 'NL'],
    ['۰۶۱۲۳۴۵۶۷۸', 'NL'],
  ])('J1 case 31, 35: %s (%s) meets the one key', (phoneNumber, country) => {
    expect(keyOf(phoneNumber, country)).toBe('+31612345678');
  });

  it('case 31: a Russian 8 and a British trunk zero', () => {
    expect(keyOf('8 (916) 123-45-67', 'RU')).toBe('+79161234567');
    expect(keyOf('+44 (0)7400 123456')).toBe('+447400123456');
    expect(keyOf('07400 123456', 'GB')).toBe('+447400123456');
  });

  it('reads 00 only where it dials abroad', () => {
    expect(outcome('0031612345678', 'US')).toBe('invalid_phone_number');
    expect(outcome('0031612345678')).toBe('invalid_phone_number');
  });

  it('case 32: Mexico has one key, the old +52 1 is refused', () => {
    expect(keyOf('+52 55 1234 5678')).toBe('+525512345678');
    expect(keyOf('55 1234 5678', 'MX')).toBe('+525512345678');
    expect(outcome('+52 1 55 1234 5678')).toBe('invalid_phone_number');
    expect(outcome('044 55 1234 5678', 'MX')).toBe('invalid_phone_number');
  });

  it('case 33: Argentina’s mobile has one key, the same digits as a landline get nothing', () => {
    for (const [spelling, country] of [
      ['+54 9 11 2345 6789', undefined],
      ['+54 11 15 2345 6789', undefined],
      ['011 15 2345-6789', 'AR'],
      ['9 11 2345 6789', 'AR'],
    ]) {
      expect(keyOf(spelling, country), spelling).toBe('+5491123456789');
    }
    expect(outcome('+54 11 2345 6789')).toBe('destination_not_allowed');
    expect(outcome('+54 9 11 15 2345 6789')).toBe('invalid_phone_number');
  });

  it('case 34: Italy keeps the zero that belongs to the number', () => {
    expect(outcome('+39 06 1234 5678')).toBe('destination_not_allowed');
    expect(keyOf('312 345 6789', 'IT')).toBe('+393123456789');
    expect(keyOf('+39 0312 345678')).not.toBe('+39312345678');
  });
});

describe('former ways of writing a number', () => {
  it.each([
    ['+52 1 55 1234 5678', undefined, 'Leave out the 1'],
    ['044 55 1234 5678', 'MX', '044'],
    ['01 55 1234 5678', 'MX', '01'],
    ['+54 9 11 15 2345 6789', undefined, 'Leave out the 15'],
    ['+55 11 8123 4567', undefined, 'Put a 9'],
    ['+55 61 9123 4567', undefined, 'Put a 9'],
    ['+55 11 7234 5678', undefined, 'Put a 9'],
    ['+225 07 01 23 45', undefined, 'ten digits'],
    ['+229 97 12 34 56', undefined, 'Put 01'],
    ['+237 7123 4567', undefined, 'Put a 6'],
    ['+84 163 123 4567', undefined, 'new prefix'],
    ['06 90 12 34 56', 'FR', 'overseas'],
    ['+33 6 39 12 34 56', undefined, 'overseas'],
  ])('J1 %s (%s) is refused, with what to change', (phoneNumber, country, told) => {
    const reading = read({ phoneNumber, country });
    expect(reading).toMatchObject({ outcome: 'invalid_phone_number', detail: expect.stringContaining(told) });
    expect(JSON.stringify(reading)).not.toMatch(/\d{4}/);
  });

  it('case 33: says what an Argentinian mobile number is written with', () => {
    expect(read({ phoneNumber: '+54 11 2345 6789' })).toMatchObject({
      outcome: 'destination_not_allowed',
      detail: expect.stringContaining('9 after +54'),
    });
  });

  it.each(['+52 55 1234 5678', '+55 11 97234 5678', '+225 07 01 23 45 67', '+229 01 97 12 34 56', '+84 33 123 4567'])(
    'J1 the present form %s is admitted',
    (phoneNumber) => {
      expect(keyOf(phoneNumber)).toBe(phoneNumber.replaceAll(' ', ''));
    },
  );
});

describe('what is not one number', () => {
  it.each([
    ['case 35 Devanagari digits', '+३१६१२३४५६७८'],
    ['case 36 zero-width space', '+316123\u200B45678'],
    ['case 36 bidi marks', '\u202A+31612345678\u202C'],
    ['case 36 NUL', '+31612345678\0'],
    ['case 36 newline', '+31612345678\n'],
    ['case 36 tab', '+31\t612345678'],
    ['case 36 ideographic space', '+31\u3000612345678'],
    ['case 36 text', 'my number is +31612345678'],
    ['case 37 ;ext=', '+31612345678;ext=1'],
    ['case 37 extension', '+31612345678 x12'],
    ['case 37 #1', '+31612345678#1'],
    ['case 37 tel:', 'tel:+31612345678'],
    ['case 37 phone-context', '612345678;phone-context=+31'],
    ['case 38 vanity letters', '+1 800 FLOWERS'],
    ['case 39 two numbers', '+31612345678 +31687654321'],
    ['case 39 two numbers, comma', '+31612345678,+31687654321'],
    ['case 39 two numbers, slash', '+31612345678/0687654321'],
    ['case 68 oversized', '1'.repeat(10_000_000)],
    ['case 68 a number in too much space', '+31612345678'.padEnd(41)],
    ['case 68 long digits', '+31' + '6'.repeat(37)],
    ['case 68 many brackets', '('.repeat(40)],
    ['two plus signs', '++31612345678'],
    ['a plus inside', '31+612345678'],
    ['IDD after the plus', '+0031612345678'],
    ['IDD after the calling code', '+31 00 612345678'],
    ['too short', '+31612'],
    ['an emergency number', '+112'],
    ['unknown calling code', '+999123456789'],
    ['only a plus', '+'],
    ['only punctuation', ' -- '],
  ])('J1 %s → invalid, and the answer does not repeat it', (_case, phoneNumber) => {
    const reading = read({ phoneNumber });
    expect(reading.outcome).toBe('invalid_phone_number');
    expect(JSON.stringify(reading)).not.toMatch(/\d{3}|FLOWERS|ext=|tel:/);
  });

  it.each([[31612345678], [['+31612345678']], [{ toString: () => '+31612345678' }], [true], [null], [undefined], ['']])(
    'case 57: %j is not a number',
    (phoneNumber) => {
      expect(outcome(phoneNumber)).toBe('invalid_phone_number');
    },
  );

  it.each([['__proto__'], ['constructor'], ['toString'], ['nl'], ['UK'], ['001'], [''], [null], [31], [['NL']]])(
    'case 59: %j is not a country',
    (country) => {
      expect(outcome('0612345678', country)).toBe('invalid_phone_number');
      expect(outcome('+31612345678', country)).toBe('invalid_phone_number');
    },
  );

  it('asks for the country code when a national number stands alone', () => {
    expect(read({ phoneNumber: '0612345678' })).toMatchObject({ detail: expect.stringContaining('country') });
  });
});

describe('where no message goes', () => {
  it.each([
    ['landline', '+31 20 123 4567'],
    ['case 40 premium', '+31 900 1234'],
    ['case 40 shared cost', '+44 845 123 4567'],
    ['toll-free', '+1 800 555 1234'],
    ['case 40 personal', '+44 70 1234 5678'],
    ['pager', '+44 76 4012 3456'],
    ['UAN', '+44 55 1234 5678'],
    ['VoIP', '+44 56 1234 5678'],
    ['case 40 Inmarsat', '+870 773 111 632'],
    ['case 40 Iridium', '+881 6 1234 5678'],
    ['case 40 premium of no country', '+979 123 456 789'],
    ['freephone of no country', '+800 1234 5678'],
    ['shared cost of no country', '+808 1234 5678'],
    ['networks of no country', '+882 16 1234 567'],
  ])('%s', (_case, phoneNumber) => {
    expect(outcome(phoneNumber)).toBe('destination_not_allowed');
  });
});

describe('the country allow-list', () => {
  const readUsGbRu = createPhoneReader({ countries: ['US', 'GB', 'RU'] });

  it.each([
    ['+1 876 555 1234', 'US'],
    ['+1 268 464 1234', 'US'],
    ['+44 7624 123456', 'GB'],
    ['+44 7781 123456', 'GB'],
    ['+7 701 123 4567', 'RU'],
  ])('case 41: %s is not of %s', (phoneNumber) => {
    expect(readUsGbRu({ phoneNumber }).outcome).toBe('destination_not_allowed');
  });

  it.each([
    ['876 555 1234', 'US'],
    ['07781 123456', 'GB'],
    ['8 701 123 4567', 'RU'],
    ['011 31 6 12345678', 'US'],
  ])('case 42: %s with the country %s stays abroad', (phoneNumber, country) => {
    expect(readUsGbRu({ phoneNumber, country }).outcome).toBe('destination_not_allowed');
  });

  it('case 41: a Palestinian number is Palestinian behind the calling code of Israel too', () => {
    const [readIl, readPs] = [createPhoneReader({ countries: ['IL'] }), createPhoneReader({ countries: ['PS'] })];
    expect(readIl({ phoneNumber: '+972 59 912 3456' }).outcome).toBe('destination_not_allowed');
    expect(readPs({ phoneNumber: '059 912 3456', country: 'IL' })).toEqual({
      outcome: 'ok',
      number: { e164: '+972599123456', country: 'PS', handsetKey: '+970599123456', masked: '+972*******56' },
    });
    expect(readIl({ phoneNumber: '+972 50 234 5678' }).outcome).toBe('ok');
  });

  it('admits the listed countries', () => {
    expect(readUsGbRu({ phoneNumber: '+12025550123' })).toMatchObject({ outcome: 'ok', number: { country: 'US' } });
    expect(readUsGbRu({ phoneNumber: '+447400123456' })).toMatchObject({ outcome: 'ok', number: { country: 'GB' } });
    expect(readUsGbRu({ phoneNumber: '+79161234567' })).toMatchObject({ outcome: 'ok', number: { country: 'RU' } });
  });

  it.each([[[]], [['UK']], [['nl']], [['NL', '__proto__']], [[undefined]]])(
    'refuses the list %j at boot',
    (countries) => {
      // @ts-expect-error what a JavaScript caller may pass
      expect(() => createPhoneReader({ countries })).toThrow(/^countries /);
    },
  );
});

it('admits an example mobile number of every country, as that country’s where its plan is its own', () => {
  const elsewhere = getCountries().flatMap((country) => {
    const example = getExampleNumber(country, examples);
    const reading = example && read({ phoneNumber: example.number });
    const seen = reading?.outcome === 'ok' ? reading.number.country : reading?.outcome;
    return seen === country ? [] : [`${country} ${seen}`];
  });
  // These share ranges with a larger neighbour: the plan cannot tell them apart, so an allow-list cannot either.
  expect(elsewhere).toEqual(['AX FI', 'BL GP', 'CC AU', 'CX AU', 'EH MA', 'IM GB', 'MF GP', 'SJ NO', 'VA IT']);
});

it('shows the country code and the last two digits only', () => {
  const reading = read({ phoneNumber: '+31612345678' });
  expect(reading).toEqual({
    outcome: 'ok',
    number: { e164: '+31612345678', country: 'NL', handsetKey: '+31612345678', masked: '+31*******78' },
  });
  for (const country of getCountries()) {
    const example = getExampleNumber(country, examples);
    const result = example && read({ phoneNumber: example.number });
    if (result?.outcome === 'ok') {
      expect(result.number.masked).toHaveLength(result.number.e164.length);
      expect(result.number.masked.replace('+' + getCountryCallingCode(country), '')).toMatch(/^\*+\d\d$/);
    }
  }
});
