import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { OtpAdmin, OtpDeviceCookie } from 'nestjs-sms-otp';
import type { Account } from '../accounts/account.js';
import { AccountsService } from '../accounts/accounts.service.js';
import { Notices } from '../notices/notices.js';
import { Records } from '../records/records.js';
import { SESSION_COOKIE } from '../session/session.js';
import type { DemoRequest } from '../web/demo-request.js';
import { keyOfId, randomId } from '../web/id-cookie.js';
import { PROVED_COOKIE, PROVED_OWNERS } from './proved-owner.js';

/** D4: a proof for the number that the account has comes first, and that number is told of the change. */
@Injectable()
export class NumberChangeService {
  constructor(
    private readonly records: Records,
    private readonly accounts: AccountsService,
    private readonly admin: OtpAdmin,
    private readonly notices: Notices,
    private readonly deviceCookie: OtpDeviceCookie,
    private readonly host: HttpAdapterHost,
  ) {}

  /** Remembers that this browser's person holds the account's number. */
  async remember({ id: accountId, phoneNumber }: Account, request: DemoRequest, response: unknown): Promise<void> {
    const id = randomId();
    await this.records.put(PROVED_OWNERS, keyOfId(id), { accountId, phoneNumber, session: sessionOf(request) });
    const { name, options } = PROVED_COOKIE.of(request);
    this.host.httpAdapter.setCookie(response, name, id, options);
  }

  /** Whether the account's present number was proved in this session. */
  async isProved(account: Account, request: DemoRequest): Promise<boolean> {
    const id = PROVED_COOKIE.read(request);
    const owner = id === undefined ? undefined : await this.records.find(PROVED_OWNERS, keyOfId(id));
    const isOwner = owner?.accountId === account.id && owner.phoneNumber === account.phoneNumber;
    return isOwner && owner.session === sessionOf(request);
  }

  /** `undefined` where the new number is somebody else's: then nothing has changed. */
  async change(
    account: Account,
    phoneNumber: string,
    { request, response }: { readonly request: DemoRequest; readonly response: unknown },
  ): Promise<Account | undefined> {
    const changed = await this.accounts.changeNumber(account, phoneNumber);
    if (changed === undefined) {
      return undefined;
    }
    // Before anything that can fail: whoever had the number learns of it in any case.
    this.notices.numberChanged(account.phoneNumber, request.headers['accept-language']);
    const id = PROVED_COOKIE.read(request);
    if (id !== undefined) {
      await this.records.delete(PROVED_OWNERS, keyOfId(id));
    }
    const actor = `account ${account.id.slice(0, 4)}`;
    await this.admin.revokeDevices(account.phoneNumber, { actor });
    await this.admin.revokeProofs(account.phoneNumber, { actor });
    this.host.httpAdapter.appendHeader(response, 'Set-Cookie', this.deviceCookie.clear());
    return changed;
  }
}

function sessionOf(request: DemoRequest): string {
  return keyOfId(SESSION_COOKIE.read(request) ?? '');
}
