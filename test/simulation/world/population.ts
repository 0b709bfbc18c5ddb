import type { Random } from '../engine/random.js';
import { type Country, HONEST_COUNTRIES, numberIn } from './countries.js';
import type { Browser } from '../services/service.js';
import { Networks, type Places } from './networks.js';

export interface Person {
  readonly number: string;
  readonly country: Country;
  readonly places: Places;
  /** Where the service may leave the token of a trusted device; not everybody lets it, or uses one browser. */
  readonly browser: Browser | undefined;
}

/** The service's people. Who signs up stays. */
export class Population {
  private readonly people: Person[] = [];
  private readonly numbers = new Set<string>();
  private readonly networks: Networks;
  private readonly rememberedShare: number;

  constructor(
    private readonly random: Random,
    { people, rememberedShare }: { readonly people: number; readonly rememberedShare: number },
  ) {
    this.rememberedShare = rememberedShare;
    this.networks = new Networks(random);
    for (let added = 0; added < people; added += 1) {
      this.signUp();
    }
  }

  signUp(country = this.chooseCountry()): Person {
    const number = this.newNumber(country);
    const places = this.networks.settle(country.code);
    const person = { number, country, places, browser: this.random.chance(this.rememberedShare) ? {} : undefined };
    this.people.push(person);
    return person;
  }

  /** Half of the people come five times as often as the others. */
  returning(random: Random): Person {
    const half = this.people.length >> 1;
    const place = random.chance(5 / 6) ? random.between(0, half - 1) : random.between(half, this.people.length - 1);
    const person = this.people[place];
    if (person === undefined) {
      throw new Error('Nobody lives here');
    }
    return person;
  }

  private chooseCountry(): Country {
    let left = this.random.next();
    for (const { country, share } of HONEST_COUNTRIES) {
      left -= share;
      if (left < 0) {
        return country;
      }
    }
    throw new Error('The shares of the countries are less than 1');
  }

  private newNumber(country: Country): string {
    const number = numberIn(country, this.random);
    if (this.numbers.has(number)) {
      return this.newNumber(country);
    }
    this.numbers.add(number);
    return number;
  }
}

/** Where a visit comes from: who has a VPN mostly uses it, who has an office is there by day. */
export function addressOf({ places }: Person, hour: number, random: Random): string {
  const { home, office, mobile, vpn } = places;
  if (vpn !== undefined && random.chance(0.8)) {
    return vpn(random);
  }
  if (office !== undefined && hour >= 8 && hour < 18 && random.chance(0.6)) {
    return office(random);
  }
  return (mobile !== undefined && random.chance(0.5) ? mobile : home)(random);
}
