/** A way of writing numbers that is not used any more, and what to tell those who still use it. */
interface FormerNumber {
  /** Matches what the parser made of it: `+`, calling code and the rest, valid or not. */
  readonly pattern: RegExp;
  readonly detail: string;
}

/**
 * Trunked radio (SME) was left out of Brazil's ninth digit and has ended; the metadata still call its numbers mobile. A
 * gateway that inserts the 9 would bring its message to somebody else, so they are no aliases, and refused.
 */
const BRAZIL_RADIO = /^\+55\d\d7\d{7}$/;

const FORMER_NUMBERS: readonly FormerNumber[] = [
  // 2019: one way to write all numbers, without the mobile 1 and the prefixes 01, 044 and 045.
  {
    pattern: /^\+52(?:1|01|044|045)\d{10}$/,
    detail: 'Mexican numbers have ten digits after +52. Leave out the 1, 01, 044 or 045 before them.',
  },
  // The mobile number has either 9 (from abroad) or 15 (in the country), never both, and neither on a landline.
  {
    pattern: /^\+549\d{2,4}15\d{6,8}$/,
    detail: 'Leave out the 15 of the Argentinian mobile number: it is written with the 9 after +54 instead.',
  },
  {
    pattern: /^\+54[1-8]\d{9}$/,
    detail: 'This number cannot get text messages. An Argentinian mobile number has a 9 after +54.',
  },
  // 2012 to 2016: a ninth digit for mobile numbers, area by area.
  {
    pattern: /^\+55\d\d[6-9]\d{7}$/,
    detail: 'Brazilian mobile numbers have nine digits after the area code. Put a 9 before the number.',
  },
  // 31 January 2021: from 8 digits to 10.
  {
    pattern: /^\+225\d{8}$/,
    detail: 'Numbers of Côte d’Ivoire have ten digits. Put 01, 05 or 07 before the mobile number.',
  },
  // 30 November 2024: from 8 digits to 10.
  { pattern: /^\+229\d{8}$/, detail: 'Numbers of Benin have ten digits. Put 01 before the number.' },
  // 21 November 2014: from 8 digits to 9.
  { pattern: /^\+237[5-9]\d{7}$/, detail: 'Mobile numbers of Cameroon have nine digits. Put a 6 before the number.' },
  // September 2018: from 11 digits, with the trunk zero, to 10.
  {
    pattern: /^\+841[2-9]\d{8}$/,
    detail: 'Vietnamese mobile numbers have nine digits after +84. Write the new prefix instead of the one with 1.',
  },
  // Mobile numbers of the overseas departments are dialled as 06 9. and 06 39 from France, and from nowhere else.
  {
    pattern: /^\+336(?:9[0-7]|39)\d{6}$/,
    detail: 'Numbers of the French overseas departments have country codes of their own. Choose the department.',
  },
];

/** What to tell about a refused number whose form is known to have changed; without a digit of the number itself. */
export function formerNumberDetail(e164: string): string | undefined {
  return FORMER_NUMBERS.find(({ pattern }) => pattern.test(e164))?.detail;
}

/** Whether a number that is valid in the metadata belongs to a network that has ended. */
export function isRetired(e164: string): boolean {
  return BRAZIL_RADIO.test(e164);
}
