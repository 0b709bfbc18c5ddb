import type { WindowSetting } from 'nestjs-sms-otp';
import {
  type Counts,
  DELIVERY_STATES,
  type DeliveryState,
  type Outcome,
  OUTCOMES,
  REFUSAL_KINDS,
  type RefusalKind,
} from './desk-counts.js';
import { type Cost, type CostRules, costOf } from './desk-cost.js';
import type { DeskFact } from './desk-fact.js';
import { type CountSpan, type DeskReading, EVENTS_SHOWN, type KnownInstance } from './desk.store.js';
import { type LockedNumber, locksOf } from './locked-numbers.js';

export interface MinuteOutcomes extends Readonly<Record<Outcome, number>> {
  /** When the minute began: ISO 8601, UTC. */
  readonly from: string;
}

export interface RefusalCount {
  readonly kind: RefusalKind;
  readonly reason: string;
  readonly count: number;
}

export interface CountryConversion {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly sent: number;
  readonly answered: number;
  /** The answered part of what was sent, 0 to 1. */
  readonly share: number;
}

export interface TransportDeliveries extends Readonly<Record<DeliveryState, number>> {
  readonly name: string;
  /** Instances that ask others before it. */
  readonly openCircuits: number;
}

/** What the desk shows at one moment. Days are the running hour and the 23 before it. */
export interface DeskSnapshot {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** The last hour, oldest first. */
  readonly minutes: readonly MinuteOutcomes[];
  readonly hour: Readonly<Record<Outcome, number>>;
  readonly day: Readonly<Record<Outcome | 'decoyed', number>>;
  /** Events of test numbers, of the day; in none of the other numbers. */
  readonly test: Readonly<Record<Outcome, number>>;
  /** Of the day, most first; so are the next three. */
  readonly refusals: readonly RefusalCount[];
  readonly limits: readonly { readonly limit: string; readonly count: number }[];
  readonly countries: readonly CountryConversion[];
  readonly cost: Cost;
  readonly transports: readonly TransportDeliveries[];
  /** First those that last longest. */
  readonly locked: readonly LockedNumber[];
  readonly instances: readonly KnownInstance[];
  /** Newest first. */
  readonly events: readonly DeskFact[];
}

export interface DeskSettings extends CostRules {
  /** The wrong codes that lock a number for strangers, as the module is configured. */
  readonly wrongCodes: readonly WindowSetting[];
}

export function deskSnapshot(
  reading: DeskReading,
  { now, ...settings }: DeskSettings & { readonly now: number },
): DeskSnapshot {
  const day = sum(reading.hours);
  const { wrongCodes } = settings;
  return {
    at: new Date(now).toISOString(),
    minutes: reading.minutes.map(({ from, counts }) => ({ from: new Date(from).toISOString(), ...outcomesOf(counts) })),
    hour: outcomesOf(sum(reading.minutes)),
    day: { ...outcomesOf(day), decoyed: day['decoyed'] ?? 0 },
    test: outcomesOf(Object.fromEntries(entriesOf(day, 'test').map(({ path: [name = ''], count }) => [name, count]))),
    refusals: refusalsOf(day),
    limits: mostFirst(entriesOf(day, 'limit').map(({ path: [limit = ''], count }) => ({ limit, count }))),
    countries: countriesOf(day),
    cost: costOf(
      entriesOf(day, 'sent').map(({ path: [country = '', channel = ''], count }) => ({ country, channel, count })),
      settings,
    ),
    transports: transportsOf(day, reading.instances),
    locked: reading.numbers
      .flatMap((facts) => locksOf(facts, { now, wrongCodes }))
      .toSorted((a, b) => b.until.localeCompare(a.until)),
    instances: reading.instances,
    events: reading.events.slice(0, EVENTS_SHOWN),
  };
}

function sum(spans: readonly CountSpan[]): Counts {
  const sums = new Map<string, number>();
  for (const [name, count] of spans.flatMap(({ counts }) => Object.entries(counts))) {
    sums.set(name, (sums.get(name) ?? 0) + count);
  }
  return Object.fromEntries(sums);
}

function outcomesOf(counts: Counts): Record<Outcome, number> {
  const [sent, answered, wrong, refused] = OUTCOMES.map((outcome) => counts[outcome] ?? 0);
  return { sent: sent ?? 0, answered: answered ?? 0, wrong: wrong ?? 0, refused: refused ?? 0 };
}

/** The counts whose names begin with this word, with the words that follow. */
function entriesOf(counts: Counts, first: string): { readonly path: readonly string[]; readonly count: number }[] {
  return Object.entries(counts)
    .filter(([name]) => name.startsWith(`${first}|`))
    .map(([name, count]) => ({ path: name.split('|').slice(1), count }));
}

function refusalsOf(day: Counts): readonly RefusalCount[] {
  return mostFirst(
    entriesOf(day, 'refused').flatMap(({ path: [name, reason = ''], count }) => {
      const kind = REFUSAL_KINDS.find((known) => known === name);
      return kind === undefined ? [] : [{ kind, reason, count }];
    }),
  );
}

/** Of a message of yesterday the answer may be of today, so more may be answered than was sent. */
function countriesOf(day: Counts): readonly CountryConversion[] {
  const countries = new Map<string, { sent: number; answered: number }>();
  for (const column of ['sent', 'answered'] as const) {
    for (const { path, count } of entriesOf(day, column)) {
      const [country = ''] = path;
      const row = countries.get(country) ?? { sent: 0, answered: 0 };
      row[column] += count;
      countries.set(country, row);
    }
  }
  return [...countries]
    .map(([country, { sent, answered }]) => ({
      country,
      sent,
      answered,
      share: sent === 0 ? 0 : Math.min(1, answered / sent),
    }))
    .toSorted((a, b) => b.sent - a.sent || a.country.localeCompare(b.country));
}

function transportsOf(day: Counts, instances: readonly KnownInstance[]): readonly TransportDeliveries[] {
  const deliveries = entriesOf(day, 'delivery');
  const told = instances.flatMap(({ transports }) => transports);
  const names = new Set([...told.map(({ name }) => name), ...deliveries.flatMap(({ path: [name] }) => name ?? [])]);
  return [...names].map((name) => {
    const countOf = (state: DeliveryState) =>
      deliveries.find(({ path }) => path[0] === name && path[1] === state)?.count ?? 0;
    const [accepted = 0, failed = 0, sent = 0, delivered = 0, undelivered = 0] = DELIVERY_STATES.map(countOf);
    const openCircuits = told.filter((transport) => transport.name === name && transport.circuit !== 'closed').length;
    return { name, accepted, failed, sent, delivered, undelivered, openCircuits };
  });
}

function mostFirst<T extends { readonly count: number }>(rows: readonly T[]): readonly T[] {
  return rows.toSorted((a, b) => b.count - a.count);
}
