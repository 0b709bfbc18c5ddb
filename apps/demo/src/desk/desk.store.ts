import type { HealthReport } from 'nestjs-sms-otp';
import { z } from 'zod';
import type { Counts } from './desk-counts.js';
import type { DeskFact } from './desk-fact.js';
import type { NumberFact } from './locked-numbers.js';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const MINUTES_SHOWN = 60;
export const HOURS_SHOWN = 24;
export const EVENTS_SHOWN = 50;
/** The numbers that somebody tried codes for last. */
export const MAX_NUMBERS = 200;
/** More than the wrong codes that lock a number. */
export const MAX_FACTS_PER_NUMBER = 40;
/** After this an instance that says nothing is gone. */
export const REPORT_TTL_SECONDS = 10;

/** What an instance says of itself. */
export const instanceReportSchema = z.object({
  name: z.string(),
  status: z.enum(['up', 'degraded', 'down']),
  store: z.object({ name: z.string(), status: z.enum(['up', 'down']), latencyMs: z.number() }),
  transports: z.array(
    z.object({ name: z.string(), channels: z.array(z.string()), circuit: z.enum(['closed', 'open', 'half-open']) }),
  ),
  hashing: z.object({ running: z.number(), waiting: z.number(), width: z.number() }),
  /** Events that it could not tell, because the store was away for too long. */
  dropped: z.number(),
});
export type InstanceReport = Pick<HealthReport, 'status' | 'store' | 'transports' | 'hashing'> & {
  readonly name: string;
  readonly dropped: number;
};
/** As it was read: what a store gives back is checked, not believed. */
export type KnownInstance = Readonly<z.infer<typeof instanceReportSchema>>;

/** Some events of one instance. Adding a batch again changes nothing, so one whose fate is unknown can be added again. */
export interface DeskBatch {
  readonly id: string;
  readonly facts: readonly DeskFact[];
}

/** Counts of one minute or hour. */
export interface CountSpan {
  /** When it began: milliseconds since the Unix epoch. */
  readonly from: number;
  readonly counts: Counts;
}

export interface DeskReading {
  /** {@link MINUTES_SHOWN}, oldest first; the last one is not over. */
  readonly minutes: readonly CountSpan[];
  /** {@link HOURS_SHOWN}, oldest first; the last one is not over. */
  readonly hours: readonly CountSpan[];
  /** At most {@link EVENTS_SHOWN}, newest first. */
  readonly events: readonly DeskFact[];
  /** For each number. */
  readonly numbers: readonly (readonly NumberFact[])[];
  /** By name. */
  readonly instances: readonly KnownInstance[];
}

/** What the security desk shows, gathered from all instances. */
export interface DeskStore {
  /** Opens what the store needs; called once, at boot. Never rejects. */
  connect(): Promise<void>;
  /** @throws DeskStoreUnavailableError as the next two */
  add(batch: DeskBatch): Promise<void>;
  /** Holds for {@link REPORT_TTL_SECONDS}. */
  report(report: InstanceReport): Promise<void>;
  /** `now`: milliseconds since the Unix epoch. */
  read(now: number): Promise<DeskReading>;
  close(): Promise<void>;
}

/** The token under which the desk finds its {@link DeskStore}. */
export const DESK_STORE = Symbol('DESK_STORE');

/** The store did not answer in time or answered with an error. */
export class DeskStoreUnavailableError extends Error {
  override readonly name = 'DeskStoreUnavailableError';
}
