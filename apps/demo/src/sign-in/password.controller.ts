import { Body, Controller, Get, HttpStatus, Inject, Logger, Post, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { maskPhoneNumber, OtpClient, type OtpClientInfo, OtpThrottle, toOtpException } from 'nestjs-sms-otp';
import { z } from 'zod';
import { AccountsService } from '../accounts/accounts.service.js';
import { Passwords } from '../accounts/passwords.js';
import { SAMPLE_CUSTOMER } from '../accounts/sample-customer.js';
import { callOf } from '../code-step/code-call.js';
import { CodeStepService } from '../code-step/code-step.service.js';
import { DEMO_CONFIG, type DemoConfig, sendableCountries } from '../config.js';
import type { Words } from '../i18n/words.js';
import { budgetOf, PasswordBudget } from '../known-browser/password-budget.js';
import { PageErrorFilter } from '../pages/page-error.filter.js';
import { PageRenderer } from '../pages/page-renderer.js';
import type { DemoRequest } from '../web/demo-request.js';
import { homeCountry } from '../web/home-country.js';
import { readForm } from '../web/read-form.js';
import { refusalText } from '../web/refusal-text.js';
import { readTypedNumber, typedNumber } from '../web/typed-number.js';
import { passwordPage, type PasswordPageProps } from './password-page.js';

const passwordForm = typedNumber.extend({ password: z.string().max(128) });

/** Why somebody was led here, in the address: one of these or nothing. */
const NOTICES = ['needed', 'taken'] as const;
const NOTICE_KEYS = { needed: 'signIn.password.needed', taken: 'signUp.taken' } as const;

type Errors = (words: Words) => Pick<PasswordPageProps, 'phoneError' | 'passwordError'>;

/** Password, then a code. Unknown numbers and wrong passwords are answered alike, after the same work. */
@ApiExcludeController()
@Controller('password')
@UseFilters(PageErrorFilter)
export class PasswordController {
  private readonly logger = new Logger(PasswordController.name);
  private readonly countries: readonly string[];
  private readonly sample: PasswordPageProps['sample'];

  constructor(
    private readonly accounts: AccountsService,
    private readonly passwords: Passwords,
    private readonly steps: CodeStepService,
    private readonly pages: PageRenderer,
    @Inject(DEMO_CONFIG) config: DemoConfig,
  ) {
    this.countries = sendableCountries(config);
    this.sample = config.production ? undefined : SAMPLE_CUSTOMER;
  }

  @Get()
  show(@Query('notice') notice: unknown, @Req() request: DemoRequest, @Res() response: unknown): void {
    const typed = { country: homeCountry(request, this.countries), phoneNumber: '' };
    this.sendPage(request, response, { typed, notice: NOTICES.find((known) => known === notice) });
  }

  @Post()
  @UseFilters(PageErrorFilter) // over the throttle's own, which answers programs
  // Before the hash is computed, and in the same store as the codes: 20 tries in ten minutes from an address, 10 for a number
  // by strangers, and 10 in each browser that its owner has let be remembered.
  @OtpThrottle([
    { name: 'password.ip', limit: 20, windowSeconds: 600 },
    { name: 'password.number', limit: 10, windowSeconds: 600, key: budgetOf },
  ])
  @PasswordBudget('customer', numberKey)
  async start(
    @Body() body: unknown,
    @Req() request: DemoRequest,
    @Res() response: unknown,
    @OtpClient() client: OtpClientInfo,
  ): Promise<void> {
    const { password, ...typed } = readForm(passwordForm, body);
    const reading = readTypedNumber(typed);
    if (reading.outcome !== 'ok') {
      const errors: Errors = ({ t }) => ({ phoneError: t(`problems.${reading.outcome}`) });
      return this.sendPage(request, response, { typed, errors, status: HttpStatus.BAD_REQUEST });
    }
    const account = await this.accounts.findByNumber(reading.phoneNumber);
    if (!(await this.passwords.matches(password, account?.passwordHash)) || account === undefined) {
      this.logger.warn('authn_login_fail', { destination: maskPhoneNumber(reading.phoneNumber) });
      const key = password === '' ? 'signIn.password.empty' : 'signIn.password.wrong';
      const errors: Errors = ({ t }) => ({ passwordError: t(key) });
      return this.sendPage(request, response, { typed, errors, status: HttpStatus.UNPROCESSABLE_ENTITY });
    }
    const { phoneNumber, id: accountId } = account;
    const call = callOf(request, response, client);
    const result = await this.steps.start('second-factor', { phoneNumber, accountId }, call);
    if (result.outcome === 'sent') {
      return this.pages.redirect(response, '/code');
    }
    const errors: Errors = (words) => ({ phoneError: refusalText(result, words) });
    this.sendPage(request, response, { typed, errors, status: toOtpException(result).getStatus() });
  }

  private sendPage(
    request: DemoRequest,
    response: unknown,
    said: {
      readonly typed: PasswordPageProps['typed'];
      readonly errors?: Errors;
      readonly status?: HttpStatus;
      readonly notice?: (typeof NOTICES)[number] | undefined;
    },
  ): void {
    const { countries, sample } = this;
    const { typed, errors, notice } = said;
    this.pages.send(
      request,
      response,
      (words) =>
        passwordPage(words, {
          countries,
          typed,
          sample,
          ...errors?.(words),
          ...(notice !== undefined && { notice: words.t(NOTICE_KEYS[notice]) }),
        }),
      said.status,
    );
  }
}

/** All spellings of a number share one budget. What is no number opens no account: it only must not use up another's. */
function numberKey(body: unknown): string {
  const typed = typedNumber.safeParse(body).data;
  const reading = typed && readTypedNumber(typed);
  return reading?.outcome === 'ok' ? reading.phoneNumber : `no number: ${typed?.phoneNumber ?? ''}`;
}
