import { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { createRedisClient } from '../redis-client.js';
import { parseFact, parseJson } from './desk-fact.js';
import {
  type CountSpan,
  type DeskBatch,
  type DeskReading,
  type DeskStore,
  DeskStoreUnavailableError,
  EVENTS_SHOWN,
  type InstanceReport,
  instanceReportSchema,
  type KnownInstance,
  MAX_FACTS_PER_NUMBER,
  MAX_NUMBERS,
  REPORT_TTL_SECONDS,
} from './desk.store.js';
import { foldFacts, nameOf, newestFirst, type Span, spansShown } from './fold-facts.js';
import { numberFactSchema } from './locked-numbers.js';
import { ADD_BATCH } from './redis-desk.script.js';

const DAY_SECONDS = 86_400;
/** Longer than an instance tries again with the same batch while Redis comes and goes. */
const MARK_TTL_SECONDS = 3600;
const SPAN_TTL_SECONDS = { minute: 2 * 3600, hour: DAY_SECONDS + 3600 } as const;
/** How many seconds the list of instances may name one that has ended. */
const INSTANCE_LIST_SECONDS = 60;

const stringsSchema = z.array(z.string());
const countsSchema = z.record(z.string(), z.coerce.number());

/** What all instances have seen, the same for each of them. */
export class RedisDeskStore implements DeskStore {
  private readonly logger = new Logger(RedisDeskStore.name);
  private readonly client: Redis;
  private readonly prefix: string;
  private reachable = true;

  constructor({ url, namespace }: { readonly url: string; readonly namespace: string }) {
    this.prefix = `${namespace}:desk:`;
    this.client = createRedisClient(url);
    this.client.on('error', () => this.tell(false));
    this.client.on('ready', () => this.tell(true));
  }

  async connect(): Promise<void> {
    await this.client.connect().catch(() => this.tell(false));
  }

  async add({ id, facts }: DeskBatch): Promise<void> {
    const { spans, events, numbers } = foldFacts(facts);
    const keys = [`batch:${id}`, 'events', 'numbers', 'numbers:order', ...spans.map(nameOf)];
    const batch = {
      markTtl: MARK_TTL_SECONDS,
      ttl: DAY_SECONDS,
      maxEvents: EVENTS_SHOWN,
      maxNumbers: MAX_NUMBERS,
      maxFacts: MAX_FACTS_PER_NUMBER,
      spans: spans.map(({ unit, counts }) => ({ ttl: SPAN_TTL_SECONDS[unit], counts: [...counts] })),
      events: events.map((fact) => JSON.stringify(fact)),
      numbers: [...numbers].map(([ref, own]) => ({
        ref,
        at: own[0]?.at ?? 0,
        facts: own.map((fact) => JSON.stringify(fact)),
      })),
    };
    const named = keys.map((key) => this.prefix + key);
    await this.run(() => this.client.eval(ADD_BATCH, named.length, ...named, JSON.stringify(batch)));
  }

  async report(report: InstanceReport): Promise<void> {
    const { name } = report;
    const list = `${this.prefix}instances`;
    const now = Date.now();
    await this.run(() =>
      this.client
        .multi()
        .set(this.instanceKey(name), JSON.stringify(report), 'EX', REPORT_TTL_SECONDS)
        .zadd(list, now, name)
        .zremrangebyscore(list, 0, now - INSTANCE_LIST_SECONDS * 1000)
        .expire(list, INSTANCE_LIST_SECONDS)
        .exec(),
    );
  }

  async read(now: number): Promise<DeskReading> {
    const minutes = spansShown('minute', now);
    const hours = spansShown('hour', now);
    const [events, numbers, instances, ...counts] = await this.readAll([...minutes, ...hours]);
    const spans = [...minutes, ...hours].map(({ from }, index): CountSpan => ({
      from,
      counts: countsSchema.parse(counts[index]),
    }));
    return {
      minutes: spans.slice(0, minutes.length),
      hours: spans.slice(minutes.length),
      events: newestFirst(stringsSchema.parse(events).flatMap((json) => parseFact(json) ?? [])),
      numbers: stringsSchema
        .parse(numbers)
        .map((lines) => lines.split('\n').flatMap((line) => parseJson(numberFactSchema, line) ?? [])),
      instances: await this.readInstances(stringsSchema.parse(instances)),
    };
  }

  async close(): Promise<void> {
    this.client.disconnect();
  }

  private async readAll(spans: readonly Span[]): Promise<readonly unknown[]> {
    const pipeline = this.client.pipeline();
    pipeline.lrange(`${this.prefix}events`, 0, EVENTS_SHOWN - 1);
    pipeline.hvals(`${this.prefix}numbers`);
    pipeline.zrange(`${this.prefix}instances`, '0', '-1');
    spans.forEach((span) => pipeline.hgetall(this.prefix + nameOf(span)));
    const results = await this.run(() => pipeline.exec());
    return (results ?? []).map(([error, value]) => {
      if (error !== null) {
        throw new DeskStoreUnavailableError('the desk store did not answer', { cause: error });
      }
      return value;
    });
  }

  /** Reports that have ended are gone, though the list may still name them. */
  private async readInstances(names: readonly string[]): Promise<readonly KnownInstance[]> {
    if (names.length === 0) {
      return [];
    }
    const reports = await this.run(() => this.client.mget(names.map((name) => this.instanceKey(name))));
    return reports
      .flatMap((json) => (json === null ? [] : (parseJson(instanceReportSchema, json) ?? [])))
      .toSorted((a, b) => a.name.localeCompare(b.name));
  }

  private instanceKey(name: string): string {
    return `${this.prefix}instance:${name}`;
  }

  private async run<T>(command: () => Promise<T>): Promise<T> {
    try {
      return await command();
    } catch (cause) {
      throw new DeskStoreUnavailableError('the desk store did not answer', { cause });
    }
  }

  /** Once per change: the client reports every attempt to reconnect. */
  private tell(reachable: boolean): void {
    if (reachable !== this.reachable) {
      this.reachable = reachable;
      this.logger[reachable ? 'log' : 'error'](reachable ? 'Redis is back' : 'Redis is away: the desk shows nothing');
    }
  }
}
