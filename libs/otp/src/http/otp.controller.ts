import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Inject,
  Param,
  Post,
  Req,
  Res,
  type Type,
  UseFilters,
  UseGuards,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { ChallengeStatusView, ChallengeView } from '../challenge/challenge-view.js';
import { AnswerFlow } from '../flows/answer.flow.js';
import { InspectFlow } from '../flows/inspect.flow.js';
import { IdempotentIssueFlow } from '../flows/idempotent-issue.flow.js';
import type { OtpParts } from '../flows/otp-parts.js';
import { ResendFlow } from '../flows/resend.flow.js';
import type { OtpClientInfo } from '../flows/results.js';
import type { OtpPublicKeys } from '../proof/proof-key-pair.js';
import { writeDeviceToken } from './device-token.js';
import { acceptedLanguage, type HttpRequest, untilHangUp } from './http-request.js';
import { readIdempotencyKey } from './idempotency-key.js';
import { JWKS_PATH, readPublicKeys } from './jwks.js';
import { DescribedRoute } from './openapi/marks.js';
import { OtpClient } from './otp-client.decorator.js';
import { OtpDeviceCookie } from './otp-device-cookie.js';
import { OtpException, toOtpException } from './otp.exception.js';
import { OtpProblemFilter } from './otp-problem.filter.js';
import { OtpRequestGuard } from './otp-request.guard.js';
import { OTP_PARTS } from './otp-tokens.js';
import { CREATE_BODY, readBody, RESEND_BODY, VERIFY_BODY } from './request-body.js';

export const DEFAULT_PATH = 'otp';

export interface OtpRoutesOptions {
  /** @default 'otp' */
  readonly path?: string;
  /** Put on the controller, e.g. `[Public()]` where a global guard closes what is not marked. */
  readonly decorators?: readonly ClassDecorator[];
}

/** What the verify route answers. */
export interface VerifiedBody {
  readonly proof: string;
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
  readonly phoneNumber: string;
  readonly purpose: string;
}

/** The built-in routes under a path of the application's choice; neutral to versioning. */
export function createOtpController({ path = DEFAULT_PATH, decorators = [] }: OtpRoutesOptions): Type {
  @Controller({ path, version: VERSION_NEUTRAL })
  @UseGuards(OtpRequestGuard)
  @UseFilters(OtpProblemFilter)
  class OtpController {
    private readonly issue: IdempotentIssueFlow;
    private readonly answer: AnswerFlow;
    private readonly resend: ResendFlow;
    private readonly inspect: InspectFlow;

    constructor(
      @Inject(OTP_PARTS) private readonly parts: OtpParts,
      private readonly adapterHost: HttpAdapterHost,
      private readonly deviceCookie: OtpDeviceCookie,
    ) {
      this.issue = new IdempotentIssueFlow(parts);
      this.answer = new AnswerFlow(parts);
      this.resend = new ResendFlow(parts);
      this.inspect = new InspectFlow(parts);
    }

    @Post('challenges')
    @DescribedRoute('create')
    @Header('Cache-Control', 'no-store')
    async create(
      @Body() body: unknown,
      @OtpClient() client: OtpClientInfo,
      @Req() request: HttpRequest,
    ): Promise<ChallengeView> {
      const { phoneNumber, country, purpose: name, locale: asked, channel } = readBody(CREATE_BODY, body);
      const purpose = this.parts.purposes.public(name);
      if (purpose === undefined) {
        const detail = name === undefined ? 'must be given' : 'is not one that may be started here';
        throw new OtpException('invalid_request', { errors: [{ pointer: '#/purpose', detail }] });
      }
      const locale = asked ?? acceptedLanguage(request);
      const idempotencyKey = readIdempotencyKey(request);
      const result = await untilHangUp(request, (signal) =>
        this.issue.run({ purpose, phoneNumber, country, locale, channel, client, idempotencyKey, signal }),
      );
      if (result.outcome !== 'issued') {
        throw toOtpException(result);
      }
      return result.challenge;
    }

    @Post('challenges/:id/resend')
    @DescribedRoute('resend')
    @HttpCode(200)
    @Header('Cache-Control', 'no-store')
    async sendAgain(
      @Param('id') challengeId: string,
      @Body() body: unknown,
      @OtpClient() client: OtpClientInfo,
      @Req() request: HttpRequest,
    ): Promise<ChallengeView> {
      const { channel } = readBody(RESEND_BODY, body === undefined ? {} : body);
      const result = await untilHangUp(request, (signal) => this.resend.run({ challengeId, channel, client, signal }));
      if (result.outcome !== 'resent') {
        throw toOtpException(result);
      }
      return result.challenge;
    }

    @Post('challenges/:id/verify')
    @DescribedRoute('verify')
    @HttpCode(200)
    @Header('Cache-Control', 'no-store')
    async verify(
      @Param('id') challengeId: string,
      @Body() body: unknown,
      @OtpClient() client: OtpClientInfo,
      @Req() request: HttpRequest,
      @Res({ passthrough: true }) response: unknown,
    ): Promise<VerifiedBody> {
      const { code, rememberDevice } = readBody(VERIFY_BODY, body);
      const result = await untilHangUp(request, (signal) =>
        this.answer.run({ challengeId, code, expected: {}, client, rememberDevice, signal }),
      );
      if (result.outcome !== 'verified') {
        throw toOtpException(result);
      }
      const { proof, expiresAt, phoneNumber, purpose, deviceToken: token } = result;
      if (token !== undefined) {
        const cookie = this.deviceCookie.serialize(token);
        writeDeviceToken({ adapter: this.adapterHost.httpAdapter, request, response, cookie, token });
      }
      return { proof, expiresAt, phoneNumber, purpose };
    }

    @Get('challenges/:id')
    @DescribedRoute('status')
    @Header('Cache-Control', 'no-store')
    async status(@Param('id') challengeId: string): Promise<ChallengeStatusView> {
      const result = await this.inspect.status(challengeId);
      if (result.outcome !== 'live') {
        throw toOtpException(result);
      }
      return result.challenge;
    }

    @Get(JWKS_PATH)
    @DescribedRoute('publicKeys')
    @Header('Cache-Control', 'no-store')
    publicKeys(): OtpPublicKeys {
      return readPublicKeys(this.parts);
    }

    @Delete('challenges/:id')
    @DescribedRoute('cancel')
    @HttpCode(204)
    @Header('Cache-Control', 'no-store')
    async cancel(@Param('id') challengeId: string): Promise<void> {
      const result = await this.inspect.cancel(challengeId);
      if (result.outcome !== 'cancelled') {
        throw toOtpException(result);
      }
    }
  }

  for (const decorate of decorators) {
    decorate(OtpController);
  }
  return OtpController;
}
