import { describe, expect, it } from 'vitest';
import { NUMBER_ALIASES } from './aliases.js';
import { aliasOf, handsetKeyOf } from './handset-key.js';
import { createPhoneReader } from './read-phone-number.js';

const read = createPhoneReader();

function keyOf(phoneNumber: string, country?: string): string {
  const reading = read({ phoneNumber, country });
  return reading.outcome === 'ok' ? reading.number.handsetKey : reading.outcome;
}

describe('aliases of one handset', () => {
  it.each([
    ['Palestine behind +972', '+970599123456', ['+972 59 912 3456', '+972 (0)59 912 3456', '+970 059 912 3456']],
    ['Palestine behind +972, 056', '+970569123456', ['+972 56 912 3456', '+970 56 912 3456']],
    ['Gabon 02', '+24162123456', ['+241 02 12 34 56', '+241 2 12 34 56', '+241 62 12 34 56', '+241 062 12 34 56']],
    ['Gabon 04', '+24174123456', ['+241 04 12 34 56', '+241 4 12 34 56', '+241 74 12 34 56', '+241 074 12 34 56']],
    ['Gabon 05', '+24165123456', ['+241 05 12 34 56', '+241 5 12 34 56', '+241 65 12 34 56', '+241 065 12 34 56']],
    ['Gabon 06', '+24166123456', ['+241 06 12 34 56', '+241 6 12 34 56', '+241 66 12 34 56', '+241 066 12 34 56']],
    ['Gabon 07', '+24177123456', ['+241 07 12 34 56', '+241 7 12 34 56', '+241 77 12 34 56', '+241 077 12 34 56']],
    ['Gabon 03', '+24103123456', ['+241 03 12 34 56', '+241 3 12 34 56']],
    ['Somaliland', '+252634046848', ['+252 2 4046848', '+252 63 4046848', '+252 063 4046848']],
  ])('invariant 5: %s meets %s', (_case, key, spellings) => {
    for (const spelling of spellings) {
      expect(keyOf(spelling), spelling).toBe(key);
    }
  });

  it.each(['+24166123456', '+24162012345', '+972502345678', '+970599123456', '+252634046848', '+31612345678'])(
    '%s is no alias and is its own key',
    (e164) => {
      expect(aliasOf(e164)).toBeUndefined();
      expect(handsetKeyOf(e164)).toBe(e164);
    },
  );
});

describe.each(NUMBER_ALIASES.map((alias) => [alias.from, alias] as const))('the row %s', (_from, alias) => {
  const { from, to, digits, country } = alias;
  const rest = '2345678'.slice(0, digits);

  it('is needed: the former number is valid as it stands', () => {
    const reading = read({ phoneNumber: from + rest });
    expect(reading).toMatchObject({ outcome: 'ok', number: { e164: from + rest, country } });
  });

  it('leads to a valid number of its country, which is no alias itself', () => {
    expect(read({ phoneNumber: to + rest })).toMatchObject({ outcome: 'ok', number: { e164: to + rest, country } });
    expect(aliasOf(to + rest)).toBeUndefined();
  });

  it('is the only one for its numbers, and of a calling code with three digits', () => {
    const others = NUMBER_ALIASES.filter((other) => other !== alias && other.digits === digits);
    expect(others.filter((other) => other.from.startsWith(from) || from.startsWith(other.from))).toEqual([]);
    expect(aliasOf(from + rest)).toBe(alias);
  });

  it('takes no number of another length', () => {
    expect(aliasOf(`${from}${rest}0`)?.from).not.toBe(from);
    expect(aliasOf(from + rest.slice(1))?.from).not.toBe(from);
  });
});
