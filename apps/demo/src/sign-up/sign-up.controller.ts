import { Body, Controller, Get, HttpStatus, Inject, Post, Req, Res, UseFilters } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiExcludeController } from '@nestjs/swagger';
import { OtpClient, type OtpClientInfo, OtpThrottle, toOtpException } from 'nestjs-sms-otp';
import { z } from 'zod';
import { isPassword, Passwords } from '../accounts/passwords.js';
import { callOf } from '../code-step/code-call.js';
import { CodeStepService } from '../code-step/code-step.service.js';
import { DEMO_CONFIG, type DemoConfig, sendableCountries } from '../config.js';
import type { Words } from '../i18n/words.js';
import { PageErrorFilter } from '../pages/page-error.filter.js';
import { PageRenderer } from '../pages/page-renderer.js';
import { Records } from '../records/records.js';
import type { DemoRequest } from '../web/demo-request.js';
import { homeCountry } from '../web/home-country.js';
import { keyOfId, randomId } from '../web/id-cookie.js';
import { readForm } from '../web/read-form.js';
import { refusalText } from '../web/refusal-text.js';
import { readTypedNumber, spokenNumber, typedNumber } from '../web/typed-number.js';
import { checkPage } from './check-page.js';
import { type Draft, DRAFT_COOKIE, DRAFTS } from './draft.js';
import { signUpPage } from './sign-up-page.js';

const signUpForm = typedNumber.extend({ name: z.string().max(60), password: z.string().max(128) });
const checkForm = z.object({ channel: z.enum(['sms', 'voice']) });

/** Name, number and password; then the number once more; then a code. */
@ApiExcludeController()
@Controller('sign-up')
@UseFilters(PageErrorFilter)
export class SignUpController {
  private readonly countries: readonly string[];

  constructor(
    private readonly passwords: Passwords,
    private readonly records: Records,
    private readonly steps: CodeStepService,
    private readonly pages: PageRenderer,
    private readonly host: HttpAdapterHost,
    @Inject(DEMO_CONFIG) config: DemoConfig,
  ) {
    this.countries = sendableCountries(config);
  }

  @Get()
  show(@Req() request: DemoRequest, @Res() response: unknown): void {
    const { countries } = this;
    const typed = { country: homeCountry(request, countries), phoneNumber: '' };
    this.pages.send(request, response, (words) => signUpPage(words, { countries, name: '', typed }));
  }

  @Post()
  @UseFilters(PageErrorFilter) // over the throttle's own, which answers programs
  @OtpThrottle([{ name: 'sign-up.ip', limit: 20, windowSeconds: 600 }]) // each computes a hash
  async start(@Body() body: unknown, @Req() request: DemoRequest, @Res() response: unknown): Promise<void> {
    const { name: typedName, password, ...typed } = readForm(signUpForm, body);
    const { countries } = this;
    const name = typedName.trim();
    const reading = readTypedNumber(typed);
    const isName = /^[\p{L}\p{M}][\p{L}\p{M}\p{Zs}.'’-]*$/u.test(name);
    if (!isName || reading.outcome !== 'ok' || !isPassword(password)) {
      return this.pages.send(
        request,
        response,
        (words) =>
          signUpPage(words, {
            countries,
            name,
            typed,
            errors: {
              ...(!isName && { name: words.t('signUp.name.wrong') }),
              ...(reading.outcome !== 'ok' && { phone: words.t(`problems.${reading.outcome}`) }),
              ...(!isPassword(password) && { password: words.t('signUp.password.wrong') }),
            },
          }),
        HttpStatus.BAD_REQUEST,
      );
    }
    const id = randomId();
    const passwordHash = await this.passwords.hash(password);
    await this.records.put(DRAFTS, keyOfId(id), { name, phoneNumber: reading.phoneNumber, passwordHash });
    const cookie = DRAFT_COOKIE.of(request);
    this.host.httpAdapter.setCookie(response, cookie.name, id, cookie.options);
    this.pages.redirect(response, '/sign-up/check');
  }

  @Get('check')
  async check(@Req() request: DemoRequest, @Res() response: unknown): Promise<void> {
    const draft = await this.find(request);
    if (draft === undefined) {
      return this.pages.redirect(response, '/sign-up');
    }
    const spoken = spokenNumber(draft.phoneNumber);
    this.pages.send(request, response, (words) => checkPage(words, { spoken }));
  }

  @Post('check')
  async send(
    @Body() body: unknown,
    @Req() request: DemoRequest,
    @Res() response: unknown,
    @OtpClient() client: OtpClientInfo,
  ): Promise<void> {
    const { channel } = readForm(checkForm, body);
    const draft = await this.find(request);
    if (draft === undefined) {
      return this.pages.redirect(response, '/sign-up');
    }
    const result = await this.steps.start('sign-up', draft, { ...callOf(request, response, client), channel });
    if (result.outcome === 'sent') {
      return this.pages.redirect(response, '/code');
    }
    const spoken = spokenNumber(draft.phoneNumber);
    const status = toOtpException(result).getStatus();
    const page = (words: Words) => checkPage(words, { spoken, error: refusalText(result, words) });
    this.pages.send(request, response, page, status);
  }

  private async find(request: DemoRequest): Promise<Draft | undefined> {
    const id = DRAFT_COOKIE.read(request);
    return id === undefined ? undefined : this.records.find(DRAFTS, keyOfId(id));
  }
}
