import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { cookieValue } from '../../../libs/otp/src/http/cookie-value.js';
import { parseForwarded } from '../../../libs/otp/src/http/forwarded-header.js';
import {
  canonicalIp,
  ipGroup,
  maskIpGroup,
  packIpGroup,
  unpackIpGroup,
} from '../../../libs/otp/src/limits/ip-group.js';
import { effort } from '../../support/effort.js';
import { anyText, nearly } from '../arbitraries/texts.js';
import { assertHolds, FUZZ_TIMEOUT_MS, Tried } from '../fuzz.js';

const timeout = FUZZ_TIMEOUT_MS;

const address = fc.oneof(
  { weight: 2, arbitrary: fc.ipV4() },
  { weight: 2, arbitrary: fc.ipV6() },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('::ffff:203.0.113.7', 'fe80::1%eth0', '2001:db8::1', '0x7f.1')
      .chain((text) => fc.oneof(fc.constant(text), nearly(text))),
  },
  { weight: 1, arbitrary: anyText },
);

describe('C3 C4 addresses and headers of any text', () => {
  it('case 45 an address has one spelling and one group, and packs into few bytes', { timeout }, async () => {
    const tried = new Tried();
    const property = fc.property(address, fc.integer({ min: 48, max: 128 }), (text, ipv6Prefix) => {
      const canonical = canonicalIp(text);
      tried.add(canonical === undefined ? 'none' : 'address');
      assert.ok(canonical === undefined || (isIP(canonical) !== 0 && canonicalIp(canonical) === canonical));
      const group = ipGroup(text, { ipv6Prefix });
      assert.equal(ipGroup(canonical, { ipv6Prefix }), group);
      const packed = packIpGroup(group);
      let at = 0;
      assert.equal(
        unpackIpGroup((length) => packed.subarray(at, (at += length))),
        group,
      );
      assert.ok(packed.length <= 17 && maskIpGroup(group).length <= 48);
      return true;
    });
    await assertHolds(property, { runs: effort(2_000, 60_000), tried });
  });

  it('case 43 a Forwarded header is read as a whole or not at all', { timeout }, async () => {
    const tried = new Tried();
    const element = fc.constantFrom(
      'for=203.0.113.7',
      'for="[2001:db8::1]:80";proto=https',
      'by=_a;for=unknown',
      '',
      ' ',
      'for="a\\"b"',
      'FOR=1.2.3.4',
    );
    const lawful = fc.array(element, { maxLength: 4 }).map((elements) => elements.join(','));
    const header = fc.oneof(
      lawful,
      lawful.chain((text) => nearly(text)),
      anyText,
    );
    const property = fc.property(header, header, (text, proxy) => {
      const hops = parseForwarded(text);
      tried.add(hops === undefined ? 'malformed' : 'read');
      assert.ok(hops === undefined || hops.every((hop) => hop === undefined || isIP(hop) !== 0));
      // What a proxy appends is read as the proxy wrote it, or the whole is refused.
      const appended = parseForwarded(`${text}, for=192.0.2.1`);
      assert.ok(appended === undefined || appended.at(-1) === '192.0.2.1', proxy);
      return true;
    });
    await assertHolds(property, { runs: effort(2_000, 50_000), tried });
  });

  it('case 70 a cookie that comes twice with two values is none', { timeout }, async () => {
    const tried = new Tried();
    const pair = fc
      .tuple(fc.constantFrom('a', 'b', ' a', 'a ', '"a"', '__proto__', ''), anyText)
      .map((texts) => texts.join('='));
    const property = fc.property(fc.array(pair, { maxLength: 5 }), anyText, (pairs, last) => {
      const cookies = [...pairs, `a=${last}`].join('; ');
      const value = cookieValue(cookies, 'a');
      tried.add(value === undefined ? 'none' : 'read');
      assert.equal(cookieValue(`a=other-value; ${cookies}`, 'a'), value === 'other-value' ? value : undefined);
      return cookieValue(undefined, 'a') === undefined;
    });
    await assertHolds(property, { runs: effort(1_000, 30_000), tried });
  });
});
