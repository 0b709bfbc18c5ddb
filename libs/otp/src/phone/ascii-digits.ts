/** Arabic-Indic, extended Arabic-Indic (Persian, Urdu) and full-width: the digits that keyboards of phones produce. */
const KEYBOARD_DIGITS = /[\u0660-\u0669\u06F0-\u06F9\uFF10-\uFF19]/g;
/** A decimal digit of any other script. */
const OTHER_DIGITS = /[^\P{Nd}0-9]/u;
/** No-break and narrow no-break space: typography puts them between groups of digits, so they come along when pasted. */
const NO_BREAK_SPACES = /[\u00A0\u202F]/g;

/** Digits as keyboards and pasted text bring them, in ASCII; everything else is left as it is. */
export function toAsciiDigits(text: string): string {
  return text.replace(NO_BREAK_SPACES, ' ').replace(KEYBOARD_DIGITS, (digit) => String(digit.charCodeAt(0) & 0xf));
}

/** Whether digits remain that `toAsciiDigits` does not know: they are refused rather than guessed. */
export function hasOtherDigits(text: string): boolean {
  return OTHER_DIGITS.test(text);
}
