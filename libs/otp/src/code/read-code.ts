import { hasOtherDigits, toAsciiDigits } from '../phone/ascii-digits.js';
import { CODE_LENGTHS } from './make-code.js';

/** What somebody typed as a code. `detail` is a sentence for that person and never repeats the input. */
export type CodeReading =
  | { readonly outcome: 'ok'; readonly code: string }
  | {
      readonly outcome: 'invalid';
      readonly problem: 'missing' | 'not_digits' | 'too_short' | 'too_long';
      readonly detail: string;
    };

/** Longest text looked at: eight digits with a separator after each, and room to spare. */
const MAX_INPUT = 32;
const SEPARATORS = /[ -]/g;
const ONLY_DIGITS = /^[0-9]+$/;
const SHORTEST = Math.min(...CODE_LENGTHS);
const LONGEST = Math.max(...CODE_LENGTHS);

/**
 * Reads a code as people type and paste it: spaces (no-break ones too), hyphens and the digits of their keyboard are
 * accepted, and nothing else is. Whether the length is that of the challenge is left to the comparison.
 */
export function readCode(value: unknown): CodeReading {
  if (value === undefined || value === null) {
    return invalid('missing', 'Enter the code from the message.');
  }
  if (typeof value !== 'string') {
    return invalid('not_digits', 'The code must be text that consists of digits.');
  }
  if (value.length > MAX_INPUT) {
    return invalid('too_long', `The code has at most ${LONGEST} digits.`);
  }
  const code = toAsciiDigits(value).replace(SEPARATORS, '');
  if (code === '') {
    return invalid('missing', 'Enter the code from the message.');
  }
  if (!ONLY_DIGITS.test(code)) {
    return invalid(
      'not_digits',
      hasOtherDigits(code) ? 'Write the code with the digits 0 to 9.' : 'The code consists of digits only.',
    );
  }
  if (code.length < SHORTEST) {
    return invalid('too_short', `The code has at least ${SHORTEST} digits.`);
  }
  if (code.length > LONGEST) {
    return invalid('too_long', `The code has at most ${LONGEST} digits.`);
  }
  return { outcome: 'ok', code };
}

function invalid(problem: Extract<CodeReading, { outcome: 'invalid' }>['problem'], detail: string): CodeReading {
  return { outcome: 'invalid', problem, detail };
}
