import type { Clock } from '../telemetry/clock.js';
import type { OtpEvents } from '../telemetry/otp-events.js';

const PAUSE_MS = 3_600_000;
const MAX_TOLD = 10_000;
/** That the limit of one client or number refuses is no news; that of many is. */
const SHARED_LIMIT = /^(?:prefix|country|all|network)\./;

export interface UsedUpLimits {
  readonly usedUp: readonly string[];
  readonly refused: boolean;
  /** Where the message goes or went. */
  readonly country?: string;
  readonly network: { readonly clientNetwork?: string };
}

/** Tells once an hour and instance that a shared limit is used up, or that an observed one would have refused. */
export class LimitAlerts {
  private readonly told = new Map<string, number>();

  constructor(
    private readonly events: OtpEvents,
    private readonly clock: Clock,
  ) {}

  tell({ usedUp, refused, country, network }: UsedUpLimits): void {
    for (const limit of usedUp) {
      if ((!refused || SHARED_LIMIT.test(limit)) && this.isNews(`${limit} ${refused} ${country ?? ''}`)) {
        this.events.emit('limit.used_up', {
          limit,
          refused,
          ...(country === undefined ? {} : { country }),
          ...network,
        });
      }
    }
  }

  private isNews(name: string): boolean {
    const now = this.clock.now();
    const last = this.told.get(name);
    if (last !== undefined && Math.abs(now - last) < PAUSE_MS) {
      return false;
    }
    if (this.told.size >= MAX_TOLD) {
      this.told.clear();
    }
    this.told.set(name, now);
    return true;
  }
}
