import { Body, Controller, Get, HttpStatus, Inject, Logger, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { OtpClient, type OtpClientInfo, OtpThrottle, toOtpException } from 'nestjs-sms-otp';
import { z } from 'zod';
import { callOf } from '../../code-step/code-call.js';
import { CodeStepService } from '../../code-step/code-step.service.js';
import { DEMO_CONFIG, type DemoConfig } from '../../config.js';
import { SAMPLE_OPERATOR } from '../../desk-operator.js';
import type { Words } from '../../i18n/words.js';
import { budgetOf, PasswordBudget } from '../../known-browser/password-budget.js';
import { PageErrorFilter } from '../../pages/page-error.filter.js';
import { PageRenderer } from '../../pages/page-renderer.js';
import type { DemoRequest } from '../../web/demo-request.js';
import { readForm } from '../../web/read-form.js';
import { refusalText } from '../../web/refusal-text.js';
import { DeskAccessService, OPERATOR } from './desk-access.service.js';
import { deskSignInPage } from './desk-sign-in-page.js';

const passwordForm = z.object({ password: z.string().max(128) });

@ApiExcludeController()
@Controller('desk')
@UseFilters(PageErrorFilter)
export class DeskAccessController {
  private readonly logger = new Logger(DeskAccessController.name);
  constructor(
    private readonly access: DeskAccessService,
    private readonly steps: CodeStepService,
    private readonly pages: PageRenderer,
    @Inject(DEMO_CONFIG) private readonly config: DemoConfig,
  ) {}

  @Get('sign-in')
  show(@Req() request: DemoRequest, @Res() response: unknown): void {
    this.access.operator();
    this.sendPage(request, response);
  }

  @Post('sign-in')
  @UseFilters(PageErrorFilter) // over the throttle's own, which answers programs
  // There is one operator, so the tries of strangers are counted from everywhere together as well.
  @OtpThrottle([
    { name: 'desk.ip', limit: 10, windowSeconds: 600 },
    { name: 'desk.all', limit: 100, windowSeconds: 3600, key: budgetOf },
  ])
  @PasswordBudget('operator', () => OPERATOR)
  async start(
    @Body() body: unknown,
    @Req() request: DemoRequest,
    @Res() response: unknown,
    @OtpClient() client: OtpClientInfo,
  ): Promise<void> {
    this.access.operator();
    const { password } = readForm(passwordForm, body);
    if (!this.access.isPassword(password)) {
      this.logger.warn('authn_login_fail', { account: 'desk' });
      const error = ({ t }: Words) => t('deskAccess.wrong');
      return this.sendPage(request, response, error, HttpStatus.UNPROCESSABLE_ENTITY);
    }
    const result = await this.steps.start('desk', {}, callOf(request, response, client));
    if (result.outcome === 'sent') {
      return this.pages.redirect(response, '/code');
    }
    const status = toOtpException(result).getStatus();
    this.sendPage(request, response, (words) => refusalText(result, words), status);
  }

  @Post('sign-out')
  async signOut(@Req() request: DemoRequest, @Res() response: unknown): Promise<void> {
    await this.access.close(request, response);
    this.pages.redirect(response, '/desk/sign-in');
  }

  private sendPage(
    request: DemoRequest,
    response: unknown,
    error?: (words: Words) => string,
    status?: HttpStatus,
  ): void {
    const isSample = !this.config.production && this.config.desk === SAMPLE_OPERATOR;
    const sample = isSample ? SAMPLE_OPERATOR.password : undefined;
    const page = (words: Words) => deskSignInPage(words, { sample, error: error?.(words) });
    this.pages.send(request, response, page, status);
  }
}
