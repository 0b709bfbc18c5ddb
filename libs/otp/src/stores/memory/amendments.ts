import { StoreFullError, type Answered, type Charge, type RecordKey, type TallyCharge } from '../otp-store.js';
import { admit } from './admission.js';
import { giveBackEntry, settleEntry } from './log.js';
import type { MemoryRecords } from './memory-records.js';
import { answeredAtOf } from './number-data.js';
import { addCredit, giveBackAmount, settleAmount } from './tally.js';

export type CreditRule = NonNullable<TallyCharge['credit']>;

const DAY_MS = 86_400_000;

export function giveBack(records: MemoryRecords, charges: readonly Charge[], now: number): void {
  for (const charge of charges) {
    const record = records.read(charge.key);
    if ('log' in charge) {
      const log = record?.log(charge.log, charge.lane, now);
      if (log) {
        giveBackEntry(log, charge.at, { isSend: charge.log === 'sends' });
      }
    } else {
      const tally = record?.tallies[charge.tally];
      if (tally) {
        giveBackAmount(tally, charge);
      }
    }
    if (record) {
      records.amended(record, now);
    }
  }
}

/** Settles, and earns the credits of those charges whose rule is among `credits`. */
export function settle(
  records: MemoryRecords,
  charges: readonly Charge[],
  { now, credits }: { readonly now: number; readonly credits: readonly CreditRule[] },
): void {
  for (const charge of charges) {
    const isCredited = 'tally' in charge && charge.credit !== undefined && credits.includes(charge.credit);
    // A credit is worth less than what would have to be forgotten for it, were everything full.
    const record = isCredited ? records.tryToAdd(charge.key, now) : records.read(charge.key);
    if (!record) {
      continue;
    }
    if ('log' in charge) {
      const log = record.log(charge.log, charge.lane, now);
      if (log) {
        settleEntry(log, charge.at);
      }
    } else {
      const tally = isCredited ? record.tallyToWrite(charge.tally) : record.tallies[charge.tally];
      if (tally) {
        settleAmount(tally, charge);
      }
      if (tally && isCredited) {
        addCredit(tally, now);
      }
    }
    records.amended(record, now);
  }
}

/** Which credits an answer of this number earns; asked before the answer is written to its record. */
export function creditsEarned(
  records: MemoryRecords,
  {
    key,
    charges,
    answered,
  }: { readonly key: RecordKey; readonly charges: readonly Charge[]; readonly answered: Answered },
  now: number,
): readonly CreditRule[] {
  const answeredAt = answeredAtOf(records.read(key)?.number, now);
  const isDaily = answeredAt === undefined || dayOf(answeredAt) < dayOf(now);
  const isFirst = answeredAt === undefined || answeredAt <= now - answered.knownSeconds * 1000;
  const asksForFirst = charges.some((charge) => 'tally' in charge && charge.credit === 'first');
  return [
    'always',
    ...(isDaily ? (['daily'] as const) : []),
    ...(isFirst && asksForFirst && admitsFirst(records, answered, now) ? (['first'] as const) : []),
  ];
}

function admitsFirst(records: MemoryRecords, { firstCredits }: Answered, now: number): boolean {
  if (!firstCredits) {
    return true;
  }
  const { key, limit, windowSeconds } = firstCredits;
  const budget = { name: 'firstCredits', counts: 'all', windowSeconds, floor: limit, share: 0 } as const;
  try {
    const request = { key, tally: 'sends', amount: 1, budgets: [budget], take: true } as const;
    return admit([request], records, now).outcome === 'taken';
  } catch (error) {
    if (error instanceof StoreFullError) {
      return false;
    }
    throw error;
  }
}

/** Counted in UTC. */
function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS);
}
