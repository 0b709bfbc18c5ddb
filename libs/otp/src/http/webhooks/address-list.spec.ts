import { describe, expect, it } from 'vitest';
import { addressList, checkAddressList } from './address-list.js';

describe('lists of addresses', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.7', '192.0.2.8', false],
    ['192.0.2.0/30', '192.0.2.3', true],
    ['192.0.2.0/30', '192.0.2.4', false],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['::ffff:192.0.2.0/120', '192.0.2.9', true],
    ['192.0.2.7', undefined, false],
  ])('C3 %s has %s: %s', (entry, ip, isListed) => {
    expect(checkAddressList([entry])).toBeUndefined();
    expect(addressList(['198.51.100.1', entry])(ip)).toBe(isListed);
  });

  it.each([
    '',
    'localhost',
    'loopback',
    '192.0.2',
    '192.0.2.1/33',
    '192.0.2.1/a',
    '192.0.2.1/',
    '1.2.3.4/8/8',
    'fe80::1%eth0',
    7,
    null,
  ])('refuses %j', (entry) => {
    expect(checkAddressList(['192.0.2.1', entry])).toContain('write addresses and CIDR ranges');
  });

  it.each(['0.0.0.0/0', '::/0', '::ffff:0:0/96', '::ffff:0:0/90'])('refuses %s, which is everybody', (entry) => {
    expect(checkAddressList([entry])).toContain('everybody');
  });
});
