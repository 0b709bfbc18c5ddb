import { Random } from '../engine/random.js';
import { type Actor, DAY, HOUR } from '../engine/stage.js';
import type { Country } from '../world/countries.js';
import { addressOf, type Population } from '../world/population.js';
import { type Habits, HABITS, visit, type VisitContext } from './visit.js';

/** How busy each hour of the day is: a quiet night, a morning, and an evening peak of twice the average. */
const DAY_CURVE = [
  0.25, 0.15, 0.1, 0.1, 0.15, 0.35, 0.7, 1.1, 1.3, 1.3, 1.25, 1.25, 1.3, 1.25, 1.2, 1.2, 1.3, 1.45, 1.65, 1.8, 1.75,
  1.45, 0.95, 0.7,
];
const AVERAGE = DAY_CURVE.reduce((sum, weight) => sum + weight, 0) / DAY_CURVE.length;

export interface TrafficOptions {
  readonly visitsPerDay: number;
  /** Of the visits; the others are by people who have been there. */
  readonly signUpShare: number;
  readonly seed: number;
}

/** Everyday traffic. Each visit has its own chance, so it is the same whatever the service answered to others. */
export async function* everyday(context: VisitContext, population: Population, options: TrafficOptions): Actor {
  const arrivals = Random.of(options.seed, 1);
  for (let count = 0; ; count += 1) {
    const { stage } = context;
    const hour = Math.floor((stage.now % DAY) / HOUR);
    const random = Random.of(options.seed, 2, count);
    const isSignUp = random.chance(options.signUpShare);
    const person = isSignUp ? population.signUp() : population.returning(random);
    const ip = addressOf(person, hour, random);
    stage.enter(stage.now, visit(context, { person, ip, isSignUp, random, habits: HABITS }));
    const perHour = ((options.visitsPerDay / 24) * (DAY_CURVE[hour] ?? 0)) / AVERAGE;
    yield stage.now + arrivals.exponential(HOUR / perHour);
  }
}

export interface CrowdOptions {
  readonly country: Country;
  readonly startsAt: number;
  readonly signUps: number;
  readonly durationMs: number;
  readonly seed: number;
  /** Where all of them sit; without it each comes from an own place. */
  readonly ip?: string;
}

/** Of all who sign up in a crowd 15 % never answer: they leave, or their message is lost and they do not ask again. */
const CROWD_HABITS: Habits = { ...HABITS, leaves: 0.12 };

/** Many people sign up at once. */
export async function* crowd(context: VisitContext, population: Population, options: CrowdOptions): Actor {
  const { stage } = context;
  const arrivals = Random.of(options.seed, 3);
  for (let count = 0; count < options.signUps; count += 1) {
    const random = Random.of(options.seed, 4, options.startsAt, count);
    const person = population.signUp(options.country);
    const ip = options.ip ?? addressOf(person, Math.floor((stage.now % DAY) / HOUR), random);
    stage.enter(stage.now, visit(context, { person, ip, isSignUp: true, random, habits: CROWD_HABITS }));
    yield stage.now + arrivals.exponential(options.durationMs / options.signUps);
  }
}
