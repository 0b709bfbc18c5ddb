import {
  circuitBreaker,
  type CircuitBreakerPolicy,
  CircuitState as BreakerState,
  ConsecutiveBreaker,
  handleWhenResult,
} from 'cockatiel';
import type { Clock } from '../telemetry/clock.js';
import type { CircuitBreakerOptions } from './delivery-options.js';

/** `open`: it failed several times in a row, so others come first. `half-open`: one message is trying it again. */
export type CircuitState = 'closed' | 'open' | 'half-open';

export interface CircuitOptions extends CircuitBreakerOptions {
  readonly clock: Clock;
  /** Called when it opens and when it closes, not for the tries between. */
  readonly onChange: (state: 'open' | 'closed') => void;
}

const STATES: Readonly<Record<BreakerState, CircuitState>> = {
  [BreakerState.Closed]: 'closed',
  [BreakerState.Open]: 'open',
  [BreakerState.HalfOpen]: 'half-open',
  [BreakerState.Isolated]: 'open',
};

/**
 * What is known of one transport's health. It refuses nobody: it tells whose turn comes last, so that no message is lost
 * to it. Whatever is sent while it is open is a try that may close it.
 */
export class Circuit {
  private readonly policy: CircuitBreakerPolicy;
  private readonly openMs: number;
  private readonly clock: Clock;
  private openedAt: number | undefined;
  /** Grows whenever the circuit opens or closes: what was sent before says nothing of the time since. */
  private era = 0;

  constructor({ failures = 5, openSeconds = 30, clock, onChange }: CircuitOptions) {
    this.openMs = openSeconds * 1000;
    this.clock = clock;
    this.policy = circuitBreaker(
      handleWhenResult((ended) => ended instanceof Ended && ended.isFault),
      // Any message may be the one that tries it again, at any time; which one does is for `isPreferred` and `doubt` to say.
      { breaker: new ConsecutiveBreaker(failures), halfOpenAfter: Number.NEGATIVE_INFINITY },
    );
    this.policy.onBreak(() => {
      const wasClosed = this.openedAt === undefined;
      this.openedAt = clock.now();
      this.era += 1;
      if (wasClosed) {
        onChange('open');
      }
    });
    this.policy.onReset(() => {
      this.openedAt = undefined;
      this.era += 1;
      onChange('closed');
    });
  }

  get state(): CircuitState {
    return STATES[this.policy.state];
  }

  /** Whether the transport keeps its place in the order: it works, or it is time that one message tries it again. */
  get isPreferred(): boolean {
    const isRested = Math.abs(this.clock.now() - (this.openedAt ?? 0)) >= this.openMs;
    return this.state === 'closed' || (this.state === 'open' && isRested);
  }

  /**
   * What speaks against asking it: 0 where nothing does, otherwise the time of its last failure, so that of several that
   * fail each is tried in turn and the first that works again is found; more than that while a message is trying it.
   */
  get doubt(): number {
    if (this.isPreferred) {
      return 0;
    }
    return this.state === 'half-open' ? Number.MAX_SAFE_INTEGER : (this.openedAt ?? 0);
  }

  /** Runs a task, which must not reject, and learns from its result. */
  async run<T>(task: () => Promise<T>, isFault: (result: T) => boolean): Promise<T> {
    if (this.state === 'half-open') {
      // The one that is trying it decides; the policy would let this one wait for that.
      return task();
    }
    const { era } = this;
    const ended = await this.policy.execute(async () => {
      const result = await task();
      return new Ended(result, isFault(result) && era === this.era);
    });
    return ended.result;
  }
}

class Ended<T> {
  constructor(
    readonly result: T,
    readonly isFault: boolean,
  ) {}
}
