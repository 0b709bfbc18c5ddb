import { z } from 'zod';
import type { Account } from '../accounts/account.js';
import type { RecordKind } from '../records/records.js';
import { IdCookie } from '../web/id-cookie.js';

/** After this a person signs in again, whatever they did meanwhile. */
export const SESSION_TTL_SECONDS = 30 * 60;

const storedSession = z.strictObject({
  accountId: z.string(),
  /** The account's when it began. */
  sessionEpoch: z.number().int(),
  /** ISO 8601, UTC. */
  signedInAt: z.string(),
});

export type StoredSession = Readonly<z.infer<typeof storedSession>>;

export const SESSIONS: RecordKind<StoredSession> = {
  name: 'session',
  schema: storedSession,
  ttlSeconds: SESSION_TTL_SECONDS,
};

export const SESSION_COOKIE = new IdCookie('session', SESSION_TTL_SECONDS);

/** Who is signed in. */
export interface Session {
  readonly account: Account;
  /** ISO 8601, UTC. */
  readonly signedInAt: string;
}
