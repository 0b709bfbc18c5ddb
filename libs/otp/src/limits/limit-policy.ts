import type { LimitRequest, RecordKey, WindowLimit } from '../stores/otp-store.js';
import type { LimitSettings } from './limit-settings.js';

/** Whose budgets a request uses. The IP is missing when the application vouches that there is no client. */
export interface LimitKeys {
  readonly number: RecordKey;
  readonly ip: RecordKey | undefined;
}

/** Turns settings into the questions that one send or one answer asks the limits, all decided at once. */
export class LimitPolicy {
  private readonly numberSends: readonly WindowLimit[];
  private readonly numberWrongCodes: readonly WindowLimit[];
  private readonly ipSends: readonly WindowLimit[];
  private readonly ipWrongCodes: readonly WindowLimit[];
  private readonly cooldown: NonNullable<LimitRequest['cooldown']>;

  constructor(settings: LimitSettings) {
    const { number, ip } = settings;
    this.numberSends = number.sends.map((limit) => named('number.sends', limit));
    this.numberWrongCodes = number.wrongCodes.map((limit) => named('number.wrongCodes', limit));
    this.ipSends = [
      ...ip.unansweredSends.map((limit) => ({ ...named('ip.unansweredSends', limit), counts: 'unanswered' as const })),
      ...ip.sends.map((limit) => named('ip.sends', limit)),
    ];
    this.ipWrongCodes = ip.wrongCodes.map((limit) => named('ip.wrongCodes', limit));
    this.cooldown = {
      name: 'number.cooldown',
      stepsSeconds: number.cooldownSeconds,
      // Long enough that the last step still finds the sends that led to it.
      windowSeconds: Math.max(3600, ...number.cooldownSeconds),
    };
  }

  /** One message: taken from number and IP; a number locked by wrong codes gets none, for it could not be answered. */
  send({ number, ip }: LimitKeys): LimitRequest[] {
    return [
      { key: number, log: 'sends', windows: this.numberSends, cooldown: this.cooldown, take: true },
      { key: number, log: 'wrongCodes', windows: this.numberWrongCodes, take: false },
      ...(ip ? [{ key: ip, log: 'sends', windows: this.ipSends, take: true } as const] : []),
    ];
  }

  /** One answer: charged to number and IP before anything is compared. */
  attempt({ number, ip }: LimitKeys): LimitRequest[] {
    return [
      { key: number, log: 'wrongCodes', windows: this.numberWrongCodes, take: true },
      ...(ip ? [{ key: ip, log: 'wrongCodes', windows: this.ipWrongCodes, take: true } as const] : []),
    ];
  }

  /** Only the question when the cooldown ends. */
  nextSend(number: RecordKey): LimitRequest[] {
    return [{ key: number, log: 'sends', windows: [], cooldown: this.cooldown, take: false }];
  }
}

function named(name: string, { limit, windowSeconds }: { limit: number; windowSeconds: number }): WindowLimit {
  return { name: `${name}.${windowSeconds}`, limit, windowSeconds };
}
