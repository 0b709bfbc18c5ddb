import { z } from 'zod';
import type { RecordKind } from '../records/records.js';
import { IdCookie } from '../web/id-cookie.js';

const TTL_SECONDS = 10 * 60;

const provedOwner = z.strictObject({
  accountId: z.string(),
  phoneNumber: z.string(),
  /** The key of the session in which it was shown. */
  session: z.string(),
});

/** Somebody who has just shown to hold an account's present number, and may name a new one. */
export type ProvedOwner = Readonly<z.infer<typeof provedOwner>>;

export const PROVED_OWNERS: RecordKind<ProvedOwner> = { name: 'proved', schema: provedOwner, ttlSeconds: TTL_SECONDS };

export const PROVED_COOKIE = new IdCookie('number', TTL_SECONDS);
