import { countsOf } from './desk-counts.js';
import type { DeskFact } from './desk-fact.js';
import { EVENTS_SHOWN, HOUR_MS, HOURS_SHOWN, MINUTE_MS, MINUTES_SHOWN } from './desk.store.js';
import { numberFact, type NumberFact } from './locked-numbers.js';

export interface Span {
  readonly unit: 'minute' | 'hour';
  /** When it began: milliseconds since the Unix epoch. */
  readonly from: number;
}

export interface SpanCounts extends Span {
  readonly counts: ReadonlyMap<string, number>;
}

/** A batch added up, so that a flood of events costs a store few commands. */
export interface FoldedFacts {
  readonly spans: readonly SpanCounts[];
  /** The last ones, newest first. */
  readonly events: readonly DeskFact[];
  /** By `numberRef`, newest first. */
  readonly numbers: ReadonlyMap<string, readonly NumberFact[]>;
}

export function foldFacts(facts: readonly DeskFact[]): FoldedFacts {
  const spans = new Map<string, Span & { readonly counts: Map<string, number> }>();
  const numbers = new Map<string, NumberFact[]>();
  for (const fact of facts) {
    const names = countsOf(fact);
    for (const span of names.length > 0 ? spansOf(fact.at) : []) {
      const { counts } = kept(spans, nameOf(span), { ...span, counts: new Map<string, number>() });
      names.forEach((name) => counts.set(name, (counts.get(name) ?? 0) + 1));
    }
    const about = numberFact(fact);
    if (about !== undefined) {
      kept(numbers, about.numberRef, []).unshift(about.fact);
    }
  }
  return { spans: [...spans.values()], events: facts.slice(-EVENTS_SHOWN).toReversed(), numbers };
}

export function nameOf({ unit, from }: Span): string {
  return `${unit}:${from}`;
}

function spansOf(at: number): readonly Span[] {
  return [
    { unit: 'minute', from: at - (at % MINUTE_MS) },
    { unit: 'hour', from: at - (at % HOUR_MS) },
  ];
}

/** The spans that the desk shows, oldest first. */
export function spansShown(unit: Span['unit'], now: number): readonly Span[] {
  const [length, shown] = unit === 'minute' ? [MINUTE_MS, MINUTES_SHOWN] : [HOUR_MS, HOURS_SHOWN];
  const last = now - (now % length);
  return Array.from({ length: shown }, (_, index) => ({ unit, from: last - (shown - 1 - index) * length }));
}

/** Newest first. Batches of several instances arrive in any order. */
export function newestFirst(facts: readonly DeskFact[]): readonly DeskFact[] {
  return facts.toSorted((a, b) => b.at - a.at);
}

function kept<T>(map: Map<string, T>, key: string, fresh: T): T {
  const value = map.get(key) ?? fresh;
  map.set(key, value);
  return value;
}
