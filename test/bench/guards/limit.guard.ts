import { createHash } from 'node:crypto';
import { type CanActivate, type ExecutionContext, HttpException, HttpStatus } from '@nestjs/common';
import type { Budget, LimitRequest, OtpStore, RecordKey } from 'nestjs-sms-otp';
import { HOUR_LIMIT, MINUTE_LIMIT } from './guard-limits.js';

const BUDGETS = [MINUTE_LIMIT, HOUR_LIMIT].map(({ limit, windowSeconds }): Budget => ({
  name: `ip.${windowSeconds}`,
  counts: 'all',
  windowSeconds,
  floor: limit,
  share: 0,
}));

interface IncomingCall {
  readonly ip: string;
}

interface OutgoingAnswer {
  header(name: string, value: number): unknown;
}

/** The limits of the library as the smallest guard that uses them. */
export class LimitGuard implements CanActivate {
  constructor(private readonly store: OtpStore) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { ip } = context.switchToHttp().getRequest<IncomingCall>();
    const decision = await this.store.limits.take(requestsOf(keyOf(ip)));
    if (decision.outcome === 'taken') {
      return true;
    }
    if (decision.outcome === 'refused') {
      const seconds = Math.ceil(decision.retryAfterMs / 1000);
      context.switchToHttp().getResponse<OutgoingAnswer>().header('Retry-After', seconds);
    }
    throw new HttpException('Too many requests', HttpStatus.TOO_MANY_REQUESTS);
  }
}

function requestsOf(key: RecordKey): readonly LimitRequest[] {
  return [{ key, tally: 'sends', amount: 1, budgets: BUDGETS, take: true }];
}

/** `@nestjs/throttler` names its keys by a SHA-256 as well. */
function keyOf(ip: string): RecordKey {
  return { kind: 'ip', index: createHash('sha256').update(ip).digest('base64url').slice(0, 16) };
}
