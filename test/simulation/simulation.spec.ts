import { beforeAll, describe, expect, it } from 'vitest';
import { createPhoneReader } from '../../libs/otp/src/phone/read-phone-number.js';
import { Random } from './engine/random.js';
import { missedGoals } from './report.js';
import { type Outcome, runScenario, type WorldOptions } from './run-scenario.js';
import { SCENARIOS } from './scenarios.js';
import { HONEST_COUNTRIES, LAUNCH_COUNTRY, numberIn, PUMPED_COUNTRIES } from './world/countries.js';

/** A smaller world than that of `npm run simulate`, with the same habits. */
const SMALL: WorldOptions = { seed: 7, people: 800, visitsPerDay: 650, daysBefore: 2, days: 1 };

async function run(id: string, against: 'module' | 'plain' = 'module', world = SMALL): Promise<Outcome> {
  const scenario = SCENARIOS.find((one) => one.id === id);
  if (scenario === undefined) {
    throw new Error(`There is no scenario ${id}`);
  }
  return runScenario(scenario, against, world);
}

describe('The simulated world', () => {
  it('is the same for the same seed, to the message, and another for another', async () => {
    const tiny: WorldOptions = { ...SMALL, people: 100, visitsPerDay: 100, daysBefore: 1 };
    const first = await run('f', 'module', tiny);
    expect(await run('f', 'module', tiny)).toEqual(first);
    expect(await run('f', 'module', { ...tiny, seed: 8 })).not.toEqual(first);
  });

  it('has numbers that can get a message, in the country that they are meant for', () => {
    const read = createPhoneReader();
    const random = new Random(1);
    for (const country of [...HONEST_COUNTRIES.map((one) => one.country), LAUNCH_COUNTRY, ...PUMPED_COUNTRIES]) {
      for (let count = 0; count < 50; count += 1) {
        const reading = read({ phoneNumber: numberIn(country, random) });
        expect(reading).toMatchObject({ outcome: 'ok', number: { country: country.code } });
      }
    }
  });
});

describe('Limits in simulated traffic', () => {
  const outcomes = new Map<string, Outcome>();
  const IDS = ['0', 'a', 'b', 'c', 'd', 'e', 'f'];

  beforeAll(async () => {
    for (const id of IDS) {
      outcomes.set(id, await run(id));
    }
  }, 180_000);

  it.each(SCENARIOS.filter(({ id }) => IDS.includes(id)))('C2 ($id) $title: every goal is reached', (scenario) => {
    const outcome = outcomes.get(scenario.id);
    expect(outcome && missedGoals(scenario, outcome)).toEqual([]);
    expect(outcome?.honest.asked).toBeGreaterThan(600);
  });

  it('B5 nobody guesses a code of many numbers', () => {
    expect(outcomes.get('e')?.attack).toMatchObject({ rightGuesses: 0 });
    expect(outcomes.get('e')?.attack?.guesses).toBeLessThan(300);
  });

  it('C2 (h) an outage uses up nothing that people share', async () => {
    const { honest } = await run('h');
    expect(Object.keys(honest.refusedBy).filter((limit) => !limit.startsWith('number.'))).toEqual([]);
  });

  it('C1 (i) classrooms of a new address can sign up', async () => {
    const { honest } = await run('i');
    // Of 600 pupils.
    expect(honest.refused).toBeLessThan(6);
  });

  it('plain counters let the same attackers pass', async () => {
    const { attack } = await run('c', 'plain');
    expect(attack?.sentPerDay[0]).toBeGreaterThan(1000);
  });
});
