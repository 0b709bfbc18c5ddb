/** How many runs have addresses of their own. */
export const RUNS = 256;

/** Of one run. */
const IPV4_ADDRESSES = 512;

/** Address `n` of a run in 198.18.0.0/15, which is set aside for measurements (RFC 2544): nobody's. */
export function ipv4(run: number, n: number): string {
  const host = (run % RUNS) * IPV4_ADDRESSES + (n % IPV4_ADDRESSES);
  return `198.${18 + (host >>> 16)}.${(host >>> 8) & 255}.${host & 255}`;
}

export interface Ipv6Host {
  /** The bits between /48 and /56. */
  readonly subscriber: number;
  /** The bits between /56 and /64. */
  readonly network: number;
  readonly host: number;
}

/** An address of a run's own /48 in 2001:db8::/32, the prefix of documentation (RFC 3849). */
export function ipv6(run: number, { subscriber, network, host }: Ipv6Host): string {
  const subnet = (subscriber % 256) * 256 + (network % 256);
  return `2001:db8:${(run % RUNS).toString(16)}:${subnet.toString(16)}::${(host % 0xffff) + 1}`;
}
