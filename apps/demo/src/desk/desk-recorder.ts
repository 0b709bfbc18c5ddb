import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import type { OtpEvents, OtpHealth } from 'nestjs-sms-otp';
import { randomBytes } from 'node:crypto';
import { type DeskFact, readFact } from './desk-fact.js';
import type { DeskBatch, DeskStore } from './desk.store.js';

const FLUSH_EVERY_MS = 250;
const REPORT_EVERY_MS = 2000;
const MAX_WAITING = 5000;
const MAX_BATCH = 500;

/** Runs something again and again; returns how to stop. */
export type Repeat = (run: () => void, everyMs: number) => () => void;

export interface DeskRecorderOptions {
  readonly events: OtpEvents;
  readonly health: Pick<OtpHealth, 'check'>;
  readonly store: DeskStore;
  /** What the desk calls this instance. @default a random one */
  readonly name?: string;
  /** Events that may wait for the store; with one more the oldest is lost. @default 5000 */
  readonly maxWaiting?: number;
  /** @default setInterval, which keeps no process alive */
  readonly repeat?: Repeat;
}

/**
 * Brings the module's events to the desk's store, some at a time: an event costs its request nothing but a place in a list.
 * A store that is away costs nobody anything else than what the desk would have shown.
 */
export class DeskRecorder implements OnModuleInit, OnApplicationShutdown {
  private readonly name: string;
  private readonly maxWaiting: number;
  private readonly waiting: DeskFact[] = [];
  private stops: readonly (() => void)[] = [];
  /** Its fate is unknown until the store has said that it is there. */
  private batch: DeskBatch | undefined;
  private flushing: Promise<void> | undefined;
  private batches = 0;
  private dropped = 0;

  constructor(private readonly options: DeskRecorderOptions) {
    this.name = options.name ?? randomBytes(4).toString('hex');
    this.maxWaiting = options.maxWaiting ?? MAX_WAITING;
  }

  async onModuleInit(): Promise<void> {
    const { events, store, repeat = interval } = this.options;
    await store.connect();
    this.stops = [
      events.on('*', (event) => this.record(readFact(event))),
      repeat(() => void this.flush(), FLUSH_EVERY_MS),
      repeat(() => void this.report(), REPORT_EVERY_MS),
    ];
  }

  /** After the server has closed, so that the last answers are there too. */
  async onApplicationShutdown(): Promise<void> {
    this.stops.forEach((stop) => stop());
    await this.flush();
    await this.options.store.close();
  }

  /** Resolves when everything has been added that was recorded before the call, or the store has failed. */
  async flush(): Promise<void> {
    await this.flushing;
    this.flushing ??= this.addAll().finally(() => {
      this.flushing = undefined;
    });
    await this.flushing;
  }

  /** Tells the desk how this instance is. */
  async report(): Promise<void> {
    const { health, store } = this.options;
    const { status, store: otpStore, transports, hashing } = await health.check();
    const { name, dropped } = this;
    // The next report comes soon, and says the same.
    await store.report({ name, status, store: otpStore, transports, hashing, dropped }).catch(() => undefined);
  }

  private record(fact: DeskFact): void {
    this.waiting.push(fact);
    if (this.waiting.length > this.maxWaiting) {
      this.waiting.shift();
      this.dropped += 1;
    }
  }

  private async addAll(): Promise<void> {
    for (let batch = this.nextBatch(); batch !== undefined; batch = this.nextBatch()) {
      try {
        await this.options.store.add(batch);
        this.batch = undefined;
      } catch {
        return;
      }
    }
  }

  /** The one that failed goes first and unchanged, for the store may have it already. */
  private nextBatch(): DeskBatch | undefined {
    if (this.batch === undefined && this.waiting.length > 0) {
      this.batches += 1;
      this.batch = { id: `${this.name}:${this.batches}`, facts: this.waiting.splice(0, MAX_BATCH) };
    }
    return this.batch;
  }
}

function interval(run: () => void, everyMs: number): () => void {
  const timer = setInterval(run, everyMs).unref();
  return () => clearInterval(timer);
}
