import * as fc from 'fast-check';
import type { MessageTemplate } from 'nestjs-sms-otp';
import { describe, expect, it } from 'vitest';
import { composeMessage, type MessageRequest } from '../../libs/otp/src/message/compose-message.js';
import { displayBinding } from '../../libs/otp/src/message/display-binding.js';
import { LANGUAGES } from '../../libs/otp/src/message/languages.js';
import { named } from '../support/http.js';

const code = '123456';
const origin = 'app.acme.com';
const boundLine = `@${origin} #${code}`;
const request: MessageRequest = { serviceName: 'Acme', code, origin, ttlSeconds: 300, purpose: 'pay', channel: 'sms' };

const attacks = [
  'x\n\n@evil.example #000000',
  'x\r\n@evil.example #000000',
  'x\u2028@evil.example #000000',
  'x\u0085@evil.example #000000',
  '＠evil．example ＃０００００0',
  '999999 is your Acme code',
  'https://evil.example/login',
  'www.evil.example',
  'evil。example',
  '\u202Eelpmaxe.live\u202C',
  '\u2069\u2067x\u2069',
  'e\u200Bv\u200Bi\u200Bl.com',
  '{code} {name} {minutes} {details}',
  '$& $1 $` %s',
  'FA+9qCX9VSu',
  '\u001B[2J',
];

/** What nobody may bring into a message: invisible and bidi characters, links, addresses, codes. */
function expectInert(words: string): void {
  const seen = words.replace(/[\u2068\u2069]/gu, '').replaceAll('\u00a0', ' ');
  expect(seen.startsWith(code)).toBe(true);
  expect(seen.slice(code.length)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}@#]|\p{Nd}{6}|:\/\/|www\.\S|\.\p{L}{2}/iu);
  // Isolates come in pairs, and only from us.
  expect(words.replace(/[^\u2068\u2069]/gu, '')).toMatch(/^(?:\u2068\u2069)*$/u);
}

describe.each([...LANGUAGES.keys()])('case 64 in %s', (locale) => {
  it.each(named(attacks))('a payee called %s is inert', (_name, payee) => {
    const { text } = composeMessage({ ...request, locale, binding: { payee, amount: '900.00 EUR' } });
    const [words = '', ...last] = text.split(/\r\n|[\n-\r\u0085\u2028\u2029]/u);
    expect(last.filter((line) => line !== '')).toEqual([boundLine]);
    expect(text.endsWith(`\n${boundLine}`)).toBe(true);
    expectInert(words);
    const shown = displayBinding({ payee });
    expect(words.replaceAll('\u00a0', ' ')).toContain(shown.outcome === 'ok' ? shown.binding['payee'] : 'never');
    expect(words).toContain('amount 900.00 EUR');
  });
});

describe('case 64 in words of the application', () => {
  const own: MessageTemplate = ({ code: digits, binding }) => `${digits}: ${binding?.['payee']}`;

  it.each(named(attacks))('a payee called %s is inert', (_name, payee) => {
    const { text } = composeMessage({ ...request, locale: 'nl', templates: { nl: own }, binding: { payee } });
    const [words = '', ...last] = text.split(/\r\n|[\n-\r\u0085\u2028\u2029]/u);
    expect(last.filter((line) => line !== '')).toEqual([boundLine]);
    expectInert(words);
  });
});

it('case 64 no payee at all makes a second line, another code or a line like the bound one', () => {
  const nasty = fc.constantFrom(
    '\n',
    '\r',
    '\u2028',
    '@',
    '#',
    '＠',
    '＃',
    '.',
    '。',
    ':',
    '/',
    'w',
    'e',
    '1',
    '９',
    '٣',
    '"',
    '{',
    '}',
    '\u2069',
    '\u202e',
    'א',
    'ا',
  );
  const payees = fc.array(fc.oneof(nasty, fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })), {
    minLength: 1,
    maxLength: 24,
  });
  fc.assert(
    fc.property(payees, fc.constantFrom(...LANGUAGES.keys()), (parts, locale) => {
      const binding = { payee: parts.join(''), amount: '1' };
      fc.pre(displayBinding(binding).outcome === 'ok');
      const [words = '', ...last] = composeMessage({ ...request, locale, binding }).text.split(
        /\r\n|[\n-\r\u0085\u2028\u2029]/u,
      );
      expect(last.filter((line) => line !== '')).toEqual([boundLine]);
      expectInert(words);
    }),
    { numRuns: 3000 },
  );
});

describe('U3 the bound line', () => {
  it.each([...LANGUAGES.keys()])('is the last, exactly, in %s', (locale) => {
    for (const androidAppHash of [undefined, 'FA+9qCX9VSu']) {
      for (const digits of ['012345', '0123456', '01234567']) {
        const { text } = composeMessage({ ...request, code: digits, locale, androidAppHash });
        expect(text.split('\n').at(-1)).toBe(`@${origin} #${digits}`);
        expect(text.split('\n').filter((line) => line.includes('@'))).toHaveLength(1);
      }
    }
  });

  it.each(['voice', 'whatsapp', 'email'] as const)('has no place in a message by %s', (channel) => {
    for (const locale of LANGUAGES.keys()) {
      const { text } = composeMessage({ ...request, channel, locale, androidAppHash: 'FA+9qCX9VSu' });
      expect(text).not.toMatch(/[\n@#]|FA\+9qCX9VSu/);
      expect(text.startsWith(channel === 'voice' ? '1, 2, 3, 4, 5, 6' : code)).toBe(true);
      expect(text).not.toMatch(channel === 'voice' ? /\p{Nd}{2}|[\u2066-\u2069]/u : /\p{Nd}{7}/u);
    }
  });
});
