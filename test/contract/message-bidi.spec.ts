import type bidiModule from 'bidi-js';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { composeMessage, type MessageRequest } from '../../libs/otp/src/message/compose-message.js';
import { isRightToLeft } from '../../libs/otp/src/message/bidi.js';
import { LANGUAGES } from '../../libs/otp/src/message/languages.js';

/** The package is CommonJS and its types are not: by `import` it would have none. */
const bidiFactory: typeof bidiModule.default = createRequire(import.meta.url)('bidi-js');
const bidi = bidiFactory();
const INVISIBLE = /[\u2066-\u2069]/gu;

/** A paragraph as it stands on a screen, from left to right, by an implementation of UAX #9 that is not ours. */
function onScreen(paragraph: string): { readonly shown: string; readonly rightToLeft: boolean } {
  const levels = bidi.getEmbeddingLevels(paragraph);
  const order = bidi.getReorderedIndices(paragraph, levels, 0, paragraph.length - 1);
  const mirrored = bidi.getMirroredCharactersMap(paragraph, levels.levels);
  const shown = order.map((index) => mirrored.get(index) ?? paragraph[index] ?? '').join('');
  return { shown: shown.replace(INVISIBLE, ''), rightToLeft: ((levels.paragraphs[0]?.level ?? 0) & 1) === 1 };
}

const code = '123456';
const origin = 'app.acme.com';
const boundLine = `@${origin} #${code}`;
const compose = (request: Partial<MessageRequest>) =>
  composeMessage({ serviceName: 'Acme', code, ttlSeconds: 300, purpose: 'login', channel: 'sms', ...request }).text;

const names = [
  'Acme',
  'X',
  'Acme Bank',
  'Yahoo!',
  'C++',
  'AT&T',
  '(Acme)',
  'Acme (UK)',
  '3M',
  '24/7 Gym',
  '2024',
  'Studio 2024',
  'A.B.C.',
  'Кофе №1',
  '三菱',
  'בנק הפועלים',
  'بنك الخليج',
  'بنك 24',
  'Acme בנק',
  'بنك Acme!',
];

const languages = [...LANGUAGES].map(([locale, { code: words }]) => ({ locale, rightToLeft: isRightToLeft(words) }));

describe('the oracle', () => {
  it('shows what is not isolated in the wrong order', () => {
    expect(onScreen('123456 קוד Yahoo!').shown).toBe('!Yahoo דוק 123456');
    expect(onScreen('123456 Acme קוד')).toEqual({ shown: '123456 Acme דוק', rightToLeft: false });
  });
});

it('there are at least four languages from right to left', () => {
  expect(languages.filter(({ rightToLeft }) => rightToLeft).map(({ locale }) => locale)).toEqual([
    'ar',
    'fa',
    'he',
    'ur',
  ]);
});

describe.each(languages)('a message in $locale on a screen', ({ locale, rightToLeft }) => {
  it.each(names)('U3 shows the code first, the name %s as it is, and the bound line by itself', (serviceName) => {
    for (const request of [
      {},
      { origin },
      { origin: 'login.acme-loans.com' },
      { androidAppHash: 'FA+9qCX9VSu', origin },
    ]) {
      const [words = '', ...last] = compose({ ...request, serviceName, locale }).split('\n');
      const screen = onScreen(words);
      expect(screen.rightToLeft, words).toBe(rightToLeft);
      expect(
        rightToLeft ? screen.shown.endsWith(` ${code}`) || screen.shown.endsWith(code) : screen.shown.startsWith(code),
        words,
      ).toBe(true);
      expect(screen.shown, words).toContain(onScreen(serviceName).shown);
      const boundLines = last.filter((line) => line !== '');
      for (const line of boundLines) {
        expect(onScreen(line)).toEqual({ shown: line, rightToLeft: false });
      }
      expect(last.at(-1)).toBe(request.origin === undefined ? undefined : `@${request.origin} #${code}`);
    }
  });

  it.each([
    { amount: '1000200.50 EUR', payee: 'NL91ABNA0417164300' },
    { amount: '-12.00 EUR', payee: 'Ann & Sons (UK)!' },
    { date: '2026-01-31', from: '12:30', share: '50%' },
    { payee: '!!! 24/7', amount: '€ 12,50' },
  ])('A4 shows the details %o in their order, each from left to right', (binding) => {
    const [words = '', ...last] = compose({ locale, origin, binding }).split('\n');
    const { shown, rightToLeft: direction } = onScreen(words);
    expect(direction).toBe(rightToLeft);
    const spaced = shown.replaceAll('\u00a0', ' ');
    const values: Readonly<Record<string, string>> = {
      amount: '1 000 200.50 EUR',
      payee: 'NL91 ABNA 0417 1643 00',
    };
    let position = -1;
    for (const [name, value] of Object.entries(binding)) {
      const text = binding.payee === 'NL91ABNA0417164300' ? (values[name] ?? value) : value;
      const found = [`${name} ${text}`, `${name} "${text}"`]
        .map((member) => spaced.indexOf(member))
        .find((at) => at >= 0);
      expect(found, `${name} in ${spaced}`).toBeGreaterThan(position);
      position = found ?? position;
    }
    expect(last.at(-1)).toBe(boundLine);
  });

  it.each(['שלום', 'سلام'])('A4 a payee from right to left, %s, moves no other member', (payee) => {
    const [words = ''] = compose({ locale, binding: { payee, amount: '12.00 EUR' } }).split('\n');
    const { shown } = onScreen(words);
    expect(shown).toContain(`payee ${onScreen(payee).shown}, amount 12.00 EUR`);
  });
});
