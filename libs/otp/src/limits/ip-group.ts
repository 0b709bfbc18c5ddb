import { isIP, isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * The group whose limits an address shares: an IPv4 address alone, an IPv6 address with its /64, which is what one
 * subscriber gets. An IPv4-mapped address is its IPv4 address. All unknown addresses share one group.
 */
export function ipGroup(ip: string | undefined): string {
  const canonical = ip === undefined ? undefined : canonicalIp(ip);
  if (canonical === undefined) {
    return 'unknown';
  }
  if (isIPv4(canonical)) {
    return canonical;
  }
  const [a = 0, b = 0, c = 0, d = 0] = ipaddr.IPv6.parse(canonical).parts;
  return `${a.toString(16)}:${b.toString(16)}:${c.toString(16)}:${d.toString(16)}::/64`;
}

/** One spelling for one address, without zone; `undefined` for what is no address. */
export function canonicalIp(text: unknown): string | undefined {
  if (typeof text !== 'string') {
    return undefined;
  }
  if (isIPv4(text)) {
    return text;
  }
  const address = text.split('%', 1)[0] ?? '';
  if (isIP(address) !== 6) {
    return undefined;
  }
  const parsed = ipaddr.IPv6.parse(address);
  return parsed.isIPv4MappedAddress() ? parsed.toIPv4Address().toString() : parsed.toString();
}

/** The network of a group, as events show it: the first 24 bits of IPv4, 48 of IPv6. */
export function maskIpGroup(group: string): string {
  if (isIPv4(group)) {
    return `${group.slice(0, group.lastIndexOf('.'))}.0/24`;
  }
  return group.includes(':') ? `${group.split(':').slice(0, 3).join(':')}::/48` : group;
}
