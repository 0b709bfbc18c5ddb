import { describe, expect, it } from 'vitest';
import { canonicalIp, ipGroup, maskIpGroup, packIpGroup, sharedNetworks, unpackIpGroup } from './ip-group.js';

describe('C4 groups', () => {
  it.each([
    ['1.2.3.4', '1.2.3.4'],
    ['::ffff:1.2.3.4', '1.2.3.4'],
    ['::ffff:102:304', '1.2.3.4'],
    ['::FFFF:1.2.3.4', '1.2.3.4'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['fe80::1%1', 'fe80:0:0:0::/64'],
    [undefined, 'unknown'],
    ['', 'unknown'],
    ['unknown', 'unknown'],
    ['01.2.3.4', 'unknown'],
    ['1.2.3', 'unknown'],
    ['%eth0', 'unknown'],
    ['1.2.3.4\n', 'unknown'],
  ])('C4 case 44, 45: %s is of %s', (ip, group) => {
    expect(ipGroup(ip)).toBe(group);
  });
});

describe('C4 the prefix of IPv6', () => {
  const address = '2001:db8:1234:5678:9abc:def0:1234:5678';

  it.each([
    [48, '2001:db8:1234::/48'],
    [56, '2001:db8:1234:5600::/56'],
    [60, '2001:db8:1234:5670::/60'],
    [64, '2001:db8:1234:5678::/64'],
    [65, '2001:db8:1234:5678:8000::/65'],
    [112, '2001:db8:1234:5678:9abc:def0:1234::/112'],
    [113, '2001:db8:1234:5678:9abc:def0:1234:0/113'],
    [128, '2001:db8:1234:5678:9abc:def0:1234:5678/128'],
  ])('C4 /%s is %s', (ipv6Prefix, group) => {
    expect(ipGroup(address, { ipv6Prefix })).toBe(group);
    expect(maskIpGroup(group)).toBe('2001:db8:1234::/48');
  });

  it('C4 joins the addresses that share it, and only those', () => {
    const of = (ip: string) => ipGroup(ip, { ipv6Prefix: 56 });
    expect(of('2001:db8:0:ff::1')).toBe(of('2001:0DB8::'));
    expect(of('2001:db8:0:100::1')).not.toBe(of('2001:db8::'));
  });

  it('C4 leaves IPv4 alone', () => {
    expect(ipGroup('::ffff:203.0.113.7', { ipv6Prefix: 48 })).toBe('203.0.113.7');
    expect(ipGroup(undefined, { ipv6Prefix: 48 })).toBe('unknown');
  });
});

it('C4 case 45: an address has one spelling', () => {
  expect(canonicalIp('2001:0DB8:0:0:0:0:0:1')).toBe('2001:db8::1');
  expect(canonicalIp('fe80::1%eth0')).toBe('fe80::1');
  expect(canonicalIp('::ffff:102:304')).toBe('1.2.3.4');
  expect(canonicalIp('1.2.3.4.5')).toBeUndefined();
  expect(canonicalIp(undefined)).toBeUndefined();
});

describe('maskIpGroup', () => {
  it.each([
    ['203.0.113.9', '203.0.113.0/24'],
    ['2001:db8:1:2::1', '2001:db8:1::/48'],
    ['::1', '0:0:0::/48'],
    [undefined, 'unknown'],
  ])('%s is shown as %s', (address, shown) => {
    expect(maskIpGroup(ipGroup(address))).toBe(shown);
  });
});

describe('C4 the networks around a group', () => {
  it.each([
    ['2001:db8:1:203::/64', ['2001:db8:1:200::/56', '2001:db8:1::/48']],
    ['2001:db8:1:200::/56', ['2001:db8:1::/48']],
    ['2001:db8:1::/48', []],
    ['198.51.100.7', []],
    ['unknown', []],
  ])('%s lies in %j', (group, networks) => {
    expect(sharedNetworks(group).map((network) => network.group)).toEqual(networks);
  });
});

describe('packIpGroup', () => {
  it.each([
    ['unknown', 1],
    ['0.0.0.0', 5],
    ['255.1.2.3', 5],
    ['2001:db8:1:2::/64', 9],
    ['2001:db8:1234:5600::/56', 8],
    ['2001:db8:1234:5670::/60', 9],
    ['2001:db8:1234::/48', 7],
    ['2001:db8:1234:5678:9abc:def0:1234:5678/128', 17],
  ])('%s takes %i bytes and reads the same', (group, size) => {
    const bytes = packIpGroup(group);
    let offset = 0;
    const read = unpackIpGroup((length) => bytes.subarray(offset, (offset += length)));
    expect(read).toBe(group);
    expect([bytes.length, offset]).toEqual([size, size]);
  });
});
