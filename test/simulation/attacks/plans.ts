import type { Random } from '../engine/random.js';
import { SECOND } from '../engine/stage.js';
import { type Country, numberIn, prefixOf, PUMPED_COUNTRIES } from '../world/countries.js';
import { ipv4 } from '../world/networks.js';
import type { AttackPlan } from './attacker.js';

/** Addresses that come one after the other, again and again. */
function rotating(count: number): () => string {
  let used = 0;
  return () => {
    used += 1;
    return ipv4(45, used % count);
  };
}

const oneAddress = () => ipv4(45, 1);

/** One address, numbers all over the countries where it pays. */
export function oneAddressManyCountries(random: Random): AttackPlan {
  return {
    target: () => ({ number: numberIn(random.pick(PUMPED_COUNTRIES), random) }),
    address: oneAddress,
    paceMs: 2 * SECOND,
    tries: 30,
  };
}

/** Many addresses, the numbers of one country in order, over `blocks` prefixes. */
export function sequential(
  country: Country,
  options: { readonly addresses: number; readonly blocks: number },
): AttackPlan {
  let used = 0;
  return {
    target: () => {
      used += 1;
      const block = used % options.blocks;
      const inBlock = Math.floor(used / options.blocks) % 10_000;
      return { number: `${prefixOf(country, block)}${String(inBlock).padStart(4, '0')}` };
    },
    address: rotating(options.addresses),
    paceMs: 2 * SECOND,
    tries: 30,
  };
}

/** Stays under each limit of a number or an address: every message has another of both. */
export function slow(
  random: Random,
  countries: readonly Country[],
  options: { readonly paceMs: number; readonly answered?: number },
): AttackPlan {
  return {
    target: () => ({
      number: numberIn(random.pick(countries), random),
      own: random.chance(options.answered ?? 0),
    }),
    address: rotating(5000),
    paceMs: options.paceMs,
    tries: 10,
  };
}

/**
 * SIM cards of its own, which answer every third message: then they are known numbers, and what known numbers get is not
 * counted in what all share.
 */
export function simFarm(random: Random, country: Country, cards: number): AttackPlan {
  const numbers = Array.from({ length: cards }, () => numberIn(country, random));
  let used = 0;
  return {
    target: () => {
      used += 1;
      return { number: numbers[used % cards] ?? '', own: Math.floor(used / cards) % 3 === 0 };
    },
    address: rotating(5000),
    paceMs: 10 * SECOND,
    tries: cards,
  };
}

/** One victim's number, from many addresses. */
export function bombing(number: string): AttackPlan {
  return { target: () => ({ number }), address: rotating(200), paceMs: 5 * SECOND, tries: 1 };
}

/** Wrong codes for one account after the other. */
export function guessing(numbers: readonly string[], addresses: number): AttackPlan {
  let used = 0;
  return {
    target: () => {
      used += 1;
      return { number: numbers[used % numbers.length] ?? '' };
    },
    address: addresses === 1 ? oneAddress : rotating(addresses),
    paceMs: 2 * SECOND,
    tries: 30,
    guesses: 5,
  };
}
