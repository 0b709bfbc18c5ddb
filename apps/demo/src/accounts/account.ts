import { z } from 'zod';
import type { RecordKind } from '../records/records.js';

const transfer = z.strictObject({
  payee: z.string(),
  iban: z.string(),
  cents: z.number().int(),
  /** ISO 8601, UTC. */
  at: z.string(),
});

const account = z.strictObject({
  id: z.string(),
  /** What the person wants to be called; empty for an account that was opened by a number alone. */
  name: z.string(),
  /** E.164; proved by a code before it got here. */
  phoneNumber: z.string(),
  /** PHC string of argon2id; an account without one is signed into by number and code alone. */
  passwordHash: z.string().optional(),
  /** Sessions of an earlier one are over: raising it signs out everywhere. */
  sessionEpoch: z.number().int(),
  cents: z.number().int(),
  savingsCents: z.number().int(),
  /** Newest first. */
  transfers: z.array(transfer).readonly(),
});

export type Account = Readonly<z.infer<typeof account>>;
export type Transfer = Readonly<z.infer<typeof transfer>>;

/** The bank is made up, so it forgets its customers. */
const ACCOUNT_TTL_SECONDS = 30 * 24 * 60 * 60;

export const ACCOUNTS: RecordKind<Account> = { name: 'account', schema: account, ttlSeconds: ACCOUNT_TTL_SECONDS };

/** Whose a number is: the account's id by the number's index. */
export const NUMBER_OWNERS: RecordKind<string> = {
  name: 'number',
  schema: z.string(),
  ttlSeconds: ACCOUNT_TTL_SECONDS,
};
