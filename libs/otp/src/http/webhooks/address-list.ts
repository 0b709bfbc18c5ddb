import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import proxyaddr from 'proxy-addr';

const MAPPED_PREFIX_BITS = 96;

/** What is wrong with a list of addresses and CIDR ranges, in words; `undefined` when nothing is. */
export function checkAddressList(list: readonly unknown[]): string | undefined {
  const problems = list.flatMap((entry) => checkEntry(entry) ?? []);
  return problems.length === 0 ? undefined : problems.join('; ');
}

/** Whether an address, as `ClientIpReader` tells it, is one of the list. One that is not known is not. */
export function addressList(list: readonly string[]): (ip: string | undefined) => boolean {
  const isListed = proxyaddr.compile([...list]);
  return (ip) => ip !== undefined && isListed(ip, 0);
}

function checkEntry(entry: unknown): string | undefined {
  const [address = '', bits, ...rest] = typeof entry === 'string' ? entry.split('/') : [];
  const version = address.includes('%') ? 0 : isIP(address);
  const size = version === 4 ? 32 : 128;
  const prefix = bits === undefined ? size : Number(bits);
  const isRange = version !== 0 && rest.length === 0 && /^\d{1,3}$/.test(bits ?? '0') && prefix <= size;
  if (!isRange) {
    const shown = typeof entry === 'string' ? JSON.stringify(entry) : `a value of type ${typeof entry}`;
    return `contains ${shown}; write addresses and CIDR ranges such as "192.0.2.0/24"`;
  }
  const isMapped = version === 6 && ipaddr.IPv6.parse(address).isIPv4MappedAddress();
  return prefix === 0 || (isMapped && prefix <= MAPPED_PREFIX_BITS)
    ? `contains ${JSON.stringify(entry)}, which is everybody; leave the list out instead`
    : undefined;
}
