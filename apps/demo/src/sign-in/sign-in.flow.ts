import { Injectable } from '@nestjs/common';
import { type IssueResult, OtpService } from 'nestjs-sms-otp';
import { z } from 'zod';
import { AccountsService } from '../accounts/accounts.service.js';
import { type AcceptedCode, CodeFlow, type CodePageFacts, type CodeRequest } from '../code-step/code-flow.js';
import type { Words } from '../i18n/words.js';
import { SessionService } from '../session/session.service.js';

const data = z.strictObject({ phoneNumber: z.string() });
type SignIn = z.infer<typeof data>;

/** Number and code: who holds the number is the customer. */
@Injectable()
export class SignInFlow extends CodeFlow<SignIn> {
  readonly name = 'sign-in';
  readonly purpose = 'login';
  readonly cancelPath = '/';
  override readonly changeNumberPath = '/';
  override readonly offersTrust = true;
  protected readonly data = data;

  constructor(
    private readonly otp: OtpService,
    private readonly accounts: AccountsService,
    private readonly sessions: SessionService,
  ) {
    super();
  }

  protected sendCode({ phoneNumber }: SignIn, request: CodeRequest): Promise<IssueResult> {
    return this.otp.issue({ purpose: 'login', phoneNumber, ...request });
  }

  /** An account with a password asks for it as well: a number alone must not be a way around it. */
  protected async finish(_data: SignIn, { verified, request, response }: AcceptedCode): Promise<string> {
    const account = await this.accounts.findOrOpen(verified.phoneNumber);
    if (account.passwordHash !== undefined) {
      return '/password?notice=needed';
    }
    await this.sessions.start(account, request, response);
    return '/account';
  }

  protected describe(_data: SignIn, { t }: Words): CodePageFacts {
    return { submit: t('codeStep.submit.signIn') };
  }
}
