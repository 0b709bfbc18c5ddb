import { type ArgumentsHost, Catch, ForbiddenException, HttpException, Inject } from '@nestjs/common';
import { BaseExceptionFilter, HttpAdapterHost } from '@nestjs/core';
import type { HttpRequest } from './http-request.js';
import { OtpException } from './otp.exception.js';
import { answerElsewhere, answerProblem } from './otp-exception.filter.js';
import type { OtpHttp } from './otp-http.js';
import { OTP_HTTP } from './otp-tokens.js';
import type { OtpProblemCode } from './problem.js';

/**
 * Answers an `OtpException` as `application/problem+json` with its headers. Registered globally it does the same for
 * what fails under the built-in routes before a controller is reached (bodies that cannot be parsed, requests that the
 * application's CSRF protection refuses); everything else is left to Nest.
 *
 * Of several global filters for everything only the one registered last is asked. An application with one of its own
 * extends this one and overrides `catchOther`.
 *
 * @example
 * app.useGlobalFilters(app.get(OtpProblemFilter));
 */
@Catch()
export class OtpProblemFilter extends BaseExceptionFilter {
  private readonly ownPath: RegExp | undefined;

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    @Inject(OTP_HTTP) http: OtpHttp,
  ) {
    super();
    this.ownPath =
      http.routesPath === undefined
        ? undefined
        : new RegExp(`(^|/)${escapePattern(http.routesPath)}/challenges(/|$|\\?)`, 'i');
  }

  override catch(exception: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') {
      answerElsewhere(exception, host);
      return;
    }
    const problem = this.asOtpException(exception, host);
    if (problem === undefined) {
      this.catchOther(exception, host);
      return;
    }
    answerProblem(this.adapterHost, problem, host);
  }

  /** Answers what is none of this module's. @default as Nest does */
  protected catchOther(exception: unknown, host: ArgumentsHost): void {
    super.catch(exception, host);
  }

  private asOtpException(exception: unknown, host: ArgumentsHost): OtpException | undefined {
    if (exception instanceof OtpException) {
      return exception;
    }
    const { url } = host.switchToHttp().getRequest<HttpRequest>();
    const code = this.ownPath?.test(url) ? codeOfEarlyFailure(exception) : undefined;
    return code && new OtpException(code);
  }
}

/** Failures before the controller: of the body parsers, and of Nest's CSRF protection. */
function codeOfEarlyFailure(exception: unknown): OtpProblemCode | undefined {
  if (exception instanceof ForbiddenException) {
    return 'forbidden';
  }
  switch (statusOf(exception)) {
    case 400:
      return 'invalid_request';
    case 413:
      return 'payload_too_large';
    case 415:
      return 'unsupported_media_type';
    default:
      return undefined;
  }
}

function statusOf(exception: unknown): number | undefined {
  if (exception instanceof HttpException) {
    return exception.getStatus();
  }
  if (typeof exception === 'object' && exception !== null && 'statusCode' in exception) {
    return typeof exception.statusCode === 'number' ? exception.statusCode : undefined;
  }
  return undefined;
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
