import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { randomUUID } from 'node:crypto';
import {
  type Defence,
  type GuessAnswer,
  type GuessRequest,
  type Refusal,
  refusedBy,
  type ResendRequest,
  type SendAnswer,
  type SendRequest,
  type SignInAnswer,
} from './defence.js';

const HOUR = 3600;
const CODE_TTL_SECONDS = 300;

/**
 * What tutorials put together: twenty messages an hour from an address, five to a number, five attempts for a code.
 * Nothing is sent. Codes are not even made: an attacker's guesses are counted, and the owner of a number knows his code.
 */
export class PlainCounters implements Defence {
  private readonly byAddress = new RateLimiterMemory({ points: 20, duration: HOUR });
  private readonly byNumber = new RateLimiterMemory({ points: 5, duration: HOUR });
  private readonly byCode = new RateLimiterMemory({ points: 5, duration: CODE_TTL_SECONDS });

  private readonly used = new Map<RateLimiterMemory, Set<string>>();

  /** Forgets everything now: the counters' timers would keep it for an hour. */
  close(): void {
    for (const [limiter, keys] of this.used) {
      keys.forEach((key) => void limiter.delete(key));
    }
    this.used.clear();
  }

  async send({ target, ip }: SendRequest): Promise<SendAnswer> {
    const refusal =
      (await this.consume(this.byAddress, ip, 'address.hour')) ??
      (await this.consume(this.byNumber, target.number, 'number.hour'));
    return refusal ?? { outcome: 'sent', challengeId: randomUUID() };
  }

  /** A new code has its own attempts. */
  async resend(request: ResendRequest): Promise<SendAnswer> {
    return this.send(request);
  }

  async guess({ challengeId }: GuessRequest): Promise<GuessAnswer> {
    return (await this.consume(this.byCode, challengeId, 'code.attempts')) ?? { outcome: 'wrong' };
  }

  async signIn(request: SendRequest): Promise<SignInAnswer> {
    const sent = await this.send(request);
    return sent.outcome === 'sent' ? { outcome: 'signed_in' } : sent;
  }

  private async consume(limiter: RateLimiterMemory, key: string, name: string): Promise<Refusal | undefined> {
    const keys = this.used.get(limiter) ?? new Set();
    this.used.set(limiter, keys.add(key));
    try {
      await limiter.consume(key);
      return undefined;
    } catch (error) {
      if (error instanceof RateLimiterRes) {
        return refusedBy(name);
      }
      throw error;
    }
  }
}
