import type { Random } from '../engine/random.js';

/** The address of one visit. */
type Address = (random: Random) => string;

/** Where one person connects from. */
export interface Places {
  readonly home: Address;
  readonly office: Address | undefined;
  readonly mobile: Address | undefined;
  readonly vpn: Address | undefined;
}

interface Shared {
  address: Address;
  places: number;
}

/** The people of one country fill one home, office and carrier address after the other. */
interface Region {
  readonly home: Shared;
  readonly office: Shared;
  readonly carrier: Shared;
  readonly mobilePools: readonly string[];
}

const NOWHERE: Address = () => '';

/**
 * How people share addresses: homes of one to four, offices of 20 to 300 people behind one IPv4 address, carriers that put
 * 300 to 2,000 of the service's people behind one (carrier-grade NAT) or give each phone a /64 of one of few /48, and
 * the exits of VPN providers, where people of all countries meet.
 */
export class Networks {
  private readonly regions = new Map<string, Region>();
  private readonly vpnExits: readonly Address[];
  private addresses = 0;

  constructor(private readonly random: Random) {
    this.vpnExits = Array.from({ length: 6 }, () => this.ownIpv4());
  }

  settle(countryCode: string): Places {
    const { random } = this;
    const region = this.region(countryCode);
    return {
      // Two in five homes have IPv6.
      home: this.share(region.home, [1, 4], () => (random.chance(0.4) ? this.homeIpv6() : this.ownIpv4())),
      office: random.chance(0.25) ? this.share(region.office, [20, 300], () => this.ownIpv4()) : undefined,
      mobile: random.chance(0.5) ? this.mobile(region) : undefined,
      vpn: random.chance(0.03) ? random.pick(this.vpnExits) : undefined,
    };
  }

  private region(code: string): Region {
    const fresh = () => ({ address: NOWHERE, places: 0 });
    const region = this.regions.get(code) ?? {
      home: fresh(),
      office: fresh(),
      carrier: fresh(),
      mobilePools: Array.from({ length: 20 }, () => `2a01:${hex(this.random)}:${hex(this.random)}`),
    };
    this.regions.set(code, region);
    return region;
  }

  private mobile({ carrier, mobilePools }: Region): Address {
    return this.random.chance(0.3)
      ? (random) => `${random.pick(mobilePools)}:${hex(random)}::1`
      : this.share(carrier, [300, 2000], () => this.ownIpv4());
  }

  private share(group: Shared, [from, to]: readonly [number, number], next: () => Address): Address {
    if (group.places === 0) {
      group.address = next();
      group.places = this.random.between(from, to);
    }
    group.places -= 1;
    return group.address;
  }

  private ownIpv4(): Address {
    this.addresses += 1;
    const address = ipv4(80, this.addresses);
    return () => address;
  }

  /** A /56 of its own, of which devices use one /64, each visit with another host. */
  private homeIpv6(): Address {
    const network = `2a02:${hex(this.random)}:${hex(this.random)}:${hex(this.random).slice(0, 2)}00`;
    return (random) => `${network}::${hex(random)}`;
  }
}

/** The `n`th address from `first.0.0.0`. */
export function ipv4(first: number, n: number): string {
  return [first + (n >>> 24), (n >>> 16) & 255, (n >>> 8) & 255, n & 255].join('.');
}

function hex(random: Random): string {
  return random.between(0x1000, 0xffff).toString(16);
}
