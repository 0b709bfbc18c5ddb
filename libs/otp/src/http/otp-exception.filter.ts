import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { answerWsClient } from './guard/ws-exception.js';
import { OtpException } from './otp.exception.js';

/** Answers an `OtpException` and nothing else, so an application's own filters keep all other errors. */
@Catch(OtpException)
export class OtpExceptionFilter implements ExceptionFilter<OtpException> {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(exception: OtpException, host: ArgumentsHost): void {
    if (host.getType() === 'http') {
      answerProblem(this.adapterHost, exception, host);
    } else {
      answerElsewhere(exception, host);
    }
  }
}

/** `application/problem+json` (RFC 9457), never cached, with the headers that belong to the problem. */
export function answerProblem({ httpAdapter }: HttpAdapterHost, exception: OtpException, host: ArgumentsHost): void {
  const response: unknown = host.switchToHttp().getResponse();
  const { problem } = exception;
  const headers = { 'Cache-Control': 'no-store', 'Content-Type': 'application/problem+json', ...exception.headers };
  for (const [name, value] of Object.entries(headers)) {
    httpAdapter.setHeader(response, name, value);
  }
  httpAdapter.reply(response, problem, problem.status);
}

/** Beyond HTTP: a WebSocket is told; elsewhere Nest goes on with what a filter does not answer, GraphQL with the exception. */
export function answerElsewhere(exception: unknown, host: ArgumentsHost): void {
  if (host.getType() === 'ws') {
    // Who cannot be told has gone.
    void answerWsClient(exception, host).catch(() => undefined);
  }
}
