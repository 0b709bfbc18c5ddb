import * as fc from 'fast-check';

/** Texts that somebody once went wrong with. */
const KNOWN_TROUBLE = [
  '',
  ' ',
  '\0',
  '%00',
  '\r\nSet-Cookie: a=b',
  '%0d%0aSet-Cookie:%20a=b',
  '../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  '%',
  '%zz',
  '%ff%fe',
  '%E0%80%80',
  '\ud800',
  '\udfff\ud800',
  '\ufeff',
  '\u202e1234',
  '\u200b',
  '１２３４５６',
  '٠١٢٣٤٥',
  '1e5',
  '0x10',
  '-1',
  '-0',
  'NaN',
  'Infinity',
  '9'.repeat(400),
  'null',
  'undefined',
  'true',
  '[object Object]',
  '__proto__',
  'constructor',
  'constructor.prototype',
  'toString',
  'hasOwnProperty',
  '$where',
  '{{7*7}}',
  '${7*7}',
  '<script>alert(1)</script>',
  "' OR 1=1 --",
  '*',
  'otp:*',
  '{n}',
  '(((((((((((((((((a',
  'a'.repeat(5000),
  '-'.repeat(3000),
  '+'.repeat(3000),
  'İ'.repeat(50),
  'ﷺ'.repeat(50),
] as const;

export const anyText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...KNOWN_TROUBLE) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 2, arbitrary: fc.string({ maxLength: 80 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  // Single units of UTF-16, halves of pairs among them.
  { weight: 1, arbitrary: fc.array(fc.nat(0xffff), { maxLength: 20 }).map((units) => String.fromCharCode(...units)) },
);

/** Texts of these characters alone. */
export function textOf(
  characters: string,
  length: { readonly minLength?: number; readonly maxLength: number },
): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...Array.from(characters)), ...length });
}

/** A text with one or two places changed, doubled or cut, so that it is nearly as good as before. */
export function nearly(text: string): fc.Arbitrary<string> {
  const at = fc.nat(text.length);
  return fc.oneof(
    at.map((end) => text.slice(0, end)),
    fc.tuple(at, anyText).map(([place, other]) => text.slice(0, place) + other + text.slice(place)),
    fc
      .tuple(at, fc.integer({ min: 1, max: 255 }))
      .map(
        ([place, mask]) =>
          text.slice(0, place) + String.fromCharCode((text.charCodeAt(place) || 0) ^ mask) + text.slice(place + 1),
      ),
    fc.constantFrom(
      text + text,
      `${text} `,
      ` ${text}`,
      `${text}\n`,
      text.toUpperCase(),
      text.toLowerCase(),
      `"${text}"`,
    ),
  );
}
