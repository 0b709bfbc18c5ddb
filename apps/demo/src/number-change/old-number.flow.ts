import { Injectable } from '@nestjs/common';
import { type IssueResult, OtpService } from 'nestjs-sms-otp';
import { z } from 'zod';
import { type AcceptedCode, CodeFlow, type CodePageFacts, type CodeRequest } from '../code-step/code-flow.js';
import type { Words } from '../i18n/words.js';
import { SessionService } from '../session/session.service.js';
import type { DemoRequest } from '../web/demo-request.js';
import { NumberChangeService } from './number-change.service.js';

const data = z.strictObject({ phoneNumber: z.string(), accountId: z.string() });
type OldNumber = z.infer<typeof data>;

/** The first half: a code to the number that the account has. */
@Injectable()
export class OldNumberFlow extends CodeFlow<OldNumber> {
  readonly name = 'old-number';
  readonly purpose = 'old-number';
  readonly cancelPath = '/account';
  protected readonly data = data;

  constructor(
    private readonly otp: OtpService,
    private readonly sessions: SessionService,
    private readonly changes: NumberChangeService,
  ) {
    super();
  }

  protected sendCode({ phoneNumber, accountId }: OldNumber, request: CodeRequest): Promise<IssueResult> {
    return this.otp.issue({ purpose: 'old-number', phoneNumber, subject: accountId, vouched: true, ...request });
  }

  protected override mayGoOn(account: OldNumber, request: DemoRequest): Promise<boolean> {
    return this.sessions.isOf(account, request);
  }

  protected async finish(_data: OldNumber, { verified, request, response }: AcceptedCode): Promise<string> {
    const session = await this.sessions.find(request);
    const isOwner = session?.account.id === verified.subject && session?.account.phoneNumber === verified.phoneNumber;
    if (session === undefined || !isOwner) {
      return '/';
    }
    await this.changes.remember(session.account, request, response);
    return '/number/new';
  }

  protected describe(_data: OldNumber, { t }: Words): CodePageFacts {
    return { lead: t('codeStep.oldNumber'), submit: t('codeStep.submit') };
  }
}
