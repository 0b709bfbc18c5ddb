import { isIP, isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';

const HEXTET_BITS = 16;
const IPV6_BITS = 128;

export interface IpGroupOptions {
  /** Bits of an IPv6 address that one subscriber has for itself, 48 to 128. @default 64 */
  readonly ipv6Prefix?: number;
}

/**
 * The group whose limits an address shares: an IPv4 address alone, an IPv6 address with its prefix, which is what one
 * subscriber gets. An IPv4-mapped address is its IPv4 address. All unknown addresses share one group. A group has one
 * text, its counters' name.
 */
export function ipGroup(ip: string | undefined, { ipv6Prefix = 64 }: IpGroupOptions = {}): string {
  const address = readIp(ip);
  if (address === undefined) {
    return 'unknown';
  }
  return typeof address === 'string' ? address : prefixText(address, ipv6Prefix);
}

/** One spelling for one address, without zone; `undefined` for what is no address. */
export function canonicalIp(text: unknown): string | undefined {
  return readIp(text)?.toString();
}

/** IPv4 as its only spelling, IPv6 in parts. */
function readIp(text: unknown): string | ipaddr.IPv6 | undefined {
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
  return parsed.isIPv4MappedAddress() ? parsed.toIPv4Address().toString() : parsed;
}

/** The parts that the prefix reaches into, the last one cut where the prefix ends. */
function prefixText({ parts }: ipaddr.IPv6, prefix: number): string {
  const texts: string[] = [];
  for (let bits = prefix; bits > 0; bits -= HEXTET_BITS) {
    const dropped = Math.max(0, HEXTET_BITS - bits);
    texts.push((((parts[texts.length] ?? 0) >> dropped) << dropped).toString(16));
  }
  return `${texts.join(':')}${prefix > IPV6_BITS - HEXTET_BITS ? '' : '::'}/${prefix}`;
}

/** The network of a group, as events show it: the first 24 bits of IPv4, 48 of IPv6. */
export function maskIpGroup(group: string): string {
  if (isIPv4(group)) {
    return `${group.slice(0, group.lastIndexOf('.'))}.0/24`;
  }
  return group.includes(':') ? `${group.split(':').slice(0, 3).join(':')}::/48` : group;
}

/** Prefixes of IPv6 that several subscribers share, and how many times one subscriber's budget they have together. */
const SHARED_PREFIXES = [
  { bits: 56, times: 2 },
  { bits: 48, times: 4 },
] as const;

export interface SharedNetwork {
  readonly group: string;
  readonly times: number;
}

/** The wider networks that a group lies in: a host gets a /64 for nothing, and often a whole /48. None for IPv4. */
export function sharedNetworks(group: string): SharedNetwork[] {
  const [address = '', prefix] = group.split('/');
  if (prefix === undefined) {
    return [];
  }
  const parsed = ipaddr.IPv6.parse(address);
  return SHARED_PREFIXES.filter(({ bits }) => bits < Number(prefix)).map(({ bits, times }) => ({
    group: prefixText(parsed, bits),
    times,
  }));
}

const UNKNOWN = 0;
const IPV4_BYTES = 4;

/** A group in few bytes: 1 for an unknown one, 5 for IPv4, the prefix and its bytes for IPv6. */
export function packIpGroup(group: string): Buffer {
  if (isIPv4(group)) {
    return Buffer.from([IPV4_BYTES, ...ipaddr.IPv4.parse(group).octets]);
  }
  const [address = '', prefix] = group.split('/');
  if (prefix === undefined) {
    return Buffer.of(UNKNOWN);
  }
  const bytes = ipaddr.IPv6.parse(address).toByteArray();
  return Buffer.from([Number(prefix), ...bytes.slice(0, Math.ceil(Number(prefix) / 8))]);
}

/** Reads what `packIpGroup` wrote; `take` gives the next bytes. */
export function unpackIpGroup(take: (length: number) => Buffer): string {
  const head = take(1).readUInt8();
  if (head === UNKNOWN) {
    return 'unknown';
  }
  if (head === IPV4_BYTES) {
    return take(IPV4_BYTES).join('.');
  }
  const bytes = Buffer.alloc(IPV6_BITS / 8);
  take(Math.ceil(head / 8)).copy(bytes);
  return prefixText(new ipaddr.IPv6([...bytes]), head);
}
