import { createParamDecorator, type ExecutionContext, Inject, Injectable, type PipeTransform } from '@nestjs/common';
import type { OtpClientInfo } from '../flows/results.js';
import { readDeviceToken } from './device-token.js';
import { type HttpRequest, rawRequest } from './http-request.js';
import { deviceCookieName } from './otp-device-cookie.js';
import type { OtpHttp } from './otp-http.js';
import { OTP_HTTP } from './otp-tokens.js';

@Injectable()
export class OtpClientPipe implements PipeTransform<HttpRequest, OtpClientInfo> {
  constructor(@Inject(OTP_HTTP) private readonly http: OtpHttp) {}

  transform(request: HttpRequest): OtpClientInfo {
    const deviceToken = readDeviceToken(request, deviceCookieName(this.http));
    return {
      ip: this.http.readClientIp(rawRequest(request)),
      ...(deviceToken === undefined ? {} : { deviceToken }),
    };
  }
}

const Request = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  context.switchToHttp().getRequest<HttpRequest>(),
);

/**
 * The client behind a request, as `OtpService` asks for it. Its address is the socket's unless a listed proxy says
 * otherwise (option `trustedProxies`); the token of a trusted device comes from the header `OTP-Device` or the cookie.
 *
 * @example
 * login(@Body() dto: LoginDto, @OtpClient() client: OtpClientInfo)
 */
export const OtpClient = (): ParameterDecorator => Request(OtpClientPipe);
