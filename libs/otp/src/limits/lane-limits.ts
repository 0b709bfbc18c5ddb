import type {
  Cooldown,
  FailureLimit,
  KnownRule,
  Lane,
  LogRequest,
  RecordKey,
  WindowLimit,
} from '../stores/otp-store.js';
import type { LaneLimitSettings, LimitSettings, WindowSetting } from './limit-settings.js';

type LaneName = 'number' | 'device' | 'vouched';

interface LaneRules {
  readonly sends: readonly WindowLimit[];
  readonly cooldown: Cooldown;
  readonly wrongCodes: readonly WindowLimit[];
}

/** Seconds in which a message still makes the next one wait longer, at least. */
const COOLDOWN_WINDOW_SECONDS = 3600;

const TEST_SENDS: readonly WindowLimit[] = [{ name: 'testNumber.sends.3600', limit: 300, windowSeconds: 3600 }];

/** The limits of one number, for each of its lanes. The same rules are asked again and again, so they are made once. */
export class LaneLimits {
  private readonly rules: Readonly<Record<LaneName, LaneRules>>;
  private readonly failures: FailureLimit;
  /** Other lanes count failures in a row too, and are not closed by them. */
  private readonly countedFailures: FailureLimit;
  private readonly trustedSends: readonly WindowLimit[];
  private readonly trustedWrongCodes: readonly WindowLimit[];
  private readonly known: KnownRule;
  private readonly publiclyKnown: KnownRule;

  /** With `decoys` the public lane of a known number is treated as a stranger's, for a decoy never answers. */
  constructor(
    { number, device, vouched, trusted, knownNumbers }: LimitSettings,
    { decoys }: { readonly decoys: boolean },
  ) {
    this.rules = {
      number: rulesOf('number', number),
      device: rulesOf('device', device),
      vouched: rulesOf('vouched', vouched),
    };
    this.failures = { name: 'number.consecutiveFailures', limit: number.consecutiveFailures };
    this.countedFailures = { ...this.failures, limit: 0 };
    this.trustedSends = trusted.sends.map((limit) => named('trusted.sends', limit));
    this.trustedWrongCodes = trusted.wrongCodes.map((limit) => named('trusted.wrongCodes', limit));
    this.known = knownNumbers;
    this.publiclyKnown = decoys ? { ...knownNumbers, passes: 0 } : knownNumbers;
  }

  /** A message of the lane, its own log first; a locked lane gets none, for it could not be answered. */
  send(key: RecordKey, lane: Lane, { waits = true }: { readonly waits?: boolean } = {}): LogRequest[] {
    const { sends, cooldown, wrongCodes } = this.of(lane);
    const known = lane === 'public' ? this.publiclyKnown : this.known;
    const own: LogRequest[] = [
      { key, lane, log: 'sends', windows: sends, ...(waits ? { cooldown } : {}), known, take: true },
      { key, lane, log: 'wrongCodes', windows: wrongCodes, failures: this.failuresOf(lane), take: false },
    ];
    return lane === 'public'
      ? own
      : [
          ...own,
          { key, lane: 'trusted', log: 'sends', windows: this.trustedSends, take: true },
          { key, lane: 'trusted', log: 'wrongCodes', windows: this.trustedWrongCodes, take: false },
        ];
  }

  /** A test number's: no message goes out, so only a loop that has gone wild is stopped. */
  testSend(key: RecordKey, lane: Lane): LogRequest[] {
    const { wrongCodes } = this.of(lane);
    return [
      { key, lane, log: 'sends', windows: TEST_SENDS, take: true },
      { key, lane, log: 'wrongCodes', windows: wrongCodes, failures: this.failuresOf(lane), take: false },
    ];
  }

  attempt(key: RecordKey, lane: Lane): LogRequest[] {
    const { wrongCodes } = this.of(lane);
    const failures = this.failuresOf(lane);
    const own: LogRequest = { key, lane, log: 'wrongCodes', windows: wrongCodes, failures, take: true };
    return lane === 'public'
      ? [own]
      : [own, { key, lane: 'trusted', log: 'wrongCodes', windows: this.trustedWrongCodes, take: true }];
  }

  nextSend(key: RecordKey, lane: Lane): LogRequest {
    return { key, lane, log: 'sends', windows: [], cooldown: this.of(lane).cooldown, take: false };
  }

  private of(lane: Lane): LaneRules {
    return this.rules[lane === 'public' ? 'number' : lane === 'vouched' ? 'vouched' : 'device'];
  }

  private failuresOf(lane: Lane): FailureLimit {
    return lane === 'public' ? this.failures : this.countedFailures;
  }
}

function rulesOf(name: LaneName, { sends, wrongCodes, cooldownSeconds }: LaneLimitSettings): LaneRules {
  return {
    sends: sends.map((limit) => named(`${name}.sends`, limit)),
    wrongCodes: wrongCodes.map((limit) => named(`${name}.wrongCodes`, limit)),
    cooldown: {
      name: `${name}.cooldown`,
      stepsSeconds: cooldownSeconds,
      // Long enough that the last step still finds the sends that led to it.
      windowSeconds: Math.max(COOLDOWN_WINDOW_SECONDS, ...cooldownSeconds),
    },
  };
}

function named(name: string, { limit, windowSeconds }: WindowSetting): WindowLimit {
  return { name: `${name}.${windowSeconds}`, limit, windowSeconds };
}
