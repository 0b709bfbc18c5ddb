import {
  Body,
  Controller,
  Get,
  HttpStatus,
  Inject,
  Post,
  Query,
  Req,
  Res,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { maskPhoneNumber, OtpClient, type OtpClientInfo, toOtpException } from 'nestjs-sms-otp';
import { callOf } from '../code-step/code-call.js';
import { CodeStepService } from '../code-step/code-step.service.js';
import { DEMO_CONFIG, type DemoConfig, sendableCountries } from '../config.js';
import type { Words } from '../i18n/words.js';
import { PageErrorFilter } from '../pages/page-error.filter.js';
import { PageRenderer } from '../pages/page-renderer.js';
import type { TypedNumber } from '../pages/phone-fields.js';
import { CurrentSession, SessionGuard } from '../session/session.guard.js';
import type { Session } from '../session/session.js';
import type { DemoRequest } from '../web/demo-request.js';
import { homeCountry } from '../web/home-country.js';
import { readForm } from '../web/read-form.js';
import { refusalText } from '../web/refusal-text.js';
import { readTypedNumber, typedNumber } from '../web/typed-number.js';
import { NumberChangeService } from './number-change.service.js';
import { newNumberPage, numberPage } from './number-page.js';

@ApiExcludeController()
@Controller('number')
@UseGuards(SessionGuard)
@UseFilters(PageErrorFilter)
export class NumberChangeController {
  private readonly countries: readonly string[];

  constructor(
    private readonly changes: NumberChangeService,
    private readonly steps: CodeStepService,
    private readonly pages: PageRenderer,
    @Inject(DEMO_CONFIG) config: DemoConfig,
  ) {
    this.countries = sendableCountries(config);
  }

  @Get()
  show(@Req() request: DemoRequest, @Res() response: unknown, @CurrentSession() { account }: Session): void {
    const masked = maskPhoneNumber(account.phoneNumber);
    this.pages.send(request, response, (words) => numberPage(words, { masked }));
  }

  @Post()
  async start(
    @Req() request: DemoRequest,
    @Res() response: unknown,
    @OtpClient() client: OtpClientInfo,
    @CurrentSession() { account }: Session,
  ): Promise<void> {
    const { phoneNumber, id: accountId } = account;
    const call = callOf(request, response, client);
    const result = await this.steps.start('old-number', { phoneNumber, accountId }, call);
    if (result.outcome === 'sent') {
      return this.pages.redirect(response, '/code');
    }
    const masked = maskPhoneNumber(phoneNumber);
    const page = (words: Words) => numberPage(words, { masked, error: refusalText(result, words) });
    this.pages.send(request, response, page, toOtpException(result).getStatus());
  }

  @Get('new')
  async showNew(
    @Query('notice') notice: unknown,
    @Req() request: DemoRequest,
    @Res() response: unknown,
    @CurrentSession() { account }: Session,
  ): Promise<void> {
    if (!(await this.changes.isProved(account, request))) {
      return this.pages.redirect(response, '/number');
    }
    const typed = { country: homeCountry(request, this.countries), phoneNumber: '' };
    this.sendNewPage(request, response, {
      typed,
      ...(notice === 'taken' && { error: ({ t }) => t('numberChange.taken') }),
    });
  }

  @Post('new')
  async startNew(
    @Body() body: unknown,
    @Req() request: DemoRequest,
    @Res() response: unknown,
    @OtpClient() client: OtpClientInfo,
    @CurrentSession() { account }: Session,
  ): Promise<void> {
    const typed = readForm(typedNumber, body);
    if (!(await this.changes.isProved(account, request))) {
      return this.pages.redirect(response, '/number');
    }
    const reading = readTypedNumber(typed);
    if (reading.outcome !== 'ok' || reading.phoneNumber === account.phoneNumber) {
      const key = reading.outcome === 'ok' ? 'numberChange.taken' : (`problems.${reading.outcome}` as const);
      return this.sendNewPage(request, response, {
        typed,
        error: ({ t }) => t(key),
        status: HttpStatus.BAD_REQUEST,
      });
    }
    const { phoneNumber } = reading;
    const call = callOf(request, response, client);
    const result = await this.steps.start('new-number', { phoneNumber, accountId: account.id }, call);
    if (result.outcome === 'sent') {
      return this.pages.redirect(response, '/code');
    }
    const status = toOtpException(result).getStatus();
    this.sendNewPage(request, response, { typed, error: (words) => refusalText(result, words), status });
  }

  private sendNewPage(
    request: DemoRequest,
    response: unknown,
    {
      typed,
      error,
      status,
    }: { readonly typed: TypedNumber; readonly error?: (words: Words) => string; readonly status?: HttpStatus },
  ): void {
    const { countries } = this;
    this.pages.send(
      request,
      response,
      (words) => newNumberPage(words, { countries, typed, error: error?.(words) }),
      status,
    );
  }
}
