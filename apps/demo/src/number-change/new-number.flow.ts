import { Injectable } from '@nestjs/common';
import { type IssueResult, OtpService } from 'nestjs-sms-otp';
import { z } from 'zod';
import { type AcceptedCode, CodeFlow, type CodePageFacts, type CodeRequest } from '../code-step/code-flow.js';
import type { Words } from '../i18n/words.js';
import { SessionService } from '../session/session.service.js';
import type { DemoRequest } from '../web/demo-request.js';
import { NumberChangeService } from './number-change.service.js';

const data = z.strictObject({ phoneNumber: z.string(), accountId: z.string() });
type NewNumber = z.infer<typeof data>;

/** The second half: a code to the new number. Not vouched for: nobody has shown yet that it is the account's. */
@Injectable()
export class NewNumberFlow extends CodeFlow<NewNumber> {
  readonly name = 'new-number';
  readonly purpose = 'new-number';
  readonly cancelPath = '/account';
  protected readonly data = data;

  constructor(
    private readonly otp: OtpService,
    private readonly sessions: SessionService,
    private readonly changes: NumberChangeService,
  ) {
    super();
  }

  protected sendCode({ phoneNumber, accountId }: NewNumber, request: CodeRequest): Promise<IssueResult> {
    return this.otp.issue({ purpose: 'new-number', phoneNumber, subject: accountId, ...request });
  }

  protected override mayGoOn({ accountId }: NewNumber, request: DemoRequest): Promise<boolean> {
    return this.sessions.isOf({ accountId }, request);
  }

  /** The old number is looked at once more: its proof must still be good when the new one takes its place. */
  protected async finish(_data: NewNumber, { verified, request, response }: AcceptedCode): Promise<string> {
    const session = await this.sessions.find(request);
    if (session === undefined || session.account.id !== verified.subject) {
      return '/';
    }
    if (!(await this.changes.isProved(session.account, request))) {
      return '/number';
    }
    const account = await this.changes.change(session.account, verified.phoneNumber, { request, response });
    if (account === undefined) {
      return '/number/new?notice=taken';
    }
    await this.sessions.start(account, request, response);
    return '/account?done=number';
  }

  protected describe(_data: NewNumber, { t }: Words): CodePageFacts {
    return { lead: t('codeStep.newNumber'), submit: t('codeStep.submit') };
  }
}
