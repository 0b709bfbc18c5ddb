import type { Deliverer, TransportState } from '../delivery/deliver.js';
import { withDeadline } from '../delivery/with-deadline.js';
import type { SeatLoad, Seats } from '../hashing/hash-seats.js';
import type { OtpStore } from '../stores/otp-store.js';

/** So that the whole answer is there within 2 s, whatever the store does. */
const STORE_TIMEOUT_SECONDS = 1.9;
/** A mark that nobody writes. */
const PROBE_MARK = 'health';
/** Three quarters of the line for each hash that may run at once: with argon2id at its defaults, over a second of waiting. */
const LONG_LINE_PER_WIDTH = 48;

export interface HealthReport {
  /**
   * `down`: the store does not answer, so every request is refused (503 `store_unavailable`). `degraded`: it answers, but
   * the line for hashing is nearly full and requests are about to be refused (503 `busy`), or the circuits of all transports are
   * open, so that most messages are likely to fail.
   */
  readonly status: 'up' | 'degraded' | 'down';
  readonly store: {
    readonly name: string;
    readonly status: 'up' | 'down';
    /** How long one read took, or how long it was waited for, in milliseconds. */
    readonly latencyMs: number;
  };
  /**
   * In order of preference. They are listed and not asked: only a message would tell whether they work. `circuit` says how
   * the last ones went in this instance: `open` after several failures in a row.
   */
  readonly transports: readonly TransportState[];
  /** Hashes that run and wait, and how many may run at once; all 0 for a hasher that needs no thread. */
  readonly hashing: SeatLoad;
}

export interface OtpHealthSources {
  readonly store: OtpStore;
  readonly deliverer: Pick<Deliverer, 'transports'>;
  readonly seats: Seats;
}

/** Tells whether codes can be issued and checked by this instance. Sends nothing and writes nothing. */
export class OtpHealth {
  constructor(private readonly sources: OtpHealthSources) {}

  /** Answers within 2 s and never rejects. */
  async check(): Promise<HealthReport> {
    const { seats, deliverer } = this.sources;
    const transports = deliverer.transports();
    const store = await this.checkStore();
    const { running, waiting, width } = seats.load;
    const isLineLong = waiting > LONG_LINE_PER_WIDTH * width;
    const isCutOff = transports.every(({ circuit }) => circuit !== 'closed');
    return {
      status: store.status === 'down' ? 'down' : isLineLong || isCutOff ? 'degraded' : 'up',
      store,
      transports,
      hashing: { running, waiting, width },
    };
  }

  /** The reason for a failure is not told: health is often public, and every failed request is an event. */
  private async checkStore(): Promise<HealthReport['store']> {
    const { name, marks } = this.sources.store;
    const start = performance.now();
    const status = await withDeadline({ timeoutSeconds: STORE_TIMEOUT_SECONDS }, async () =>
      marks.get(PROBE_MARK),
    ).then(
      () => 'up' as const,
      () => 'down' as const,
    );
    return { name, status, latencyMs: Math.round((performance.now() - start) * 10) / 10 };
  }
}
