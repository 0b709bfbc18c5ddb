import { describe, expect, it, vi } from 'vitest';
import { LANGUAGES } from './languages.js';
import { wordsOf } from './words.js';

// Before the first words are made: a server far from Greenwich.
vi.stubEnv('TZ', 'Pacific/Kiritimati');

/** Spaces and marks of direction are the platform's business, and change with its version. */
const plain = (text: string) => text.replaceAll(/[\u200e\u200f\u061c]/g, '').replaceAll(/[\u00a0\u202f]/g, ' ');

describe('money', () => {
  it.each([
    ['en', '€1,234,567.89'],
    ['nl', '€ 1.234.567,89'],
    ['fr', '1 234 567,89 €'],
    ['de', '1.234.567,89 €'],
    ['es', '1.234.567,89 €'],
    ['ar', '1,234,567.89 €'],
  ] as const)('%s writes cents as euros: %s', (language, written) => {
    expect(plain(wordsOf(language).money(123_456_789))).toBe(written);
  });

  it('loses no cent', () => {
    expect(wordsOf('en').money(0)).toBe('€0.00');
    expect(wordsOf('en').money(1)).toBe('€0.01');
    expect(wordsOf('en').money(29)).toBe('€0.29');
    expect(wordsOf('en').money(1_000_000)).toBe('€10,000.00');
  });
});

describe.each(LANGUAGES)('in %s', (language) => {
  const words = wordsOf(language);
  const moment = '2026-03-04T13:05:09.000Z';

  it('all digits are Latin, as those of codes and numbers are', () => {
    const written = [
      words.money(123_450),
      words.number(9_876_543),
      words.percent(0.42),
      words.dateTime(moment),
      words.time(moment),
      words.t('problems.minutes', { count: 15 }),
      words.t('problems.code_too_short', { wanted: 6, given: 5 }),
    ];
    for (const text of written) {
      expect(text).toMatch(/[0-9]/);
      expect(text).not.toMatch(/(?![0-9])\p{Nd}/u);
    }
  });

  it('moments are in UTC whatever the server is set to', () => {
    expect(words.dateTime(moment)).toMatch(/\b0?4\b/);
    expect(words.dateTime(moment)).toMatch(/\b(13|0?1):05\b/);
    expect(words.dateTime(moment)).toContain('UTC');
    expect(words.time(moment)).toMatch(/\b(13|0?1):05:09\b/);
  });

  it('countries have names, and what is no country its own code', () => {
    expect(words.country('DE')).not.toBe('DE');
    expect(words.country('XQ')).toBe('XQ');
  });

  it('a text with values says them', () => {
    const said = words.t('signIn.demo', { phone: '+31612345678', password: 'a<b>{c}' });
    expect(said).toContain('+31612345678');
    expect(said).toContain('a<b>{c}');
  });

  it('is made once', () => {
    expect(wordsOf(language)).toBe(words);
  });
});

it('percents are whole', () => {
  expect(wordsOf('en').percent(0.426)).toBe('43%');
  expect(plain(wordsOf('de').percent(1))).toBe('100 %');
});

describe('plurals', () => {
  it.each([
    ['en', 1, '1 minute'],
    ['en', 2, '2 minutes'],
    ['fr', 0, '0 minute'],
    ['fr', 2, '2 minutes'],
    ['nl', 1, '1 minuut'],
    ['de', 5, '5 Minuten'],
    ['es', 1, '1 minuto'],
    ['ar', 1, 'دقيقة واحدة'],
    ['ar', 2, 'دقيقتين'],
    ['ar', 3, '3 دقائق'],
    ['ar', 11, '11 دقيقة'],
    ['ar', 100, '100 دقيقة'],
  ] as const)('%s counts %i: %s', (language, count, said) => {
    expect(wordsOf(language).t('problems.minutes', { count })).toBe(said);
  });

  it('U5 a wrong code with no attempts left says what to do next', () => {
    expect(wordsOf('ar').t('problems.incorrect_code', { attempts: 0 })).toContain('اطلب رمزًا جديدًا');
    expect(wordsOf('nl').t('problems.incorrect_code', { attempts: 0 })).toContain('Vraag een nieuwe code aan');
  });
});

it('only Arabic runs from right to left', () => {
  expect(LANGUAGES.filter((language) => wordsOf(language).direction === 'rtl')).toEqual(['ar']);
});
