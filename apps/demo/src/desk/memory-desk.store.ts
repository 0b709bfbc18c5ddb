import type { DeskFact } from './desk-fact.js';
import {
  type DeskBatch,
  type DeskReading,
  type DeskStore,
  EVENTS_SHOWN,
  type InstanceReport,
  instanceReportSchema,
  type KnownInstance,
  MAX_FACTS_PER_NUMBER,
  MAX_NUMBERS,
  REPORT_TTL_SECONDS,
} from './desk.store.js';
import { foldFacts, nameOf, newestFirst, type Span, spansShown } from './fold-facts.js';
import type { NumberFact } from './locked-numbers.js';

const MAX_BATCH_IDS = 100;

/** What one process has seen. */
export class MemoryDeskStore implements DeskStore {
  private readonly batches = new Set<string>();
  private readonly spans = new Map<string, Map<string, number>>();
  /** The number with the newest fact is the last. */
  private readonly numbers = new Map<string, readonly NumberFact[]>();
  private readonly reports = new Map<string, { readonly report: KnownInstance; readonly expiresAt: number }>();
  private events: readonly DeskFact[] = [];

  /** `now`: milliseconds since the Unix epoch, for the end of reports. */
  constructor(private readonly now: () => number = Date.now) {}

  async connect(): Promise<void> {}

  async add({ id, facts }: DeskBatch): Promise<void> {
    if (this.batches.has(id)) {
      return;
    }
    this.batches.add(id);
    dropOldest(this.batches, MAX_BATCH_IDS);
    const { spans, events, numbers } = foldFacts(facts);
    for (const span of spans) {
      this.count(span, span.counts);
    }
    for (const [numberRef, added] of numbers) {
      const all = [...added, ...(this.numbers.get(numberRef) ?? [])].slice(0, MAX_FACTS_PER_NUMBER);
      this.numbers.delete(numberRef);
      this.numbers.set(numberRef, all);
    }
    dropOldest(this.numbers, MAX_NUMBERS);
    this.events = newestFirst([...events, ...this.events]).slice(0, EVENTS_SHOWN);
    this.forgetSpans();
  }

  async report(report: InstanceReport): Promise<void> {
    const expiresAt = this.now() + REPORT_TTL_SECONDS * 1000;
    this.reports.set(report.name, { report: instanceReportSchema.parse(report), expiresAt });
  }

  async read(now: number): Promise<DeskReading> {
    return {
      minutes: this.countsOf(spansShown('minute', now)),
      hours: this.countsOf(spansShown('hour', now)),
      events: this.events,
      numbers: [...this.numbers.values()],
      instances: [...this.reports.values()]
        .filter(({ expiresAt }) => expiresAt > this.now())
        .map(({ report }) => report)
        .toSorted((a, b) => a.name.localeCompare(b.name)),
    };
  }

  async close(): Promise<void> {}

  private count(span: Span, counts: ReadonlyMap<string, number>): void {
    const sums = this.spans.get(nameOf(span)) ?? new Map<string, number>();
    counts.forEach((count, name) => sums.set(name, (sums.get(name) ?? 0) + count));
    this.spans.set(nameOf(span), sums);
  }

  private countsOf(spans: readonly Span[]): DeskReading['minutes'] {
    return spans.map((span) => ({
      from: span.from,
      counts: Object.fromEntries(this.spans.get(nameOf(span)) ?? []),
    }));
  }

  private forgetSpans(): void {
    const now = this.now();
    const shown = new Set([...spansShown('minute', now), ...spansShown('hour', now)].map(nameOf));
    [...this.spans.keys()].filter((name) => !shown.has(name)).forEach((name) => this.spans.delete(name));
  }
}

/** Of a map or set in the order of its last additions. */
function dropOldest<T>(
  collection: { readonly size: number; keys(): Iterable<T>; delete(key: T): boolean },
  max: number,
) {
  for (const key of collection.keys()) {
    if (collection.size <= max) {
      return;
    }
    collection.delete(key);
  }
}
