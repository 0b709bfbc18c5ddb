import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type IssueResult, OtpService } from 'nestjs-sms-otp';
import { AccountsService } from '../accounts/accounts.service.js';
import { type AcceptedCode, CodeFlow, type CodePageFacts, type CodeRequest } from '../code-step/code-flow.js';
import type { Words } from '../i18n/words.js';
import { KnownBrowsers } from '../known-browser/known-browsers.service.js';
import { Records } from '../records/records.js';
import { SessionService } from '../session/session.service.js';
import { keyOfId } from '../web/id-cookie.js';
import { type Draft, draft, DRAFT_COOKIE, DRAFTS } from './draft.js';

/** The account is opened when the number has shown to be its owner's. Only then can it be told that the number has one. */
@Injectable()
export class SignUpFlow extends CodeFlow<Draft> {
  readonly name = 'sign-up';
  readonly purpose = 'sign-up';
  readonly cancelPath = '/';
  override readonly changeNumberPath = '/sign-up';
  override readonly offersTrust = true;
  protected readonly data = draft;

  constructor(
    private readonly otp: OtpService,
    private readonly accounts: AccountsService,
    private readonly sessions: SessionService,
    private readonly browsers: KnownBrowsers,
    private readonly records: Records,
    private readonly host: HttpAdapterHost,
  ) {
    super();
  }

  protected sendCode({ phoneNumber }: Draft, request: CodeRequest): Promise<IssueResult> {
    return this.otp.issue({ purpose: 'sign-up', phoneNumber, ...request });
  }

  protected async finish(
    { name, passwordHash }: Draft,
    { verified, request, response }: AcceptedCode,
  ): Promise<string> {
    await this.endDraft({ request, response });
    const account = await this.accounts.open({ name, passwordHash, phoneNumber: verified.phoneNumber });
    if (account === undefined) {
      return '/password?notice=taken';
    }
    await this.sessions.start(account, request, response);
    if (verified.deviceToken !== undefined) {
      await this.browsers.remember('customer', account.phoneNumber, request, response);
    }
    return '/account?done=welcome';
  }

  /** It shows the whole number to whoever sits at the browser next. */
  private async endDraft({ request, response }: Pick<AcceptedCode, 'request' | 'response'>): Promise<void> {
    const id = DRAFT_COOKIE.read(request);
    if (id !== undefined) {
      await this.records.delete(DRAFTS, keyOfId(id));
    }
    const { name, options } = DRAFT_COOKIE.of(request);
    this.host.httpAdapter.clearCookie(response, name, options);
  }

  protected describe(_data: Draft, { t }: Words): CodePageFacts {
    return { submit: t('codeStep.submit') };
  }
}
