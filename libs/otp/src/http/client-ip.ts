import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import proxyaddr from 'proxy-addr';
import { canonicalIp } from '../limits/ip-group.js';
import { parseForwarded } from './forwarded-header.js';

/** The client's address, or `undefined` when it cannot be known (a closed socket, a proxy that sends no address). */
export type ClientIpReader = (request: IncomingMessage) => string | undefined;

/** Names that stand for ranges (proxy-addr). */
const RANGE_NAMES: ReadonlySet<unknown> = new Set(['loopback', 'linklocal', 'uniquelocal']);
/** The widest private ranges are 10.0.0.0/8 and fc00::/7. */
const SHORTEST_IPV4_PREFIX = 8;
const SHORTEST_IPV6_PREFIX = 7;
/** `::ffff:0:0/96` is all of IPv4. */
const MAPPED_PREFIX_BITS = 96;

/** The header in which the application's own proxies tell whom they saw; the other is never read. */
export type ForwardedHeader = 'x-forwarded-for' | 'forwarded';

export interface ClientIpOptions {
  /**
   * What the listed proxies set, or strip when a client sends it: `x-forwarded-for`, or `forwarded` (RFC 7239). A header
   * that a proxy passes on untouched is the client's own word, so which one to read is never taken from the request.
   * @default 'x-forwarded-for'
   */
  readonly header?: ForwardedHeader;
}

/**
 * Reads the client's address: the socket's, unless the socket is a listed proxy. Then the header is walked from the right
 * as long as the hops are listed; the first that is not is the client (RFC 7239 §8.1 on why no other is to be believed).
 * Other headers are never read. Without the header the proxy itself is the client; where a hop names no address, and
 * where `Forwarded` is malformed, the client is not known.
 *
 * @param trustedProxies addresses, CIDR ranges or `loopback`, `linklocal`, `uniquelocal`; empty trusts nobody.
 * @throws Error when the list is wrong.
 */
export function createClientIpReader(
  trustedProxies: readonly string[],
  { header = 'x-forwarded-for' }: ClientIpOptions = {},
): ClientIpReader {
  const problem = checkTrustedProxies(trustedProxies);
  if (problem !== undefined) {
    throw new Error(`trustedProxies ${problem}`);
  }
  const isListed = proxyaddr.compile([...trustedProxies]);
  // The list's own parser reads `0x7f.1` as an address; a hop must be written as one.
  const trusts = (address: string, hop: number) => isIP(address) !== 0 && isListed(address, hop);
  return header === 'forwarded'
    ? (request) => canonicalIp(walkForwarded(request, trusts))
    : (request) => canonicalIp(proxyaddr(request, trusts));
}

function walkForwarded(
  { socket, headers }: IncomingMessage,
  trusts: (address: string, hop: number) => boolean,
): string | undefined {
  // Node joins repeated headers of this name in order, with commas.
  const header = headers.forwarded;
  let address = socket.remoteAddress;
  if (header === undefined || address === undefined || !trusts(address, 0)) {
    return address;
  }
  const hops = parseForwarded(header);
  if (hops === undefined) {
    return undefined;
  }
  for (const [index, hop] of hops.toReversed().entries()) {
    address = hop;
    if (address === undefined || !trusts(address, index + 1)) {
      return address;
    }
  }
  return address;
}

/** What is wrong with a list of proxies, in words; `undefined` when nothing is. */
export function checkTrustedProxies(list: readonly unknown[]): string | undefined {
  for (const entry of list) {
    const problem = RANGE_NAMES.has(entry) ? undefined : checkRange(entry);
    if (problem !== undefined) {
      return problem;
    }
  }
  return undefined;
}

function checkRange(entry: unknown): string | undefined {
  const shown = typeof entry === 'string' ? JSON.stringify(entry) : `a value of type ${typeof entry}`;
  const [address = '', bits, ...rest] = typeof entry === 'string' ? entry.split('/') : [];
  const version = address.includes('%') ? 0 : isIP(address);
  if (version === 0 || rest.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) {
    return `contains ${shown}; write addresses, CIDR ranges such as "10.0.0.0/8", or "loopback"`;
  }
  const size = version === 4 ? 32 : 128;
  const prefix = bits === undefined ? size : Number(bits);
  if (prefix > size) {
    return `contains ${shown}, whose prefix is longer than the address`;
  }
  const isMapped = version === 6 && ipaddr.IPv6.parse(address).isIPv4MappedAddress();
  if (
    prefix < (version === 4 ? SHORTEST_IPV4_PREFIX : SHORTEST_IPV6_PREFIX) ||
    (isMapped && prefix <= MAPPED_PREFIX_BITS)
  ) {
    return `contains ${shown}, which is far more than proxies of your own: anyone in it may claim any address`;
  }
  return undefined;
}
