import { getCountries } from 'libphonenumber-js/max';
import { expect, it } from 'vitest';
import { COUNTRIES } from './countries.js';

it('knows the countries that the library knows', () => {
  expect(COUNTRIES.toSorted()).toEqual(getCountries().toSorted());
});
