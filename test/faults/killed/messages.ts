import { z } from 'zod';

/** What an application that is a process of its own is started with. */
export const startSchema = z.object({
  url: z.string(),
  secret: z.string(),
  indexSecret: z.string(),
  /** Where its witnesses write: what was written is kept when the process is killed. */
  file: z.string(),
  /** `RunningClock` */
  since: z.number(),
});

export const requestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('die'), step: z.number(), when: z.enum(['before', 'after']) }),
  z.object({
    kind: z.literal('ask'),
    id: z.number(),
    operation: z.enum(['issue', 'resend', 'verify', 'cancel']),
    args: z.array(z.string()),
  }),
]);

export const answerSchema = z.object({
  id: z.number(),
  answered: z.object({
    outcome: z.string(),
    challengeId: z.string().optional(),
    expiresAt: z.number().optional(),
    attemptsRemaining: z.number().optional(),
    detail: z.string().optional(),
  }),
});

/** One line of the witnesses' file. */
export const witnessSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sent'), number: z.string(), code: z.string() }),
  z.object({ kind: z.literal('made'), hash: z.string(), challenge: z.string() }),
  z.object({ kind: z.literal('compared'), hash: z.string() }),
  z.object({ kind: z.literal('step'), name: z.string() }),
]);

export type StartOptions = z.infer<typeof startSchema>;
export type Request = z.infer<typeof requestSchema>;
export type Witnessing = z.infer<typeof witnessSchema>;
