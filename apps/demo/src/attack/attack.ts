import type { TargetNumber } from './targets.js';

export const ATTACK_NAMES = [
  'pump_prefix',
  'guess_number',
  'lock_out',
  'pump_country',
  'bomb_number',
  'guess_numbers',
  'rotate_ipv6',
  'pump_countries',
] as const;

export type AttackName = (typeof ATTACK_NAMES)[number];

/** What an attacker does next: ask for a message, guess the codes of those it gets, and ask again. */
export interface AttackStep {
  readonly target: TargetNumber;
  readonly ip: string;
  /** @default the first of the demo's purposes */
  readonly purpose?: string;
  /** Wrong codes entered for each message. @default 0 */
  readonly guesses?: number;
  /** Messages asked for again within one challenge. @default 0 */
  readonly resends?: number;
}

/** Somebody whose number is attacked, and who has signed in before and let the browser be remembered. */
export interface Victim {
  readonly target: TargetNumber;
  readonly ip: string;
}

/** At most so much in a day, however long an attacker goes on. */
export interface DailyBound {
  readonly module: number;
  readonly plain: number | 'unbounded';
}

/**
 * An attack is data: what it asks for depends on the step and the run alone, so that two services get the same. Each
 * step has another number or address, as attackers move on after a refusal.
 */
export interface Attack {
  readonly name: AttackName;
  /** What it is after. */
  readonly counts: 'messages' | 'codes';
  readonly steps: number;
  readonly daily: DailyBound;
  /** @param run chooses numbers and addresses that no run before has used up, as far as there are such */
  step(index: number, run: number): AttackStep;
  /** Signs in before the attack and again after it. */
  victim?(run: number): Victim;
}
