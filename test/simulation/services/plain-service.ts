import { HOUR, MINUTE, SECOND } from '../engine/stage.js';
import type { CodeAnswer, IssueRequest, SendAnswer, Service, VerifyRequest } from './service.js';

interface Challenge {
  readonly number: string;
  code: string;
  expiresAt: number;
  attempts: number;
  sends: number;
}

const LIMITS = { 'number.hour': 5, 'ip.hour': 20 } as const;

/**
 * What most applications have: five messages an hour to a number, twenty from an address, five attempts a challenge, and
 * a page that counts down half a minute. The counters are windows that slide exactly; nothing else is counted.
 */
export class PlainService implements Service {
  readonly name = 'plain counters';
  private readonly challenges = new Map<string, Challenge>();
  private readonly sends = new Map<string, number[]>();
  private made = 0;

  constructor(private readonly now: () => number) {}

  async issue({ number, ip }: IssueRequest): Promise<SendAnswer> {
    const challenge: Challenge = { number, code: '', expiresAt: 0, attempts: 5, sends: 3 };
    const answer = this.send(String(this.made), challenge, ip);
    if (answer.outcome === 'sent') {
      this.challenges.set(answer.challengeId, challenge);
    }
    return answer;
  }

  async resend({ challengeId, ip }: IssueRequest & { challengeId: string }): Promise<SendAnswer> {
    const challenge = this.challenges.get(challengeId);
    return challenge === undefined || challenge.expiresAt <= this.now()
      ? { outcome: 'refused', limit: 'challenge_gone', retryAfterMs: 0 }
      : this.send(challengeId, challenge, ip);
  }

  async verify({ challengeId, code }: VerifyRequest): Promise<CodeAnswer> {
    const challenge = this.challenges.get(challengeId);
    if (challenge === undefined || challenge.expiresAt <= this.now() || challenge.attempts < 1) {
      return 'over';
    }
    challenge.attempts -= 1;
    if (code !== challenge.code) {
      return 'wrong';
    }
    this.challenges.delete(challengeId);
    return 'right';
  }

  async close(): Promise<void> {
    this.challenges.clear();
  }

  private send(challengeId: string, challenge: Challenge, ip: string): SendAnswer {
    const keys = { 'number.hour': challenge.number, 'ip.hour': ip } as const;
    for (const limit of ['number.hour', 'ip.hour'] as const) {
      const inWindow = this.recent(keys[limit]);
      const [oldest] = inWindow;
      if (oldest !== undefined && inWindow.length >= LIMITS[limit]) {
        return { outcome: 'refused', limit, retryAfterMs: oldest + HOUR - this.now() };
      }
    }
    Object.values(keys).forEach((key) => this.recent(key).push(this.now()));
    this.made += 1;
    challenge.code = String((this.made * 7_368_787) % 1_000_000).padStart(6, '0');
    challenge.expiresAt = this.now() + 5 * MINUTE;
    challenge.sends -= 1;
    const { code, sends: sendsRemaining } = challenge;
    return { outcome: 'sent', challengeId, code, resendAfterMs: 30 * SECOND, sendsRemaining };
  }

  private recent(key: string): number[] {
    const recent = (this.sends.get(key) ?? []).filter((at) => at > this.now() - HOUR);
    this.sends.set(key, recent);
    return recent;
  }
}
