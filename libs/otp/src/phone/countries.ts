import { getCountries, type CountryCode } from 'libphonenumber-js/max';

// A set, and not the library's own look-up: that one finds `constructor` and `__proto__` too.
const KNOWN: ReadonlySet<string> = new Set(getCountries());

/** Whether this is the code (ISO 3166-1 alpha-2, upper case) of a country that has phone numbers. */
export function isCountry(value: unknown): value is CountryCode {
  return typeof value === 'string' && KNOWN.has(value);
}

/** What is wrong with a list of countries, in words; `undefined` when nothing is. */
export function checkCountries(countries: readonly unknown[]): string | undefined {
  if (countries.length === 0) {
    return 'lists no country, so every number would be refused; leave it out to allow all countries';
  }
  const wrong = countries
    .filter((country) => !isCountry(country))
    .map((country) => (typeof country === 'string' ? JSON.stringify(country) : `a value of type ${typeof country}`));
  return wrong.length === 0
    ? undefined
    : `contains ${wrong.join(', ')}, which is no country; write ISO 3166-1 alpha-2 codes in capitals, e.g. "NL", "GB"`;
}
