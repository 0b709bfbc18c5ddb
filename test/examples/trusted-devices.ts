import { Body, Controller, HttpCode, Injectable, Module, Post, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { OtpClient, type OtpClientInfo, OtpDeviceCookie, OtpModule, OtpService, toOtpException } from 'nestjs-sms-otp';
import { randomUUID } from 'node:crypto';
import { purposes } from './purposes.js';

export interface CodeDto {
  readonly challengeId: string;
  readonly code: string;
  readonly remember: boolean;
}

@Injectable()
export class TokensService {
  forPhone(phoneNumber: string) {
    return { token: randomUUID(), phoneNumber };
  }
}

// #region example
@Controller()
export class SessionController {
  constructor(
    private readonly otp: OtpService,
    private readonly tokens: TokensService,
    private readonly deviceCookie: OtpDeviceCookie,
    private readonly host: HttpAdapterHost,
  ) {}

  @Post('session')
  async signIn(
    @Body() { challengeId, code, remember }: CodeDto,
    @OtpClient() client: OtpClientInfo, // reads the device token, too
    @Res({ passthrough: true }) response: unknown,
  ) {
    const result = await this.otp.verify({ purpose: 'login', challengeId, code, client, rememberDevice: remember });
    if (result.outcome !== 'verified') {
      throw toOtpException(result);
    }
    if (result.deviceToken !== undefined) {
      this.setCookie(response, this.deviceCookie.serialize(result.deviceToken));
    }
    return this.tokens.forPhone(result.phoneNumber);
  }

  @Post('session/forget-this-device') // on a shared computer
  @HttpCode(204)
  forget(@Res({ passthrough: true }) response: unknown) {
    this.setCookie(response, this.deviceCookie.clear());
  }

  /** On Express the same as `response.append(…)`, on Fastify as `reply.header(…)`. */
  private setCookie(response: unknown, value: string) {
    this.host.httpAdapter.appendHeader(response, 'Set-Cookie', value);
  }
}
// #endregion example

@Module({
  imports: [OtpModule.forRoot({ serviceName: 'Acme', secrets: [process.env['OTP_SECRET'] ?? ''], purposes })],
  controllers: [SessionController],
  providers: [TokensService],
})
export class AppModule {}
