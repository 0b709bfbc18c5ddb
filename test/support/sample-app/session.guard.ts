import { type CanActivate, type ExecutionContext, Inject, Injectable, UnauthorizedException } from '@nestjs/common';
import type { OtpCaller, OtpCallerIdentity } from 'nestjs-sms-otp';
import { Bank, type Person } from './bank.js';

export interface SampleRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Who is signed in, and where; left by the guard. */
  session?: { readonly id: string; readonly person: Person } | undefined;
}

export const SESSION_COOKIE = 'sid';

export function sessionCookie({ headers }: SampleRequest): string | undefined {
  const pairs = (headers['cookie'] ?? '').split(/;\s*/);
  return pairs.find((pair) => pair.startsWith(`${SESSION_COOKIE}=`))?.slice(SESSION_COOKIE.length + 1);
}

/** The application's own authentication. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(@Inject(Bank) private readonly bank: Bank) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<SampleRequest>();
    const id = sessionCookie(request);
    const person = this.bank.signedIn(id);
    if (id === undefined || person === undefined) {
      throw new UnauthorizedException();
    }
    request.session = { id, person };
    return true;
  }
}

@Injectable()
export class SampleCaller implements OtpCaller {
  constructor(@Inject(Bank) private readonly bank: Bank) {}

  resolve({ session }: SampleRequest): OtpCallerIdentity | undefined {
    this.bank.callerFault?.();
    if (this.bank.answersNull) {
      return JSON.parse('null');
    }
    if (session === undefined) {
      return undefined;
    }
    const account = this.bank.account(session.person);
    return this.bank.bindsSessions ? { ...account, session: session.id } : account;
  }
}
