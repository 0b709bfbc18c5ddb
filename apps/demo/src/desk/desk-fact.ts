import type { OtpEvent } from 'nestjs-sms-otp';
import { z } from 'zod';

/** `wrong_code`, `simulated`, `login`: no digits in a row that could be a code or a number. */
const word = z.string().regex(/^(?!.*\d{6})[A-Za-z][\w-]{0,47}$/);

/** Each field has to look like what it is, or it is left out: nothing else of an event is kept or shown. */
const shown = {
  destination: z.string().regex(/^\+\d{1,3}\*{2,14}\d{2}$/),
  country: z.string().regex(/^[A-Z]{2}$/),
  numberRef: z.string().regex(/^[\w-]{16}$/),
  purpose: word,
  lane: z.enum(['public', 'device', 'vouched']),
  channel: z.enum(['sms', 'voice', 'whatsapp', 'email']),
  transport: word,
  state: z.enum(['sent', 'delivered', 'failed']),
  reason: word,
  limit: z.string().regex(/^[A-Za-z][\w.-]{0,63}$/),
  retryAfterSeconds: z.int().min(0).max(2_592_000),
  clientNetwork: z.string().regex(/^[\da-f.:]{2,39}\/\d{1,3}$/),
  test: z.literal(true),
};

const factSchema = z.object({
  type: z.string().regex(/^[a-z]+\.[a-z_]+$/),
  /** When it happened: milliseconds since the Unix epoch. */
  at: z.number(),
  destination: shown.destination.optional().catch(undefined),
  country: shown.country.optional().catch(undefined),
  numberRef: shown.numberRef.optional().catch(undefined),
  purpose: shown.purpose.optional().catch(undefined),
  lane: shown.lane.optional().catch(undefined),
  channel: shown.channel.optional().catch(undefined),
  transport: shown.transport.optional().catch(undefined),
  state: shown.state.optional().catch(undefined),
  reason: shown.reason.optional().catch(undefined),
  limit: shown.limit.optional().catch(undefined),
  retryAfterSeconds: shown.retryAfterSeconds.optional().catch(undefined),
  clientNetwork: shown.clientNetwork.optional().catch(undefined),
  test: shown.test.optional().catch(undefined),
});

/** What the desk keeps of one event. */
export type DeskFact = Readonly<z.infer<typeof factSchema>>;

export function readFact(event: OtpEvent): DeskFact {
  return factSchema.parse({ ...event, at: Date.parse(event.time) });
}

/** One that was kept as JSON; `undefined` for what another version of the demo wrote. */
export function parseFact(json: string): DeskFact | undefined {
  return parseJson(factSchema, json);
}

/** `undefined` for whatever does not fit the schema. */
export function parseJson<T>(schema: z.ZodType<T>, json: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}
