import { type ArgumentsHost, Catch, type ExceptionFilter, NotFoundException } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { DemoRequest } from '../web/demo-request.js';
import { PageRenderer } from './page-renderer.js';
import { notFoundPage } from './problem-pages.js';

/** A page for people; programs get Nest's own answer. */
@Catch(NotFoundException)
export class NotFoundFilter implements ExceptionFilter<NotFoundException> {
  constructor(
    private readonly pages: PageRenderer,
    private readonly host: HttpAdapterHost,
  ) {}

  catch(error: NotFoundException, context: ArgumentsHost): void {
    const http = context.switchToHttp();
    const response: unknown = http.getResponse();
    const request = http.getRequest<DemoRequest>();
    if (request.headers.accept?.includes('text/html') === true) {
      return this.pages.send(request, response, notFoundPage, error.getStatus());
    }
    this.host.httpAdapter.setHeader(response, 'Cache-Control', 'no-store');
    this.host.httpAdapter.reply(response, error.getResponse(), error.getStatus());
  }
}
