import type { Mutation } from '../mutation.js';

const READER = 'libs/otp/src/phone/read-phone-number.spec.ts';
const HANDSETS = 'libs/otp/src/phone/handset-key.spec.ts';

/** One handset has one key, and where no message goes none is sent. */
export const numbers: readonly Mutation[] = [
  {
    name: 'number-in-text',
    guard: 'extensions, lists and hidden characters are no part of a number',
    file: 'phone/typed-number.ts',
    replace: `  if (!ALLOWED.test(text)) {
    return invalid(characterProblem(text));
  }
  const digits = text.replace(PUNCTUATION, '');
  if (!ONE_NUMBER.test(digits)) {`,
    by: `  const digits = text.replace(PUNCTUATION, '');
  if (characterProblem(digits) === '') {`,
    killedBy: { file: READER, test: 'case 37 ;ext=' },
  },
  {
    name: 'number-of-any-length',
    guard: 'an oversized number is refused before anything reads it',
    file: 'phone/typed-number.ts',
    replace: 'if (value.length > MAX_LENGTH) {',
    by: 'if (value.length > Infinity) {',
    killedBy: { file: READER, test: 'case 68 a number in too much space' },
  },
  {
    name: 'other-digits-dropped',
    guard: 'the digits of every keyboard meet one key',
    file: 'phone/ascii-digits.ts',
    replace: '.replace(KEYBOARD_DIGITS, (digit) => String(digit.charCodeAt(0) & 0xf))',
    by: '',
    killedBy: { file: READER, test: 'meets the one key' },
  },
  {
    name: 'punctuation-kept',
    guard: '(0), brackets and dots make no other number',
    file: 'phone/typed-number.ts',
    replace: "const digits = text.replace(PUNCTUATION, '');",
    by: "const digits = text.replace(/ /g, '');",
    killedBy: { file: READER, test: 'meets the one key' },
  },
  {
    name: 'mexico-twice',
    guard: 'Mexico’s old +52 1 is no second budget',
    file: 'phone/read-phone-number.ts',
    replace: 'const e164 = parsed.number;\n',
    by: "const e164 = parsed.number;\n  if (e164.startsWith('+521') && e164.length === 14) {\n    return admit(parse('+52' + e164.slice(4), undefined), admitted);\n  }\n",
    killedBy: { file: READER, test: 'Mexico has one key, the old +52 1 is refused' },
  },
  {
    name: 'landline-admitted',
    guard: 'landlines, premium, shared-cost and personal numbers get nothing',
    file: 'phone/read-phone-number.ts',
    replace: 'if (country === undefined || !RECEIVING_TYPES.has(type)) {',
    by: 'if (country === undefined) {',
    killedBy: { file: READER, test: 'case 40 personal' },
  },
  {
    name: 'satellite-admitted',
    guard: 'satellite and other networks of no country get nothing',
    file: 'phone/read-phone-number.ts',
    replace: 'if (country === undefined || !RECEIVING_TYPES.has(type)) {',
    by: 'if (country !== undefined && !RECEIVING_TYPES.has(type)) {',
    killedBy: { file: READER, test: 'case 40 Iridium' },
  },
  {
    name: 'argentina-landline',
    guard: 'an Argentinian mobile number without its 9 is no second key',
    file: 'phone/read-phone-number.ts',
    replace: "new Set<PhoneNumberType>(['MOBILE', 'FIXED_LINE_OR_MOBILE'])",
    by: "new Set<PhoneNumberType>(['MOBILE', 'FIXED_LINE_OR_MOBILE', 'FIXED_LINE'])",
    killedBy: { file: READER, test: 'Argentina’s mobile has one key, the same digits as a landline get nothing' },
  },
  {
    name: 'any-country',
    guard: 'only countries of the list get messages',
    file: 'phone/read-phone-number.ts',
    replace: 'if (admitted !== undefined && !admitted.has(country)) {',
    by: "if (admitted !== undefined && country === '') {",
    killedBy: { file: READER, test: 'stays abroad' },
  },
  {
    name: 'country-of-the-calling-code',
    guard: 'a number’s real country counts, and not its calling code',
    file: 'phone/read-phone-number.ts',
    replace: 'aliasOf(e164)?.country ?? parsed.country',
    by: 'parsed.country',
    killedBy: { file: READER, test: 'a Palestinian number is Palestinian behind the calling code of Israel too' },
  },
  {
    name: 'country-of-a-prototype',
    guard: 'what objects inherit is no country',
    file: 'phone/countries.ts',
    replace: 'KNOWN.has(value)',
    by: '(KNOWN.has(value) || value in {})',
    killedBy: { file: READER, test: 'is not a country' },
  },
  {
    name: 'two-keys-for-an-alias',
    guard: 'two numbers of one handset meet one counter',
    file: 'phone/handset-key.ts',
    replace: 'return alias === undefined ? e164 : alias.to + e164.slice(alias.from.length);',
    by: 'return alias === undefined ? e164 : e164;',
    killedBy: { file: HANDSETS, test: 'invariant 5: %s meets %s' },
  },
  {
    name: 'retired-network',
    guard: 'numbers of networks that have ended are refused',
    file: 'phone/read-phone-number.ts',
    replace: 'if (type === undefined || isRetired(e164)) {',
    by: 'if (type === undefined) {',
    killedBy: { file: READER, test: 'is refused, with what to change' },
  },
  {
    name: 'number-shown',
    guard: 'a shown number has its last two digits and no more',
    file: 'phone/mask-number.ts',
    replace: 'const SHOWN_DIGITS = 2;',
    by: 'const SHOWN_DIGITS = 4;',
    killedBy: { file: READER, test: 'shows the country code and the last two digits only' },
  },
];
