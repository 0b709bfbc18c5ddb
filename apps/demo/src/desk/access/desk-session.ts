import { z } from 'zod';
import type { RecordKind } from '../../records/records.js';
import { IdCookie } from '../../web/id-cookie.js';

/** A desk that nobody watches must not stay open for long. */
const TTL_SECONDS = 15 * 60;

const deskSession = z.strictObject({
  signedInAt: z.string(),
  /** Stands for password and number: others in the environment end the session. */
  operator: z.string(),
});

/** An operator who has given password and code. */
export type DeskSession = Readonly<z.infer<typeof deskSession>>;

export const DESK_SESSIONS: RecordKind<DeskSession> = {
  name: 'desk-session',
  schema: deskSession,
  ttlSeconds: TTL_SECONDS,
};

export const DESK_COOKIE = new IdCookie('desk', TTL_SECONDS);
