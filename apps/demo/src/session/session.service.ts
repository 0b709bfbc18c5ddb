import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Account } from '../accounts/account.js';
import { AccountsService } from '../accounts/accounts.service.js';
import { CLOCK, type Clock } from '../clock.js';
import { Records } from '../records/records.js';
import type { DemoRequest } from '../web/demo-request.js';
import { keyOfId, randomId } from '../web/id-cookie.js';
import { type Session, SESSION_COOKIE, SESSIONS } from './session.js';

interface AccountWithNumber {
  readonly accountId: string;
  /** E.164. */
  readonly phoneNumber?: string;
}

@Injectable()
export class SessionService {
  constructor(
    private readonly records: Records,
    private readonly accounts: AccountsService,
    private readonly host: HttpAdapterHost,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A new id at every sign-in; the browser's former session ends, so a planted or shared one is worth nothing. */
  async start(account: Account, request: DemoRequest, response: unknown): Promise<Session> {
    const id = randomId();
    const signedInAt = new Date(this.clock.now()).toISOString();
    await this.forget(request);
    await this.records.put(SESSIONS, keyOfId(id), {
      accountId: account.id,
      sessionEpoch: account.sessionEpoch,
      signedInAt,
    });
    const { name, options } = SESSION_COOKIE.of(request);
    this.host.httpAdapter.setCookie(response, name, id, options);
    return { account, signedInAt };
  }

  async find(request: DemoRequest): Promise<Session | undefined> {
    const id = SESSION_COOKIE.read(request);
    const stored = id === undefined ? undefined : await this.records.find(SESSIONS, keyOfId(id));
    const account = stored === undefined ? undefined : await this.accounts.find(stored.accountId);
    return stored !== undefined && account?.sessionEpoch === stored.sessionEpoch
      ? { account, signedInAt: stored.signedInAt }
      : undefined;
  }

  /** Whether this account is signed in, and still has this number where one is named. */
  async isOf({ accountId, phoneNumber }: AccountWithNumber, request: DemoRequest): Promise<boolean> {
    const account = (await this.find(request))?.account;
    return account?.id === accountId && (phoneNumber === undefined || account.phoneNumber === phoneNumber);
  }

  /** The cookie stays until the session has really ended. */
  async end(request: DemoRequest, response: unknown): Promise<void> {
    await this.forget(request);
    const { name, options } = SESSION_COOKIE.of(request);
    this.host.httpAdapter.clearCookie(response, name, options);
  }

  private async forget(request: DemoRequest): Promise<void> {
    const id = SESSION_COOKIE.read(request);
    if (id !== undefined) {
      await this.records.delete(SESSIONS, keyOfId(id));
    }
  }
}
