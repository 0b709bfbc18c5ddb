import type { BenchRedis } from './redis.js';
import type { Section } from './report.js';
import type { RoundsOptions } from './rounds.js';
import { growth } from './scenarios/growth.js';
import { hashBound } from './scenarios/hash-bound.js';
import { hmac } from './scenarios/hmac.js';
import { http } from './scenarios/http.js';
import { issueDecision } from './scenarios/issue-decision.js';
import { latency } from './scenarios/latency.js';
import { limitDecisions } from './scenarios/limit-decisions.js';
import { peers } from './scenarios/peers.js';
import { proofGuards } from './scenarios/proof-guards.js';
import { refusals } from './scenarios/refusals.js';
import { roundTrips } from './scenarios/round-trips.js';
import { routeGuards } from './scenarios/route-guards.js';
import { verifyFlood } from './scenarios/verify-flood.js';

/** What is measured side by side; figures are medians over the rounds. */
type Scenario = (redis: BenchRedis, rounds: RoundsOptions) => Promise<Section | readonly Section[]>;

export const SCENARIO_NAMES = [
  'hash-bound',
  'hmac',
  'http',
  'peers',
  'growth',
  'verify-flood',
  'latency',
  'refusals',
  'round-trips',
  'limit-decisions',
  'issue-decision',
  'route-guards',
  'proof-guards',
] as const;
export type ScenarioName = (typeof SCENARIO_NAMES)[number];

export const SCENARIOS: Readonly<Record<ScenarioName, Scenario>> = {
  'hash-bound': hashBound,
  hmac,
  http,
  peers,
  growth,
  'verify-flood': verifyFlood,
  latency,
  refusals,
  'round-trips': roundTrips,
  'limit-decisions': limitDecisions,
  'issue-decision': issueDecision,
  'route-guards': routeGuards,
  'proof-guards': proofGuards,
};

export function isScenarioName(name: string): name is ScenarioName {
  return Object.hasOwn(SCENARIOS, name);
}
