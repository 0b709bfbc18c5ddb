import { createParamDecorator, type ExecutionContext, Inject, Injectable, type PipeTransform } from '@nestjs/common';
import type { OtpClientInfo } from '../flows/results.js';
import { type HttpRequest, rawRequest } from './http-request.js';
import type { OtpHttp } from './otp-http.js';
import { OTP_HTTP } from './otp-tokens.js';

@Injectable()
export class OtpClientPipe implements PipeTransform<HttpRequest, OtpClientInfo> {
  constructor(@Inject(OTP_HTTP) private readonly http: OtpHttp) {}

  transform(request: HttpRequest): OtpClientInfo {
    return { ip: this.http.readClientIp(rawRequest(request)) };
  }
}

const Request = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  context.switchToHttp().getRequest<HttpRequest>(),
);

/**
 * The client behind a request, as `OtpService` asks for it. Its address is the socket's unless a listed proxy says
 * otherwise (option `trustedProxies`).
 *
 * @example
 * login(@Body() dto: LoginDto, @OtpClient() client: OtpClientInfo)
 */
export const OtpClient = (): ParameterDecorator => Request(OtpClientPipe);
