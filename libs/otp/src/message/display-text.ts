import { groupDigits } from './group-digits.js';

/** Control, format (bidi, zero-width), unassigned and private characters, separators of lines, and letters without ink. */
export const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;
const EVERY_UNSEEN = new RegExp(UNSEEN, 'gu');
/** Among them powers, fractions and circled digits. */
const SYMBOLS = /[\p{No}\p{So}]/gu;
/** Marks on what is no letter, marks that strike out or enclose, and piles of marks: they change how others look. */
const STRAY_MARKS = /(?<![\p{L}\p{M}])\p{M}+|[\p{Me}\u0334-\u0338]\p{M}*|(?<=\p{M}{6})\p{M}+/gu;
/** A template may put values in double quotation marks, so no value can end them, nor seem to. */
const QUOTATION_MARKS = /["„‚\p{Pi}\p{Pf}\u05f4\u2e42\u301d-\u301f\u275b-\u2760\u{1f676}-\u{1f678}\u02ba\u02ee]/gu;
/** Two of them look like a double one. */
const SINGLE_MARKS = /['`´′‵ʹʼ׳]{2,}/gu;

/**
 * A text of a request as a message may show it: on one line, with nothing hidden in it, and nothing that a phone makes
 * tappable or takes for a code or for the line that binds one to a site. Look-alikes count as what they look like (NFKC).
 * What may not be shown is broken up or spelled out where it stands, never left out without a trace. Done twice it is the
 * same.
 */
export function displayText(text: string): string {
  const seen = text
    .replace(EVERY_UNSEEN, ' ')
    .replace(SYMBOLS, apart)
    .normalize('NFKC')
    .replace(STRAY_MARKS, ' ')
    .replace(QUOTATION_MARKS, "'")
    .replace(SINGLE_MARKS, "'")
    .replaceAll('@', '(at)')
    .replaceAll('#', ' No. ');
  return groupDigits(breakLinks(seen)).replace(/\s+/g, ' ').trim();
}

/** NFKC writes a power as a plain digit, and `10²` must not become `102`. */
function apart(symbol: string): string {
  return /\p{Nd}/u.test(symbol.normalize('NFKC')) ? ` ${symbol} ` : symbol;
}

/** The dot of host names, and the other that browsers take for it (UTS #46), before what could be a top-level domain. */
const DOT = /[.。](?=\p{L}[\p{L}\p{M}\p{N}-])/gu;
const WWW = /www\.(?=\S)/giu;
const IPV4 = /(?:\d{1,3}\.){3}(?=\d)/g;
/** `https:`, `tel:`, `//`; not the time `12:30`. */
const COLON = /(?<!\d):(?=\S)|:(?=[^\s\d])/gu;

function breakLinks(text: string): string {
  return text
    .replace(DOT, '$& ')
    .replace(WWW, '$& ')
    .replace(IPV4, (octets) => octets.replaceAll('.', ' '))
    .replace(COLON, ': ');
}
