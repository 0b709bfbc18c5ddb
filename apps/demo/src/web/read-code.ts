/** A code as it was typed, or what is wrong with it: one key of `problems` for each mistake (U5). */
export type CodeReading = { readonly outcome: 'ok'; readonly code: string } | CodeMistake;

export type CodeMistake =
  | { readonly outcome: 'code_empty' | 'code_not_digits' }
  | { readonly outcome: 'code_too_short' | 'code_too_long'; readonly given: number; readonly wanted: number };

/** What people put between digits, and what nobody sees: the same as `<otp-code-input>` passes over. */
const IGNORED = /[\s\p{Dash}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** Before the module is asked, so that a slip costs no attempt. Digits of every script become ASCII. */
export function readCode(typed: string, wanted: number): CodeReading {
  const code = typed.replace(IGNORED, '').replace(/\p{Nd}/gu, asciiDigit);
  if (code === '') {
    return { outcome: 'code_empty' };
  }
  if (!/^[0-9]+$/.test(code)) {
    return { outcome: 'code_not_digits' };
  }
  const given = code.length;
  if (given === wanted) {
    return { outcome: 'ok', code };
  }
  return { outcome: given < wanted ? 'code_too_short' : 'code_too_long', given, wanted };
}

/** Unicode has the digits of a script in one run from 0 to 9, and only whole runs beside each other. */
function asciiDigit(digit: string): string {
  const point = digit.codePointAt(0) ?? 0;
  let zero = point;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) {
    zero -= 1;
  }
  return String((point - zero) % 10);
}
