/** What people put between digits, and what nobody sees: bidi controls, zero-width characters, variation selectors. */
const IGNORED = /[\s\p{Dash}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * What was typed or pasted, as a code of `length` ASCII digits or as what is wrong with it.
 *
 * @param {string} input
 * @param {number} length
 * @returns {{ code: string } | { problem: 'empty' | 'notDigits' } | { problem: 'tooFew' | 'tooMany', count: number }}
 */
export function readCode(input, length) {
  const code = input.replace(IGNORED, '').replace(/\p{Nd}/gu, asciiDigit);
  if (code === '') {
    return { problem: 'empty' };
  }
  if (/[^0-9]/.test(code)) {
    return { problem: 'notDigits' };
  }
  if (code.length === length) {
    return { code };
  }
  return code.length < length
    ? { problem: 'tooFew', count: length - code.length }
    : { problem: 'tooMany', count: code.length - length };
}

/**
 * Unicode keeps the decimal digits of every script in runs of ten, 0 first; some runs follow each other.
 *
 * @param {string} digit
 */
function asciiDigit(digit) {
  const point = digit.codePointAt(0) ?? 0;
  let first = point;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) {
    first -= 1;
  }
  return String((point - first) % 10);
}
