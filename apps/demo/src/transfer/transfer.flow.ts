import { Inject, Injectable } from '@nestjs/common';
import { friendlyFormatIBAN } from 'ibantools';
import { type IssueResult, OtpService } from 'nestjs-sms-otp';
import { z } from 'zod';
import { AccountsService } from '../accounts/accounts.service.js';
import { CLOCK, type Clock } from '../clock.js';
import { type AcceptedCode, CodeFlow, type CodePageFacts, type CodeRequest } from '../code-step/code-flow.js';
import type { Words } from '../i18n/words.js';
import { SessionService } from '../session/session.service.js';
import { shownAmount } from './shown-amount.js';
import type { DemoRequest } from '../web/demo-request.js';

const data = z.strictObject({
  phoneNumber: z.string(),
  accountId: z.string(),
  payee: z.string(),
  iban: z.string(),
  cents: z.number().int().positive(),
});
type PlannedTransfer = z.infer<typeof data>;

/** Amount and payee are hashed into the code and stand in its message: a code for one transfer is wrong for any other. */
@Injectable()
export class TransferFlow extends CodeFlow<PlannedTransfer> {
  readonly name = 'transfer';
  readonly purpose = 'transfer';
  readonly cancelPath = '/transfer';
  protected readonly data = data;

  constructor(
    private readonly otp: OtpService,
    private readonly accounts: AccountsService,
    private readonly sessions: SessionService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    super();
  }

  protected sendCode(transfer: PlannedTransfer, request: CodeRequest): Promise<IssueResult> {
    const { phoneNumber, accountId } = transfer;
    const binding = bindingOf(transfer);
    return this.otp.issue({ purpose: 'transfer', phoneNumber, subject: accountId, vouched: true, binding, ...request });
  }

  protected override mayGoOn(transfer: PlannedTransfer, request: DemoRequest): Promise<boolean> {
    return this.sessions.isOf(transfer, request);
  }

  /** Made for who is signed in now, and as the message said. */
  protected async finish(transfer: PlannedTransfer, { verified, request }: AcceptedCode): Promise<string> {
    const { payee, iban, cents, accountId } = transfer;
    const session = await this.sessions.find(request);
    const shown = bindingOf(transfer);
    const isAsShown = Object.entries(shown).every(([member, value]) => verified.binding?.[member] === value);
    const isOwner = session?.account.id === accountId && session.account.phoneNumber === verified.phoneNumber;
    if (!isOwner || verified.subject !== accountId || !isAsShown) {
      return '/';
    }
    const at = new Date(this.clock.now()).toISOString();
    const result = await this.accounts.transfer(session.account, { payee, iban, cents, at });
    return result === 'made' ? '/account?done=transfer' : '/transfer?notice=funds';
  }

  protected describe(transfer: PlannedTransfer, { t, language }: Words): CodePageFacts {
    return {
      lead: t('codeStep.transfer'),
      submit: t('codeStep.submit'),
      details: [
        { name: t('account.transfers.amount'), value: shownAmount(bindingOf(transfer).amount, language) },
        { name: t('account.transfers.payee'), value: transfer.payee },
        // In groups of four, as the message has it.
        { name: t('transfer.iban'), value: friendlyFormatIBAN(transfer.iban) ?? transfer.iban },
      ],
    };
  }
}

function bindingOf({ cents, payee, iban }: PlannedTransfer): { amount: string; payee: string; iban: string } {
  return { amount: `${(cents / 100).toFixed(2)} EUR`, payee, iban };
}
