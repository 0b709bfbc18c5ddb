import { Body, Controller, Get, HttpStatus, Inject, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { OtpClient, type OtpClientInfo, type OtpRefusal, toOtpException } from 'nestjs-sms-otp';
import { z } from 'zod';
import { CLOCK, type Clock } from '../clock.js';
import type { Words } from '../i18n/words.js';
import { PageErrorFilter } from '../pages/page-error.filter.js';
import { PageRenderer } from '../pages/page-renderer.js';
import type { DemoRequest } from '../web/demo-request.js';
import { readForm } from '../web/read-form.js';
import { readCode } from '../web/read-code.js';
import { refusalText } from '../web/refusal-text.js';
import { callOf } from './code-call.js';
import { codePage, noCodePage } from './code-page.js';
import { CodeStepService, type OpenStep } from './code-step.service.js';

const codeForm = z.object({
  code: z.string().max(40),
  remember: z.literal('on').optional(),
  step: z.string().max(43).optional(),
});
const resendForm = z.object({ channel: z.enum(['sms', 'voice']).optional() });

/** Of a code whose challenge is gone. */
const USUAL_LENGTH = 6;

/** Where the person is told something, and what. */
interface Said {
  readonly status?: HttpStatus;
  readonly error?: (words: Words) => string;
}

@ApiExcludeController()
@Controller('code')
@UseFilters(PageErrorFilter)
export class CodeController {
  constructor(
    private readonly steps: CodeStepService,
    private readonly pages: PageRenderer,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  async show(@Req() request: DemoRequest, @Res() response: unknown): Promise<void> {
    await this.sendPage(request, response);
  }

  @Post()
  async answer(
    @Body() body: unknown,
    @Req() request: DemoRequest,
    @Res() response: unknown,
    @OtpClient() client: OtpClientInfo,
  ): Promise<void> {
    const { code: typed, remember, step: shown } = readForm(codeForm, body);
    const step = await this.steps.find(request);
    if (step === undefined) {
      return this.sendPage(request, response);
    }
    if (shown !== undefined && shown !== step.awaited.mark) {
      const error = ({ t }: Words) => t('codeStep.otherTab');
      return this.sendPage(request, response, { status: HttpStatus.CONFLICT, error });
    }
    const challenge = await this.steps.challengeOf(step);
    const reading = readCode(typed, typeof challenge === 'string' ? USUAL_LENGTH : challenge.codeLength);
    if (reading.outcome !== 'ok') {
      const { outcome, ...values } = reading;
      const error = ({ t }: Words) => t(`problems.${outcome}`, values);
      return this.sendPage(request, response, { status: HttpStatus.UNPROCESSABLE_ENTITY, error });
    }
    const { code } = reading;
    const call = callOf(request, response, client);
    const result = await this.steps.answer(step, { code, rememberDevice: remember === 'on' }, call);
    return result.outcome === 'accepted'
      ? this.pages.redirect(response, result.path)
      : this.refuse(request, response, result);
  }

  /** Where the address is entered again after a refusal. */
  @Get('resend')
  backToCode(@Res() response: unknown): void {
    this.pages.redirect(response, '/code');
  }

  @Post('resend')
  async resend(
    @Body() body: unknown,
    @Req() request: DemoRequest,
    @Res() response: unknown,
    @OtpClient() client: OtpClientInfo,
  ): Promise<void> {
    const { channel } = readForm(resendForm, body);
    const step = await this.steps.find(request);
    if (step === undefined) {
      return this.sendPage(request, response);
    }
    const result = await this.steps.resend(step, channel, callOf(request, response, client));
    return result.outcome === 'sent'
      ? this.pages.redirect(response, '/code?sent=again')
      : this.refuse(request, response, result);
  }

  @Post('cancel')
  async cancel(
    @Req() request: DemoRequest,
    @Res() response: unknown,
    @OtpClient() client: OtpClientInfo,
  ): Promise<void> {
    const step = await this.steps.find(request);
    if (step !== undefined) {
      await this.steps.cancel(step, callOf(request, response, client));
    }
    this.pages.redirect(response, step?.flow.cancelPath ?? '/');
  }

  private async refuse(request: DemoRequest, response: unknown, refusal: OtpRefusal): Promise<void> {
    const status = toOtpException(refusal).getStatus();
    await this.sendPage(request, response, { status, error: (words) => refusalText(refusal, words) });
  }

  private async sendPage(request: DemoRequest, response: unknown, said: Said = {}): Promise<void> {
    const step: OpenStep | undefined = await this.steps.find(request);
    if (step === undefined) {
      return this.pages.send(request, response, noCodePage, HttpStatus.GONE);
    }
    const challenge = await this.steps.challengeOf(step);
    if (challenge === 'unavailable') {
      throw toOtpException({ outcome: 'store_unavailable' });
    }
    const { flow, awaited } = step;
    const isOver = challenge === 'gone' || challenge.attemptsRemaining === 0;
    const isNew = request.url.endsWith('?sent=again');
    const now = this.clock.now();
    this.pages.send(
      request,
      response,
      (words) =>
        codePage(words, {
          flow,
          mark: awaited.mark,
          facts: flow.facts(awaited.data, words),
          challenge: isOver ? undefined : challenge,
          now,
          isNew,
          error: said.error?.(words) ?? '',
        }),
      said.status,
    );
  }
}
