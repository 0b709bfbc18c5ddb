import { describe, expect, it } from 'vitest';
import { chooseLanguage, directionOf, LANGUAGES, regionOf } from './languages.js';

describe('chooseLanguage', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['nl', 'nl'],
    ['NL-be', 'nl'],
    ['ar-EG', 'ar'],
    ['es-419,es;q=0.9', 'es'],
    ['de-AT;q=0.4, fr-CA;q=0.8', 'fr'],
    ['zh', 'en'],
    ['zh-Hant-TW, de;q=0.1', 'de'],
    ['*', 'en'],
    ['zh, *;q=0.5', 'en'],
    ['fr;q=0, de;q=0.1', 'de'],
    ['en;q=0, *', 'nl'],
    ['fr;q=0', 'en'],
    ['*;q=0', 'en'],
    ['fr;q=nonsense, nl;q=0.2', 'nl'],
    [';;;,,,===', 'en'],
    ['<script>alert(1)</script>', 'en'],
    ['../../etc/passwd', 'en'],
    ['__proto__, constructor', 'en'],
    ['\u0000\u202e', 'en'],
  ])('%j → %s', (header, language) => {
    expect(chooseLanguage(header)).toBe(language);
  });

  it('takes what it prefers from a header as long as a server lets in', () => {
    expect(chooseLanguage(`${'zh;q=0.1,'.repeat(1500)}ar`)).toBe('ar');
    expect(chooseLanguage('x'.repeat(16_000))).toBe('en');
    expect(chooseLanguage('-'.repeat(16_000))).toBe('en');
  });

  it.each(LANGUAGES)('knows %s by its own name', (language) => {
    expect(chooseLanguage(`zz, ${language};q=0.001`)).toBe(language);
  });
});

describe('regionOf', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['nl-BE', 'BE'],
    ['nl-be,fr;q=0.8', 'BE'],
    ['zh-Hant-TW', 'TW'],
    ['en;q=0.5, fr-CA', 'CA'],
    ['es-419', '419'],
    ['nl', undefined],
    ['*', undefined],
    ['nl-BE;q=0', undefined],
    ['not a language', undefined],
    ['en_US', undefined],
    ['__proto__', undefined],
    ['x'.repeat(16_000), undefined],
  ])('%j → %s', (header, region) => {
    expect(regionOf(header)).toBe(region);
  });
});

it.each(LANGUAGES)('%s has the direction that the platform knows', (language) => {
  expect(directionOf(language)).toBe(language === 'ar' ? 'rtl' : 'ltr');
});
