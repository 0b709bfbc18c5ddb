import { z } from 'zod';
import type { RecordKind } from '../records/records.js';
import { IdCookie } from '../web/id-cookie.js';

/** Long enough for a code, a resend and another one. */
const TTL_SECONDS = 15 * 60;

const awaitedCode = z.strictObject({
  flow: z.string(),
  /** The flow's own. */
  data: z.record(z.string(), z.unknown()),
  challengeId: z.string(),
  /** Tells the step from another one of the same browser; a code that is sent again leaves it as it is. */
  mark: z.string(),
});

/** A code that one browser is to enter. */
export type AwaitedCode = Readonly<z.infer<typeof awaitedCode>>;

export const AWAITED_CODES: RecordKind<AwaitedCode> = { name: 'code', schema: awaitedCode, ttlSeconds: TTL_SECONDS };

export const CODE_COOKIE = new IdCookie('code', TTL_SECONDS);
