import { hasOtherDigits, toAsciiDigits } from './ascii-digits.js';

/** `+` or not, and digits: what is left of a number when its punctuation is gone. */
export type TypedNumber =
  | { readonly outcome: 'ok'; readonly digits: string; readonly international: boolean }
  | { readonly outcome: 'invalid'; readonly detail: string };

/** Longest text looked at; E.164 has 15 digits, the rest is room for a prefix and punctuation. */
const MAX_LENGTH = 40;
const ALLOWED = /^[\d ()\-./+]*$/;
const PUNCTUATION = /[ ()\-./]/g;
const ONE_NUMBER = /^\+?\d+$/;
/** Signs that stand for more than a number: vanity letters, extensions, URIs, lists. */
const WORDS_AND_EXTENSIONS = /[\p{L};#*,:=]/u;

/**
 * An allow-list before any parser sees the text: parsers are generous and read letters, extensions and URIs.
 * Punctuation is dropped here once, so no two spellings can differ in what a parser makes of it.
 */
export function readTypedNumber(value: unknown): TypedNumber {
  if (value === undefined || value === null || value === '') {
    return invalid('Enter a phone number.');
  }
  if (typeof value !== 'string') {
    return invalid('The phone number must be text.');
  }
  if (value.length > MAX_LENGTH) {
    return invalid('This is too long for a phone number. Enter one number.');
  }
  const text = toAsciiDigits(value);
  if (!ALLOWED.test(text)) {
    return invalid(characterProblem(text));
  }
  const digits = text.replace(PUNCTUATION, '');
  if (!ONE_NUMBER.test(digits)) {
    return invalid('Enter one phone number, with + only at its start.');
  }
  return { outcome: 'ok', digits, international: digits.startsWith('+') };
}

function characterProblem(text: string): string {
  if (hasOtherDigits(text)) {
    return 'Write the phone number with the digits 0 to 9.';
  }
  if (WORDS_AND_EXTENSIONS.test(text)) {
    return 'Enter one phone number alone, without letters, an extension or other text.';
  }
  return 'The phone number contains a sign that does not belong in it. Type it again instead of pasting it.';
}

function invalid(detail: string): TypedNumber {
  return { outcome: 'invalid', detail };
}
