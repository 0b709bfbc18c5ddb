import { oneAddressManyCountries, bombing, guessing, sequential, simFarm, slow } from './attacks/plans.js';
import type { AttackPlan } from './attacks/attacker.js';
import type { Random } from './engine/random.js';
import { MINUTE, SECOND } from './engine/stage.js';
import { type Country, HOME, PUMPED_COUNTRIES } from './world/countries.js';
import type { Population } from './world/population.js';

export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly attack?: (about: { readonly random: Random; readonly population: Population }) => AttackPlan;
  /** So many sign-ups within an hour, in a country without history. */
  readonly launchSignUps?: number;
  /** In each 60 people sign up within two minutes, behind one address that nobody has come from. */
  readonly classrooms?: number;
  /** Of the people, how many come back with a trusted device; default none. */
  readonly rememberedShare?: number;
  /** Nobody in the country gets a message for 20 minutes. */
  readonly outage?: Country;
  readonly goals: Goals;
}

export interface Goals {
  /** Messages for the attacker in any day of the attack. */
  readonly attackerPerDay?: number;
  /** Of the honest messages asked for. */
  readonly honestRefusedShare: number;
}

const [PUMPED = HOME] = PUMPED_COUNTRIES;
const HONEST = 0.001;

/** The letters are those of the goals that the limits were made for; what has no goal is there to be known. */
export const SCENARIOS: readonly Scenario[] = [
  { id: '0', title: 'no attack', goals: { honestRefusedShare: HONEST } },
  {
    id: 'a',
    title: 'pumping from one address over 20 countries',
    attack: ({ random }) => oneAddressManyCountries(random),
    goals: { attackerPerDay: 30, honestRefusedShare: HONEST },
  },
  {
    id: 'b',
    title: 'pumping from 5,000 addresses over one prefix',
    attack: () => sequential(PUMPED, { addresses: 5000, blocks: 1 }),
    goals: { attackerPerDay: 30, honestRefusedShare: HONEST },
  },
  {
    id: 'b2',
    title: 'pumping from 5,000 addresses over 200 prefixes of one country',
    attack: () => sequential(PUMPED, { addresses: 5000, blocks: 200 }),
    goals: { honestRefusedShare: HONEST },
  },
  {
    id: 'c',
    title: 'slow pumping: a message a minute, each to another number from another address, nobody answers',
    attack: ({ random }) => slow(random, [PUMPED], { paceMs: MINUTE }),
    goals: { attackerPerDay: 120, honestRefusedShare: HONEST },
  },
  {
    id: 'c2',
    title: 'the same in the country where most people live',
    attack: ({ random }) => slow(random, [HOME], { paceMs: MINUTE }),
    goals: { honestRefusedShare: HONEST },
  },
  {
    id: 'c3',
    title: 'the same over 20 countries',
    attack: ({ random }) => slow(random, PUMPED_COUNTRIES, { paceMs: MINUTE }),
    goals: { honestRefusedShare: HONEST },
  },
  {
    id: 'd',
    title: 'bombing of one victim from 200 addresses',
    attack: ({ random, population }) => bombing(population.returning(random).number),
    goals: { attackerPerDay: 10, honestRefusedShare: HONEST },
  },
  {
    id: 'e',
    title: "guessing over people's numbers from one address",
    attack: ({ random, population }) => guessing(victims(random, population), 1),
    goals: { attackerPerDay: 30, honestRefusedShare: HONEST },
  },
  {
    id: 'e2',
    title: "guessing over people's numbers from 5,000 addresses",
    attack: ({ random, population }) => guessing(victims(random, population), 5000),
    goals: { honestRefusedShare: HONEST },
  },
  {
    id: 'e3',
    title: 'the same where 70 % of the people come with a trusted device',
    rememberedShare: 0.7,
    attack: ({ random, population }) => guessing(victims(random, population), 5000),
    goals: { honestRefusedShare: HONEST },
  },
  {
    id: 'f',
    title: 'pumping that answers 20 % of its messages',
    attack: ({ random }) => slow(random, [PUMPED], { paceMs: 20 * SECOND, answered: 0.2 }),
    goals: { attackerPerDay: 120, honestRefusedShare: HONEST },
  },
  {
    id: 'f2',
    title: 'pumping that answers half of its messages',
    attack: ({ random }) => slow(random, [PUMPED], { paceMs: 20 * SECOND, answered: 0.5 }),
    goals: { honestRefusedShare: HONEST },
  },
  {
    id: 'f3',
    title: '100 SIM cards of the attacker, which answer every third message',
    attack: ({ random }) => simFarm(random, PUMPED, 100),
    goals: { honestRefusedShare: HONEST },
  },
  {
    id: 'g',
    title: 'launch day: 10,000 sign-ups in an hour in a country without history',
    launchSignUps: 10_000,
    goals: { honestRefusedShare: 0.005 },
  },
  {
    id: 'h',
    title: 'an outage of 20 minutes in the country where most people live, in the busiest hour',
    outage: HOME,
    goals: { honestRefusedShare: HONEST },
  },
  {
    id: 'i',
    title: 'ten classrooms: in each 60 people sign up in two minutes, behind an address that is new',
    classrooms: 10,
    goals: { honestRefusedShare: HONEST },
  },
];

function victims(random: Random, population: Population): readonly string[] {
  return Array.from({ length: 5000 }, () => population.returning(random).number);
}
