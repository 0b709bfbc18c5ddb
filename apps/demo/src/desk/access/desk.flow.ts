import { Injectable } from '@nestjs/common';
import { type IssueResult, OtpService } from 'nestjs-sms-otp';
import { z } from 'zod';
import { type AcceptedCode, CodeFlow, type CodePageFacts, type CodeRequest } from '../../code-step/code-flow.js';
import type { Words } from '../../i18n/words.js';
import { KnownBrowsers } from '../../known-browser/known-browsers.service.js';
import { DeskAccessService, OPERATOR } from './desk-access.service.js';

const data = z.strictObject({});
type NoData = z.infer<typeof data>;

/** The step-up of the desk, after its password. */
@Injectable()
export class DeskFlow extends CodeFlow<NoData> {
  readonly name = 'desk';
  readonly purpose = 'desk';
  readonly cancelPath = '/desk/sign-in';
  protected readonly data = data;

  constructor(
    private readonly otp: OtpService,
    private readonly access: DeskAccessService,
    private readonly browsers: KnownBrowsers,
  ) {
    super();
  }

  protected sendCode(_data: NoData, request: CodeRequest): Promise<IssueResult> {
    const { phoneNumber } = this.access.operator();
    return this.otp.issue({ purpose: 'desk', phoneNumber, subject: OPERATOR, vouched: true, ...request });
  }

  protected async finish(_data: NoData, { verified, request, response }: AcceptedCode): Promise<string> {
    if (verified.subject !== OPERATOR || verified.phoneNumber !== this.access.operator().phoneNumber) {
      return '/desk/sign-in';
    }
    await this.access.open(request, response);
    await this.browsers.remember('operator', OPERATOR, request, response);
    return '/desk';
  }

  protected describe(_data: NoData, { t }: Words): CodePageFacts {
    return { lead: t('codeStep.desk'), submit: t('codeStep.submit.signIn') };
  }
}
