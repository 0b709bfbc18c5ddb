import type { OtpLimitOptions } from 'nestjs-sms-otp';
import { FakeOtp } from 'nestjs-sms-otp/testing';
import { attacker } from './attacks/attacker.js';
import { Random } from './engine/random.js';
import { DAY, HOUR, MINUTE, Stage } from './engine/stage.js';
import { type AttackFigures, AttackMeasures, type HonestFigures, HonestMeasures } from './measures.js';
import { crowd, everyday } from './people/traffic.js';
import type { Scenario } from './scenarios.js';
import { ModuleService } from './services/module-service.js';
import { PlainService } from './services/plain-service.js';
import { HOME, LAUNCH_COUNTRY } from './world/countries.js';
import { ipv4 } from './world/networks.js';
import { Population } from './world/population.js';
import { priceOf } from './world/prices.js';

export interface WorldOptions {
  readonly seed: number;
  readonly people: number;
  readonly visitsPerDay: number;
  /** Days of honest traffic before anything is measured: the history that shares are counted by. */
  readonly daysBefore: number;
  /** Days of the attack, from eight in the morning on. */
  readonly days: number;
  /** Replaces the module's defaults. */
  readonly limits?: OtpLimitOptions;
}

export const WORLD: WorldOptions = { seed: 20_260_101, people: 9000, visitsPerDay: 8000, daysBefore: 4, days: 2 };

export interface Outcome {
  readonly service: string;
  readonly honest: HonestFigures;
  readonly attack: AttackFigures | undefined;
}

export async function runScenario(
  scenario: Scenario,
  against: 'module' | 'plain',
  world: WorldOptions,
): Promise<Outcome> {
  const fake = new FakeOtp();
  const stage = new Stage(fake.clock);
  const service =
    against === 'module' ? await ModuleService.start(fake, world.limits) : new PlainService(() => stage.now);

  const startsAt = world.daysBefore * DAY + 8 * HOUR;
  const endsAt = startsAt + world.days * DAY;
  const honest = new HonestMeasures((at) => at >= startsAt);
  const population = new Population(Random.of(world.seed, 0), {
    people: world.people,
    rememberedShare: scenario.rememberedShare ?? 0,
  });
  const peakAt = world.daysBefore * DAY + 19 * HOUR;
  const isOut = (code: string) =>
    code === scenario.outage?.code && stage.now >= peakAt && stage.now < peakAt + 20 * MINUTE;
  const people = { stage, service, measures: honest, arrives: (code: string) => !isOut(code) };

  const { seed, visitsPerDay } = world;
  stage.enter(0, everyday(people, population, { seed, visitsPerDay, signUpShare: 0.1 }));
  if (scenario.launchSignUps !== undefined) {
    const launch = {
      country: LAUNCH_COUNTRY,
      signUps: scenario.launchSignUps,
      startsAt: peakAt,
      durationMs: HOUR,
      seed,
    };
    stage.enter(peakAt, crowd(people, population, launch));
  }
  for (let room = 0; room < (scenario.classrooms ?? 0); room += 1) {
    const at = startsAt + HOUR + room * 10 * MINUTE;
    const pupils = { country: HOME, signUps: 60, startsAt: at, durationMs: 2 * MINUTE, seed, ip: ipv4(60, room + 1) };
    stage.enter(at, crowd(people, population, pupils));
  }
  const attack = scenario.attack === undefined ? undefined : new AttackMeasures(startsAt, world.days);
  if (scenario.attack !== undefined && attack !== undefined) {
    const random = Random.of(seed, 5);
    const plan = scenario.attack({ random, population });
    stage.enter(startsAt, attacker({ stage, service, measures: attack, random, endsAt, costOf: priceOf }, plan));
  }

  try {
    await stage.run(endsAt);
  } finally {
    await service.close();
  }
  return { service: service.name, honest: honest.figures(), attack: attack?.figures() };
}
