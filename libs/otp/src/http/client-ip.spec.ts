import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { checkTrustedProxies, createClientIpReader } from './client-ip.js';

function request(remoteAddress: string | undefined, headers: Record<string, string> = {}): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress });
  const message = new IncomingMessage(socket);
  Object.assign(message.headers, headers);
  return message;
}

const forwarded = (value: string) => ({ 'x-forwarded-for': value });

describe('C3 invariant 6 the client’s address', () => {
  const direct = createClientIpReader([]);
  const behindTwo = createClientIpReader(['loopback', '10.0.0.0/8', '2001:db8:1::/48']);

  it.each([
    ['x-forwarded-for', '9.9.9.9'],
    ['x-real-ip', '9.9.9.9'],
    ['forwarded', 'for=9.9.9.9'],
    ['cf-connecting-ip', '9.9.9.9'],
    ['true-client-ip', '9.9.9.9'],
    ['x-client-ip', '9.9.9.9'],
  ])('C3 case 43: %s from nobody’s proxy is not believed', (header, value) => {
    expect(direct(request('203.0.113.7', { [header]: value }))).toBe('203.0.113.7');
    expect(behindTwo(request('203.0.113.7', { [header]: value }))).toBe('203.0.113.7');
  });

  it.each(['x-real-ip', 'forwarded', 'cf-connecting-ip', 'true-client-ip', 'x-client-ip'])(
    'C3 case 43: %s is not read from a listed proxy either',
    (header) => {
      expect(behindTwo(request('127.0.0.1', { [header]: '9.9.9.9' }))).toBe('127.0.0.1');
    },
  );

  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['9.9.9.9, 203.0.113.7', '203.0.113.7'],
    ['9.9.9.9, 203.0.113.7, 10.1.2.3', '203.0.113.7'],
    ['127.0.0.1, 203.0.113.7', '203.0.113.7'],
    ['10.1.1.1, 10.1.2.3', '10.1.1.1'],
    ['2001:db8:2::5, 2001:db8:1::9', '2001:db8:2::5'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    // Node joins repeated headers in order, so the proxy's own entry stays the last.
    ['9.9.9.9, 8.8.8.8, 203.0.113.7', '203.0.113.7'],
  ])('C3 behind listed proxies %s means %s', (header, client) => {
    expect(behindTwo(request('127.0.0.1', forwarded(header)))).toBe(client);
    expect(behindTwo(request('::ffff:127.0.0.1', forwarded(header)))).toBe(client);
  });

  it.each([
    'unknown',
    '203.0.113.7:443',
    '203.0.113',
    '0x7f.1',
    '2130706433',
    '_hidden',
    'a'.repeat(8000),
    '203.0.113.7\u200B',
  ])('C3 %.20s is no address, and so none is known', (entry) => {
    expect(behindTwo(request('127.0.0.1', forwarded(entry)))).toBeUndefined();
    expect(behindTwo(request('127.0.0.1', forwarded(`9.9.9.9, ${entry}`)))).toBeUndefined();
  });

  it('C3 a socket without an address is unknown, whatever the header says', () => {
    expect(direct(request(undefined, forwarded('9.9.9.9')))).toBeUndefined();
    expect(behindTwo(request(undefined, forwarded('9.9.9.9')))).toBeUndefined();
  });

  it('C4 case 45: has one spelling', () => {
    expect(direct(request('::ffff:1.2.3.4'))).toBe('1.2.3.4');
    expect(direct(request('2001:0DB8:0:0:0:0:0:1'))).toBe('2001:db8::1');
    expect(direct(request('fe80::1%eth0'))).toBe('fe80::1');
  });
});

describe('C3 Forwarded (RFC 7239), where the listed proxies set it', () => {
  const read = createClientIpReader(['loopback', '10.0.0.0/8', '2001:db8:1::/48'], { header: 'forwarded' });
  const from = (header: string, socket = '127.0.0.1') => read(request(socket, { forwarded: header }));

  it.each([
    ['for=203.0.113.7', '203.0.113.7'],
    ['For="203.0.113.7:4711";proto=https', '203.0.113.7'],
    ['by=10.1.1.1;FOR=203.0.113.7;host="a, b;c"', '203.0.113.7'],
    ['for="[2001:DB8::1]:4711"', '2001:db8::1'],
    ['for="[2001:db8::1]"', '2001:db8::1'],
    ['for="[2001:db8::1]:_hidden"', '2001:db8::1'],
    ['for="[::ffff:203.0.113.7]:80"', '203.0.113.7'],
    ['for=9.9.9.9, for=203.0.113.7', '203.0.113.7'],
    ['for=9.9.9.9,for=203.0.113.7 ,\tfor=10.1.2.3', '203.0.113.7'],
    ['for=9.9.9.9, for=203.0.113.7, for="[2001:db8:1::9]:80"', '203.0.113.7'],
    ['for=127.0.0.1, for=203.0.113.7', '203.0.113.7'],
    ['for=10.1.1.1, for=10.1.2.3', '10.1.1.1'],
    [', for=203.0.113.7,, ', '203.0.113.7'],
    ['for=203.0.113.7; proto=https', '203.0.113.7'],
    ['for="203.0.113\\.7"', '203.0.113.7'],
    ['for=unknown, for=203.0.113.7', '203.0.113.7'],
    ['', '127.0.0.1'],
  ])('C3 %s means %s', (header, client) => {
    expect(from(header)).toBe(client);
    expect(from(header, '::ffff:127.0.0.1')).toBe(client);
  });

  it.each([
    'for=unknown',
    'for=_hidden',
    'for="_SEVKISEK:80"',
    'proto=https',
    'for=""',
    'for=203.0.113',
    'for="2001:db8::1"',
    'for="[203.0.113.7]"',
    'for="[fe80::1%eth0]"',
    'for="203.0.113.7, 10.0.0.1"',
    'for=0x7f.1',
  ])('C3 %s names no address, and so none is known', (header) => {
    expect(from(header)).toBeUndefined();
    expect(from(`for=9.9.9.9, ${header}`)).toBeUndefined();
    expect(from(`for=9.9.9.9, ${header}, for=10.0.0.1`)).toBeUndefined();
  });

  it.each([
    'for=203.0.113.7:80',
    'for=[2001:db8::1]',
    'for="203.0.113.7',
    'for=203.0.113.7"',
    'for=203.0.113.7 proto=https',
    'for = 203.0.113.7',
    'for',
    '=203.0.113.7',
    'for=9.9.9.9;For=203.0.113.7',
    'for="9.9.9.9"x',
    'for="\\',
    '203.0.113.7',
    '"'.repeat(8000),
    'for=9.9.9.9;'.repeat(700),
  ])('C3 %.40s is malformed, and so no hop is believed', (header) => {
    expect(from(header)).toBeUndefined();
    expect(from(`${header}, for=203.0.113.7`)).toBeUndefined();
  });

  it.each(['for=9.9.9.9;x="', 'for=9.9.9.9;x="\\', 'for=9.9.9.9, for="', 'x="a", for=9.9.9.9;y="'])(
    'C3 case 43: the open quote of %s never swallows what the proxy appends',
    (forged) => {
      for (const appended of ['for=203.0.113.7', 'for="203.0.113.7:80"', 'for="[2001:db8::7]";by="_gateway"']) {
        expect(from(`${forged}, ${appended}`)).toBeUndefined();
      }
    },
  );

  it('C3 case 43: is not read from a socket that is no listed proxy', () => {
    expect(from('for=9.9.9.9', '198.51.100.1')).toBe('198.51.100.1');
    expect(read(request(undefined, { forwarded: 'for=9.9.9.9' }))).toBeUndefined();
  });

  it('C3 case 43: of both headers only the configured one is believed, whichever else is there', () => {
    const both = { forwarded: 'for=203.0.113.7', 'x-forwarded-for': '9.9.9.9' };
    expect(read(request('127.0.0.1', both))).toBe('203.0.113.7');
    expect(read(request('127.0.0.1', forwarded('9.9.9.9')))).toBe('127.0.0.1');
    const byDefault = createClientIpReader(['loopback']);
    expect(byDefault(request('127.0.0.1', both))).toBe('9.9.9.9');
    expect(byDefault(request('127.0.0.1', { forwarded: 'for=203.0.113.7' }))).toBe('127.0.0.1');
  });
});

describe('checkTrustedProxies', () => {
  it('accepts addresses, ranges and names', () => {
    expect(
      checkTrustedProxies([
        'loopback',
        'linklocal',
        'uniquelocal',
        '10.0.0.0/8',
        '192.0.2.1',
        '2001:db8::/32',
        '::ffff:10.0.0.0/104',
      ]),
    ).toBeUndefined();
    expect(checkTrustedProxies([])).toBeUndefined();
  });

  it.each([
    '0.0.0.0/0',
    '::/0',
    '10.0.0.0/00',
    '::ffff:0:0/96',
    '::ffff:1.2.3.4/90',
    '10.0.0.0/33',
    '2001:db8::/129',
    '10.0.0.0/255.0.0.0',
    '10.0.0.0/8/8',
    '10.0.0.0/',
    '10.0.0/8',
    '0x0a.0.0.1',
    'fe80::1%eth0',
    '*',
    'true',
    'all',
    '',
    true,
    1,
    undefined,
  ])('C3 refuses %j', (entry) => {
    expect(checkTrustedProxies(['loopback', entry])).toMatch(/^contains /);
  });

  it('the reader refuses such a list', () => {
    expect(() => createClientIpReader(['0.0.0.0/0'])).toThrow(/^trustedProxies .*far more than proxies of your own/);
  });
});
