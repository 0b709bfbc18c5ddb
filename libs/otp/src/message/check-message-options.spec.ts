import { describe, expect, it } from 'vitest';
import {
  checkAndroidAppHash,
  checkLanguages,
  checkLanguagesHaveWords,
  checkOrigin,
  checkServiceName,
  checkTemplates,
} from './check-message-options.js';

describe('checkServiceName', () => {
  it.each(['Acme', 'Acme Bank', 'Bücher & Söhne', 'St. John', 'A.B.C', '三菱', 'Studio 2024', 'x'.repeat(40)])(
    'accepts %s',
    (name) => {
      expect(checkServiceName(name)).toBeUndefined();
    },
  );

  it.each([
    ['case 64 a line break', 'Acme\n@evil.example #123456'],
    ['case 64 CRLF', 'Acme\r\n'],
    ['case 64 a line separator', 'Acme\u2028x'],
    ['case 64 the bound line', 'Acme @evil'],
    ['case 64 the bound line, full width', 'Acme ＠evil ＃1'],
    ['a code', 'Acme 123456'],
    ['a code, full width', 'Acme １２３４５６'],
    ['a bidi control', 'Acme\u202Eemca'],
    ['a zero-width character', 'Ac\u200Bme'],
    ['NUL', 'Acme\0'],
    ['ANSI', '\u001B[31mAcme'],
    ['a link', 'https://acme'],
    ['www', 'www.acme'],
    ['a domain', 'acme.com'],
    ['a domain, full width', 'acme．com'],
    ['spaces around', ' Acme'],
    ['nothing', ''],
    ['only space', ' '],
    ['too long', 'x'.repeat(41)],
    ['not text', 7],
    ['missing', undefined],
  ])('refuses %s', (_case, name) => {
    expect(checkServiceName(name)).toMatch(/^must /);
  });
});

describe('checkOrigin', () => {
  it.each(['app.acme.com', 'acme.com', 'localhost', 'xn--bcher-kva.example', 'a-b.c1.example'])(
    'accepts %s',
    (host) => {
      expect(checkOrigin(host)).toBeUndefined();
    },
  );

  it.each([
    'https://acme.com',
    'acme.com:443',
    'acme.com/',
    'acme.com #1',
    'user@acme.com',
    'Acme.com',
    'bücher.example',
    'acme.com\n',
    'acme..com',
    'acme.com.',
    '.acme.com',
    '-acme.com',
    'acme_.com',
    '127.0.0.1',
    '[::1]',
    `${'a'.repeat(64)}.com`,
    'a.'.repeat(130) + 'com',
    '',
    undefined,
    7,
  ])('refuses %j', (host) => {
    expect(checkOrigin(host)).toMatch(/^must /);
  });
});

describe('checkAndroidAppHash', () => {
  it.each(['FA+9qCX9VSu', 'abcdefghijk', '01234567890', '///////////'])('accepts %s', (hash) => {
    expect(checkAndroidAppHash(hash)).toBeUndefined();
  });

  it.each([
    'FA+9qCX9VS',
    'FA+9qCX9VSuu',
    'FA-9qCX9VSu',
    'FA+9qCX9VS=',
    'FA+9qCX9VSu\n',
    '',
    undefined,
    7,
    ['FA+9qCX9VSu'],
  ])('refuses %j', (hash) => {
    expect(checkAndroidAppHash(hash)).toMatch(/^must /);
  });
});

const words = () => '';

describe('checkTemplates', () => {
  it.each<unknown>([{}, { nl: words }, { 'pt-BR': words, pt: words }, { tlh: words }, { 'zh-Hant-TW': words }])(
    'accepts %o',
    (templates) => {
      expect(checkTemplates(templates)).toBeUndefined();
    },
  );

  it.each<unknown>([
    undefined,
    null,
    'nl',
    [words],
    words,
    { nl: 'words' },
    { '': words },
    { constructor: words },
    { 'n l': words },
    { nl_NL: words },
    { 'x-acme': words },
    { ['x'.repeat(40)]: words },
    { nl: words, NL: words },
    { iw: words, he: words },
  ])('refuses %o', (templates) => {
    expect(checkTemplates(templates)).toMatch(/^must /);
  });
});

describe('checkLanguages', () => {
  it.each<unknown>([[['nl']], [['nl', 'en']], [['pt-BR', 'zh-TW']], [['tlh']]])('accepts %j', (languages) => {
    expect(checkLanguages(languages)).toBeUndefined();
  });

  it.each<unknown>([
    [[]],
    ['nl'],
    [undefined],
    [[7]],
    [['nl', '']],
    [['nl-']],
    [['nl', 'NL']],
    [['no_NO']],
    [{ 0: 'nl', length: 1 }],
  ])('refuses %j', (languages) => {
    expect(checkLanguages(languages)).toMatch(/^must /);
  });
});

describe('checkLanguagesHaveWords', () => {
  it.each<{ languages?: unknown; templates?: unknown }>([
    {},
    { languages: ['nl', 'pt-BR', 'no', 'zh-TW'] },
    { languages: ['tlh'], templates: { tlh: words } },
    { languages: ['tlh-Latn'], templates: { tlh: words } },
    { languages: 'no list', templates: 7 },
  ])('accepts %o', (messages) => {
    expect(checkLanguagesHaveWords(messages)).toBeUndefined();
  });

  it('names what has no words', () => {
    expect(checkLanguagesHaveWords({ languages: ['nl', 'tlh', 'la'], templates: { la: words } })).toBe(
      'has no words in tlh; give them in templates',
    );
  });

  it('does not count another language, nor another script, that readers may read as well', () => {
    expect(checkLanguagesHaveWords({ languages: ['nl', 'fy', 'gsw-CH', 'pa-Arab', 'kk-Arab'] })).toBe(
      'has no words in fy, gsw-CH, pa-Arab, kk-Arab; give them in templates',
    );
  });
});
