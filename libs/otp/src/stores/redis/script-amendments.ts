import type { Answered, Charge, LogCharge, TallyCharge, TallyRequest } from '../otp-store.js';
import { packLane, packTallyAlone, POSITIONS, type ScriptKeys } from './script-requests.js';

export interface Amendments {
  readonly settle?: readonly Charge[];
  readonly giveBack?: readonly Charge[];
  /** As if they had never been taken: their cooldowns end as well. */
  readonly undo?: readonly UndoneCharge[];
}

/** What a log's entry took along, to be undone with it. */
export type UndoneCharge = TallyCharge | (LogCharge & { readonly usedPass?: boolean; readonly addedFailure?: boolean });

/** States of an entry in lua/shared/record.lua. */
const ANSWERED = 1;
const GIVEN_BACK = 2;
const UNDONE = 3;

/** Positions in `earned` of lua/shared/amendments.lua. */
const CREDITS = { always: 1, daily: 2, first: 3 } as const;

export function isLogCharge<C extends Charge>(charge: C): charge is Extract<C, { readonly log: unknown }> {
  return 'log' in charge;
}

/** See `amend` in lua/shared/amendments.lua. */
export function packAmendments(keys: ScriptKeys, { settle = [], giveBack = [], undo = [] }: Amendments): string {
  const pack = (charges: readonly UndoneCharge[], state: number) =>
    charges.map((charge) => packOne(keys, charge, state));
  return `[${[...pack(settle, ANSWERED), ...pack(giveBack, GIVEN_BACK), ...pack(undo, UNDONE)].join(',')}]`;
}

function packOne(keys: ScriptKeys, charge: UndoneCharge, state: number): string {
  if (isLogCharge(charge)) {
    const { key, log, lane, at, usedPass, addedFailure } = charge;
    const along = `${usedPass ? 1 : 0},${addedFailure ? 1 : 0}`;
    return `${keys.positionOf(key)},${POSITIONS.log[log]},${at},${state},${packLane(lane)},${along}`;
  }
  const { key, tally, at, amount, value, credit } = charge;
  const what = `${keys.tallyPositionOf(key)},${POSITIONS.tally[tally]},${at},${state},${amount}`;
  return `${what},${value === undefined ? 0 : JSON.stringify(value)},${credit === undefined ? 0 : CREDITS[credit]}`;
}

/** See lua/replace_if.lua. */
export function packAnswered(answered: Answered | undefined): string {
  if (answered === undefined) {
    return '[]';
  }
  const { knownSeconds, remember } = answered;
  const device = remember
    ? [packLane(remember.lane), packLane(remember.replaces), remember.most, remember.lifetimeSeconds]
    : [packLane(), packLane(), 0, 0];
  return `[${[knownSeconds, ...device].join(',')}]`;
}

/** The question whether an IP and prefix may earn one more credit of `first`; nothing when none is at stake. */
export function firstCreditRequest(
  answered: Answered | undefined,
  settle: readonly Charge[] = [],
): TallyRequest | undefined {
  const bounds = answered?.firstCredits;
  if (!bounds || !settle.some((charge) => !isLogCharge(charge) && charge.credit === 'first')) {
    return undefined;
  }
  const { key, limit, windowSeconds } = bounds;
  const budgets = [{ name: 'pair.firstCredits', counts: 'all', windowSeconds, floor: limit, share: 0 }] as const;
  return { key, tally: 'sends', amount: 1, budgets, take: true };
}

export function packFirstCredit(keys: ScriptKeys, request: TallyRequest | undefined): string {
  return request ? `[${packTallyAlone(keys, request)}]` : '';
}
