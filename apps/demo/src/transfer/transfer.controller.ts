import { Body, Controller, Get, HttpStatus, Post, Query, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { electronicFormatIBAN, isValidIBAN } from 'ibantools';
import { OtpClient, type OtpClientInfo, toOtpException } from 'nestjs-sms-otp';
import { z } from 'zod';
import { callOf } from '../code-step/code-call.js';
import { CodeStepService } from '../code-step/code-step.service.js';
import type { Words } from '../i18n/words.js';
import { PageErrorFilter } from '../pages/page-error.filter.js';
import { PageRenderer } from '../pages/page-renderer.js';
import { CurrentSession, SessionGuard } from '../session/session.guard.js';
import type { Session } from '../session/session.js';
import type { DemoRequest } from '../web/demo-request.js';
import { readForm } from '../web/read-form.js';
import { refusalText } from '../web/refusal-text.js';
import { readAmount } from './read-amount.js';
import { transferPage, type TransferPageProps, type TypedTransfer } from './transfer-page.js';

const transferForm = z.object({ payee: z.string().max(40), iban: z.string().max(42), amount: z.string().max(12) });

/** One line that a message can show. */
const PAYEE = /^[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}\p{Zs}.,&'’()+-]*$/u;

type Errors = (words: Words) => TransferPageProps['errors'];

@ApiExcludeController()
@Controller('transfer')
@UseGuards(SessionGuard)
@UseFilters(PageErrorFilter)
export class TransferController {
  constructor(
    private readonly steps: CodeStepService,
    private readonly pages: PageRenderer,
  ) {}

  @Get()
  show(@Query('notice') notice: unknown, @Req() request: DemoRequest, @Res() response: unknown): void {
    const errors: Errors = ({ t }) => (notice === 'funds' ? { amount: t('transfer.amount.funds') } : {});
    this.sendPage(request, response, { typed: { payee: '', iban: '', amount: '' }, errors });
  }

  @Post()
  async start(
    @Body() body: unknown,
    @Req() request: DemoRequest,
    @Res() response: unknown,
    @OtpClient() client: OtpClientInfo,
    @CurrentSession() { account }: Session,
  ): Promise<void> {
    const typed = readForm(transferForm, body);
    const payee = typed.payee.trim();
    const iban = electronicFormatIBAN(typed.iban) ?? '';
    const cents = readAmount(typed.amount);
    if (!PAYEE.test(payee) || !isValidIBAN(iban) || cents === undefined || cents > account.cents) {
      const errors: Errors = ({ t }) => ({
        ...(!PAYEE.test(payee) && { payee: t('transfer.payee.wrong') }),
        ...(!isValidIBAN(iban) && { iban: t('transfer.iban.wrong') }),
        ...(cents === undefined && { amount: t('transfer.amount.wrong') }),
        ...(cents !== undefined && cents > account.cents && { amount: t('transfer.amount.funds') }),
      });
      return this.sendPage(request, response, { typed, errors, status: HttpStatus.BAD_REQUEST });
    }
    const { phoneNumber, id: accountId } = account;
    const data = { phoneNumber, accountId, payee, iban, cents };
    const result = await this.steps.start('transfer', data, callOf(request, response, client));
    if (result.outcome === 'sent') {
      return this.pages.redirect(response, '/code');
    }
    const errors: Errors = (words) =>
      result.outcome === 'invalid_binding'
        ? { payee: words.t('transfer.refused') }
        : { amount: refusalText(result, words) };
    this.sendPage(request, response, { typed, errors, status: toOtpException(result).getStatus() });
  }

  private sendPage(
    request: DemoRequest,
    response: unknown,
    { typed, errors, status }: { readonly typed: TypedTransfer; readonly errors: Errors; readonly status?: HttpStatus },
  ): void {
    this.pages.send(request, response, (words) => transferPage(words, { typed, errors: errors(words) ?? {} }), status);
  }
}
