import { Body, Controller, Get, HttpStatus, Inject, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { OtpClient, type OtpClientInfo, toOtpException } from 'nestjs-sms-otp';
import { callOf } from '../code-step/code-call.js';
import { CodeStepService } from '../code-step/code-step.service.js';
import { DEMO_CONFIG, type DemoConfig, sendableCountries } from '../config.js';
import type { Words } from '../i18n/words.js';
import { PageErrorFilter } from '../pages/page-error.filter.js';
import { PageRenderer } from '../pages/page-renderer.js';
import { SessionService } from '../session/session.service.js';
import type { DemoRequest } from '../web/demo-request.js';
import { homeCountry } from '../web/home-country.js';
import { readForm } from '../web/read-form.js';
import { refusalText } from '../web/refusal-text.js';
import { readTypedNumber, typedNumber } from '../web/typed-number.js';
import { signInPage, type SignInPageProps } from './sign-in-page.js';

/** Nobody's account, so that it needs no password. */
const SAMPLE_NUMBER = '+31 6 12345678';

/** Number and code. */
@ApiExcludeController()
@Controller()
@UseFilters(PageErrorFilter)
export class SignInController {
  private readonly countries: readonly string[];
  private readonly sample: string | undefined;

  constructor(
    private readonly steps: CodeStepService,
    private readonly sessions: SessionService,
    private readonly pages: PageRenderer,
    @Inject(DEMO_CONFIG) config: DemoConfig,
  ) {
    this.countries = sendableCountries(config);
    this.sample = config.production ? undefined : SAMPLE_NUMBER;
  }

  @Get()
  async show(@Req() request: DemoRequest, @Res() response: unknown): Promise<void> {
    if ((await this.sessions.find(request)) !== undefined) {
      return this.pages.redirect(response, '/account');
    }
    this.sendPage(request, response, { country: homeCountry(request, this.countries), phoneNumber: '' });
  }

  /** Where the address is entered again after a refusal. */
  @Get('sign-in')
  backToForm(@Res() response: unknown): void {
    this.pages.redirect(response, '/');
  }

  @Post('sign-in')
  async start(
    @Body() body: unknown,
    @Req() request: DemoRequest,
    @Res() response: unknown,
    @OtpClient() client: OtpClientInfo,
  ): Promise<void> {
    const typed = readForm(typedNumber, body);
    const reading = readTypedNumber(typed);
    if (reading.outcome !== 'ok') {
      return this.sendPage(request, response, typed, ({ t }) => t(`problems.${reading.outcome}`));
    }
    const { phoneNumber } = reading;
    const result = await this.steps.start('sign-in', { phoneNumber }, callOf(request, response, client));
    if (result.outcome === 'sent') {
      return this.pages.redirect(response, '/code');
    }
    const status = toOtpException(result).getStatus();
    this.sendPage(request, response, typed, (words) => refusalText(result, words), status);
  }

  private sendPage(
    request: DemoRequest,
    response: unknown,
    typed: SignInPageProps['typed'],
    error?: (words: Words) => string,
    status = error === undefined ? HttpStatus.OK : HttpStatus.BAD_REQUEST,
  ): void {
    const { countries, sample } = this;
    this.pages.send(
      request,
      response,
      (words) => signInPage(words, { countries, typed, sample, ...(error && { error: error(words) }) }),
      status,
    );
  }
}
