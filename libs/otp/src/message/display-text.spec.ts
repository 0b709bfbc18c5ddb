import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayText } from './display-text.js';

/** What attacks are made of, and what is harmless alone. */
const PARTS = [
  '@ ＠ # \n \u2028 . 。 ． : / www com x é e\u0301 \u0301 \u0338 \u200B \u202E \u3164 1 ２ ٣ ² ½ 000 123456 0417164300'.split(
    ' ',
  ),
  ['NL91ABNA0417164300', ' ', '\t', '"', '“', '…', '№', '㏂', 'ﷺ', '€', '-', ',', '🎉', '\uD83D', '\u20E3', 'र\u093E'],
].flat();

/** Every character that Unicode has assigned, but for the thousands of ideographs and syllables that are all alike. */
const ALL_CHARACTERS = Array.from({ length: 0xe1000 }, (_, point) => String.fromCodePoint(point)).filter((character) =>
  /[^\p{Cn}\p{Co}\p{Cs}\p{Unified_Ideograph}\uAC00-\uD7A3]/u.test(character),
);

/** Written apart from the code, from what a phone does with a text. */
const DANGERS = [
  /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]/u,
  /^\s|\s$|\s\s|[^\S ]/u,
  /[@#"“”«»]|\p{Nd}{6}/u,
  /:\/\/|www\.\S|[.。]\p{L}{2}|(\d{1,3}\.){3}\d/iu,
];

describe('displayText', () => {
  it.each([
    'Acme B.V.',
    'Bücher & Söhne',
    "St. John's Ambulance",
    'Acme® 5 °C',
    'S.p.A. Rossi',
    '株式会社アクメ',
    'นางสาวสมศรี',
    'שלום',
    'राजेश कुमार',
    'Nguyễn Thị Hồng',
    '12.00 EUR',
    '€ 12,50',
    '-12.5 %',
    '12:30',
    '2026-01-31 12:30:15',
    'NL91 ABNA 0417 1643 00',
    '12345',
    'Rent (January) + costs/2',
  ])('leaves %s alone', (text) => {
    expect(displayText(text)).toBe(text);
  });

  it.each([
    ['a line break', 'Ann\n@evil.example #123456', 'Ann (at)evil. example No. 123 456'],
    ['CRLF', 'Ann\r\n\r\nBob', 'Ann Bob'],
    ['next line, vertical tab, form feed', 'a\u0085b\vc\fd', 'a b c d'],
    ['separators of lines and paragraphs', 'a\u2028b\u2029c', 'a b c'],
    ['the bound line, full width', '＠evil．example ＃１２３４５６', '(at)evil. example No. 123 456'],
    ['the bound line, small forms', '﹫evil﹒example ﹟1', '(at)evil. example No. 1'],
    ['NUL', 'a\0b', 'a b'],
    ['ANSI', '\u001B[31mAcme', '[31mAcme'],
    ['turned around', 'Acme\u202Eemca\u202C\u2066x\u2069', 'Acme emca x'],
    ['zero width', 'Ac\u200Bm\u200De\uFEFF\u00AD\u2060x', 'Ac m e x'],
    ['letters without ink', 'Ac\u3164me\u115F\uFFA0\u2800x', 'Ac me x'],
    ['tags and variation selectors', 'a\u{E0041}\uFE0Fb', 'a b'],
    ['private', 'a\uE000b', 'a b'],
    ['half a surrogate pair', 'a\uD83Db', 'a b'],
    ['unassigned', 'a\u0378b', 'a b'],
    ['spaces of all kinds', '\u00A0 a\u2003\u3000b\t ', 'a b'],
  ])('case 64 breaks what could hide or begin a line: %s', (_case, text, shown) => {
    expect(displayText(text)).toBe(shown);
  });

  it.each([
    ['a scheme', 'https://evil.example/x', 'https: //evil. example/x'],
    ['a scheme, full width', 'ｈｔｔｐｓ：／／evil', 'https: //evil'],
    ['a scheme without slashes', 'tel:0900123', 'tel: 0900 123'],
    ['mail', 'mailto:ann@evil.example', 'mailto: ann(at)evil. example'],
    ['a wallet', 'bitcoin:1abc', 'bitcoin: 1abc'],
    ['a port', 'evil:8080', 'evil: 8080'],
    ['a domain', 'pay.evil.co', 'pay. evil. co'],
    ['a domain, full width', 'evil．com', 'evil. com'],
    ['a domain, one dot leader', 'evil․com', 'evil. com'],
    ['a domain, ideographic dots', 'evil。com｡cn', 'evil。 com。 cn'],
    ['a domain in another script', 'пример.рф', 'пример. рф'],
    ['a domain with marks', 'x.भारत', 'x. भारत'],
    ['a punycode domain', 'evil.xn--p1ai', 'evil. xn--p1ai'],
    ['a domain behind a zero-width space', 'evil.\u200Bcom', 'evil. com'],
    ['a domain behind a soft hyphen', 'evil.c\u00ADom', 'evil.c om'],
    ['www', 'WWW.1.nu', 'WWW. 1. nu'],
    ['an address', '10.20.30.40', '10 20 30 40'],
  ])('case 64 breaks links: %s', (_case, text, shown) => {
    expect(displayText(text)).toBe(shown);
  });

  it.each([
    ['a power', '10²', '10 2'],
    ['a power over a zero', '10⁰', '10 0'],
    ['a fraction', '1½ kg', '1 1⁄2 kg'],
    ['circled', '1②', '1 2'],
    ['struck out', '9\u0338\u03359.00', '9 9.00'],
    ['struck out letters', 'A\u0336n\u0337\u0301n', 'A ń n'],
    ['enclosed', 'A\u20E0nn 1\u20E3', 'A nn 1'],
    ['a pile of marks', `Z${'\u030D'.repeat(50)}algo`, `Z${'\u030D'.repeat(6)} algo`],
  ])('case 64 an amount is not made to look like another: %s', (_case, text, shown) => {
    expect(displayText(text)).toBe(shown);
  });

  it.each([
    ['straight', 'a"b', "a'b"],
    ['curly', '“a” ‘b’', "'a' 'b'"],
    ['angled', '«a» ‹b›', "'a' 'b'"],
    ['low, full width', '„a‟＂', "'a'"],
  ])('has no quotation mark that ends one of the message: %s', (_case, text, shown) => {
    expect(displayText(text)).toBe(shown);
  });

  const expectInert = (given: string) => {
    const shown = displayText(given);
    const found = DANGERS.filter((danger) => danger.test(shown));
    const [normalized, twice] = [shown.normalize('NFKC'), displayText(shown)];
    expect({ found, normalized, twice }, JSON.stringify(given)).toEqual({ found: [], normalized: shown, twice: shown });
  };

  it('case 64 no character adds a digit to a number', () => {
    const digits = ALL_CHARACTERS.filter((character) => /\p{Nd}/u.test(character.normalize('NFKC')));
    const others = digits.filter((character) => /\P{Nd}/u.test(character));
    expect(others.length).toBeGreaterThan(200);
    for (const character of others) {
      expect(displayText(`1${character}2`)).toMatch(/^1 .*\S 2$/);
    }
  });

  it('case 64 every character is inert between letters, digits and dots', () => {
    const lines = ALL_CHARACTERS.map((character) => `a${character}b.${character}c1${character}2:${character}`);
    for (let start = 0; start < lines.length; start += 16) {
      expectInert(lines.slice(start, start + 16).join('|'));
    }
  });

  it('case 64 whatever is put together is inert', () => {
    const part = fc.constantFrom(...PARTS);
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (parts) => expectInert(parts.join(''))),
      { numRuns: 2000 },
    );
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 64 }), expectInert), { numRuns: 2000 });
  });
});

const LOOKS_LIKE_A_QUOTATION_MARK = /["״〝〞〟❝❞❠⹂ʺˮ″‶\u{1f676}-\u{1f678}]|['`´′‵ʹʼ׳]{2}/u;

it.each(['״', '〝', '〞', '❝', '❞', '⹂', 'ʺ', 'ˮ', '″', '‶', "''", '’’', '””', '`´', '\u{1f676}'])(
  'case 64 no value can seem to end its quotation: %s',
  (mark) => {
    const shown = displayText(`Ann${mark}, amount 1 EUR, payee ${mark}Bob`);
    expect(shown).not.toMatch(LOOKS_LIKE_A_QUOTATION_MARK);
    expect(displayText(shown)).toBe(shown);
  },
);
