import { describe, expect, it } from 'vitest';
import { homeCountry } from './home-country.js';

const of = (acceptLanguage: string | undefined, countries = ['NL', 'BE']) =>
  homeCountry({ protocol: 'http', url: '/', headers: { 'accept-language': acceptLanguage } }, countries);

describe('homeCountry', () => {
  it.each([
    ['nl-BE,nl;q=0.9', 'BE'],
    ['zh-Hans-NL', 'NL'],
    ['en;q=0.5,nl-NL', 'NL'],
    ['nl', ''],
    ['de-AT', ''],
    ['es-419', ''],
    ['*', ''],
    ['', ''],
    ['<script>-NL', ''],
    [undefined, ''],
  ])('of a browser that asks for %s is %j', (acceptLanguage, country) => {
    expect(of(acceptLanguage)).toBe(country);
  });
});
