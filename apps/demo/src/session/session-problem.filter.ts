import { Catch, HttpStatus, UnauthorizedException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { RecordStoreUnavailableError } from '../records/record.store.js';

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
}

const STORE_UNAVAILABLE: Problem = {
  status: HttpStatus.SERVICE_UNAVAILABLE,
  code: 'store_unavailable',
  title: 'Service unavailable',
  detail: 'Sessions cannot be read at the moment. Try again shortly.',
};

const NOT_SIGNED_IN: Problem = {
  status: HttpStatus.UNAUTHORIZED,
  code: 'not_signed_in',
  title: 'Not signed in',
  detail: 'Sign in first.',
};

/** Answers what goes wrong with sessions as `application/problem+json` (RFC 9457). */
@Catch(UnauthorizedException, RecordStoreUnavailableError)
export class SessionProblemFilter implements ExceptionFilter<UnauthorizedException | RecordStoreUnavailableError> {
  constructor(private readonly host: HttpAdapterHost) {}

  catch(error: UnauthorizedException | RecordStoreUnavailableError, context: ArgumentsHost): void {
    const problem = error instanceof RecordStoreUnavailableError ? STORE_UNAVAILABLE : NOT_SIGNED_IN;
    const response: unknown = context.switchToHttp().getResponse();
    const { httpAdapter } = this.host;
    httpAdapter.setHeader(response, 'Content-Type', 'application/problem+json; charset=utf-8');
    httpAdapter.setHeader(response, 'Cache-Control', 'no-store');
    httpAdapter.reply(response, JSON.stringify({ type: 'about:blank', ...problem }), problem.status);
  }
}
