import { type ArgumentsHost, HttpException } from '@nestjs/common';
import { OtpException } from '../otp.exception.js';

/** Gateways tell clients only of a WsException; of anything else they say that the server failed. */
export async function toWsException(error: unknown): Promise<unknown> {
  if (!(error instanceof HttpException)) {
    return error;
  }
  const { WsException } = await import('@nestjs/websockets');
  return new WsException(error.getResponse());
}

/** What Nest would do itself, but that an `OtpException` of a handler reaches the client as those of the guard do. */
export async function answerWsClient(exception: unknown, host: ArgumentsHost): Promise<void> {
  const { BaseWsExceptionFilter } = await import('@nestjs/websockets');
  const answer = exception instanceof OtpException ? await toWsException(exception) : exception;
  new BaseWsExceptionFilter().catch(answer, host);
}
