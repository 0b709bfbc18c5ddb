import type { LogRequest, WindowLimit } from '../stores/otp-store.js';
import type { OtpParts } from './otp-parts.js';
import { requestClient } from './request-context.js';
import { type Busy, type OtpClientOption, type StoreUnavailable, type Throttled, wholeSeconds } from './results.js';
import { answering } from './store-failures.js';

/** One limit of an application's own, for one of those whom it counts apart. */
export interface ThrottleAsk {
  readonly name: string;
  readonly limit: number;
  readonly windowSeconds: number;
  /** Hashed before it reaches the store. */
  readonly key: string;
}

export interface ThrottleRequest {
  readonly asks: readonly ThrottleAsk[];
  /** For the event. */
  readonly client: OtpClientOption;
}

export type ThrottleResult = { readonly outcome: 'admitted' } | Throttled | Busy | StoreUnavailable;

/** limits → one decision: a request is counted in all of them, or refused and counted in none */
export class ThrottleFlow {
  constructor(private readonly parts: OtpParts) {}

  async run({ asks, client }: ThrottleRequest): Promise<ThrottleResult> {
    const { events, store } = this.parts;
    const decision = await answering(() => store.limits.take(this.requests(asks)));
    switch (decision.outcome) {
      case 'taken':
        return { outcome: 'admitted' };
      case 'refused': {
        const retryAfterSeconds = wholeSeconds(decision.retryAfterMs);
        const { network } = requestClient(this.parts, client);
        events.emit('request.throttled', { limit: decision.limit, retryAfterSeconds, ...network });
        return { outcome: 'throttled', retryAfterSeconds };
      }
      case 'no_such_lane':
        throw new Error('A store looked for a lane where none was named');
      case 'busy':
      case 'store_unavailable':
        return decision;
    }
  }

  /** One for each record: a request is one entry there, however many of the limits count it. */
  private requests(asks: readonly ThrottleAsk[]): LogRequest[] {
    const byRecord = new Map<string, LogRequest & { readonly windows: WindowLimit[] }>();
    for (const ask of asks) {
      const { name, limit, windowSeconds } = ask;
      const key = this.parts.index.throttle(ask);
      const request = byRecord.get(key.index) ?? { key, log: 'sends', windows: [], unnamed: true, take: true };
      request.windows.push({ name, limit, windowSeconds });
      byRecord.set(key.index, request);
    }
    return [...byRecord.values()];
  }
}
