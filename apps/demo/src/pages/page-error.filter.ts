import { Catch, HttpStatus, UnauthorizedException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { OtpException } from 'nestjs-sms-otp';
import type { Words } from '../i18n/words.js';
import { RecordStoreUnavailableError } from '../records/record.store.js';
import type { DemoRequest } from '../web/demo-request.js';
import { duration, problemText } from '../web/refusal-text.js';
import { PageRenderer } from './page-renderer.js';
import { problemPage, unavailablePage } from './problem-pages.js';

/** Pages that were asked for, or whose form was sent; from anywhere else the account is the page to begin with. */
const PAGES = ['/code', '/password', '/sign-up', '/transfer', '/number', '/desk'] as const;

type PageError = UnauthorizedException | RecordStoreUnavailableError | OtpException;

/** What a person sees instead of a problem document: the sign-in page, or a page that says what is wrong. */
@Catch(UnauthorizedException, RecordStoreUnavailableError, OtpException)
export class PageErrorFilter implements ExceptionFilter<PageError> {
  constructor(
    private readonly pages: PageRenderer,
    private readonly host: HttpAdapterHost,
  ) {}

  catch(error: PageError, context: ArgumentsHost): void {
    const http = context.switchToHttp();
    const response: unknown = http.getResponse();
    const request = http.getRequest<DemoRequest>();
    if (error instanceof UnauthorizedException) {
      return this.pages.redirect(response, '/');
    }
    if (error instanceof RecordStoreUnavailableError || error.problem.code === 'store_unavailable') {
      const path = PAGES.find((page) => request.url.startsWith(page)) ?? '/account';
      const page = (words: Words) => unavailablePage(words, path);
      return this.pages.send(request, response, page, HttpStatus.SERVICE_UNAVAILABLE);
    }
    Object.entries(error.headers).forEach(([name, value]) => {
      this.host.httpAdapter.setHeader(response, name, value);
    });
    this.pages.send(request, response, (words) => problemPage(words, sentence(error, words)), error.getStatus());
  }
}

/** What is throttled here are forms; codes that are asked for too often are told of on their own page. */
function sentence({ problem: { code, retryAfter = 60 } }: OtpException, words: Words): string {
  return code === 'throttled'
    ? words.t('problems.too_many_tries', { wait: duration(retryAfter, words) })
    : problemText(code, words);
}
