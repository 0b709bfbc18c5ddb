import { Injectable } from '@nestjs/common';
import { type IssueResult, OtpService } from 'nestjs-sms-otp';
import { z } from 'zod';
import { AccountsService } from '../accounts/accounts.service.js';
import { type AcceptedCode, CodeFlow, type CodePageFacts, type CodeRequest } from '../code-step/code-flow.js';
import type { Words } from '../i18n/words.js';
import { KnownBrowsers } from '../known-browser/known-browsers.service.js';
import { SessionService } from '../session/session.service.js';

const data = z.strictObject({ phoneNumber: z.string(), accountId: z.string() });
type SecondFactor = z.infer<typeof data>;

/** After the right password. */
@Injectable()
export class SecondFactorFlow extends CodeFlow<SecondFactor> {
  readonly name = 'second-factor';
  readonly purpose = 'second';
  readonly cancelPath = '/password';
  override readonly offersTrust = true;
  protected readonly data = data;

  constructor(
    private readonly otp: OtpService,
    private readonly accounts: AccountsService,
    private readonly sessions: SessionService,
    private readonly browsers: KnownBrowsers,
  ) {
    super();
  }

  /** Vouched for by the password: strangers who use up the number's public budgets do not keep its owner out. */
  protected sendCode({ phoneNumber, accountId }: SecondFactor, request: CodeRequest): Promise<IssueResult> {
    return this.otp.issue({ purpose: 'second', phoneNumber, subject: accountId, vouched: true, ...request });
  }

  protected async finish(_data: SecondFactor, { verified, request, response }: AcceptedCode): Promise<string> {
    const account = await this.accounts.find(verified.subject ?? '');
    if (account?.phoneNumber !== verified.phoneNumber) {
      return '/password';
    }
    await this.sessions.start(account, request, response);
    if (verified.deviceToken !== undefined) {
      await this.browsers.remember('customer', account.phoneNumber, request, response);
    }
    return '/account';
  }

  protected describe(_data: SecondFactor, { t }: Words): CodePageFacts {
    return { lead: t('codeStep.secondFactor'), submit: t('codeStep.submit.signIn') };
  }
}
