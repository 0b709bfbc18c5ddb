import { describe, expect, it } from 'vitest';
import { checkOrigin, checkServiceName } from './check-message-options.js';

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
