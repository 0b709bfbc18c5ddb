import { z } from 'zod';
import type { RecordKind } from '../records/records.js';
import { IdCookie } from '../web/id-cookie.js';

const TTL_SECONDS = 15 * 60;

export const draft = z.strictObject({
  name: z.string(),
  phoneNumber: z.string(),
  passwordHash: z.string(),
});

/** An account that somebody wants to open, before the number is theirs. */
export type Draft = Readonly<z.infer<typeof draft>>;

export const DRAFTS: RecordKind<Draft> = { name: 'draft', schema: draft, ttlSeconds: TTL_SECONDS };

export const DRAFT_COOKIE = new IdCookie('draft', TTL_SECONDS);
