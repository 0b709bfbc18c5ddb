/** U+2068 and U+2069: what stands between takes its direction from itself and gives none to the text around (UAX #9, 2.7). */
export const FSI = '\u2068';
export const PDI = '\u2069';
const ISOLATES = /[\u2066-\u2069]/gu;

const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
/** Between letters from right to left a word of Latin letters needs no isolation; `Yahoo!` and `24/7 Gym` would be torn apart. */
const PLAIN_WORD = /^\p{L}(?:.*[\p{L}\p{N}])?$/u;

export function isRightToLeft(text: string): boolean {
  return RIGHT_TO_LEFT.test(text);
}

/** The name, isolated only where it would be torn apart or turn the text round: isolating takes two of 70 units. */
export function isolateName(name: string, text: { readonly rightToLeft: boolean }): string {
  const isSafe = text.rightToLeft ? PLAIN_WORD.test(name) && !isRightToLeft(name) : !isRightToLeft(name);
  return isSafe ? name : isolate(name);
}

export function isolate(text: string): string {
  return `${FSI}${text}${PDI}`;
}

/** For what is spoken. */
export function withoutIsolates(text: string): string {
  return text.replace(ISOLATES, '');
}

/**
 * Among letters that are read from right to left the groups of `1 000 200` would be shown the other way round; with no-break
 * spaces they are one number (UAX #9, W4). Such a text has no place in GSM-7 anyway.
 */
export function keepNumbersWhole(text: string): string {
  return isRightToLeft(text) ? text.replace(/(?<=\p{Nd}) (?=\p{Nd})/gu, '\u00a0') : text;
}
