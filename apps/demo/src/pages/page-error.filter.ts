import { Catch, HttpStatus, UnauthorizedException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { SessionStoreUnavailableError } from '../session/session.store.js';
import { PageSender } from './page-sender.js';
import { Pages } from './pages.js';

/** What a person sees instead of a problem document: the sign-in page, or a page that says what is wrong. */
@Catch(UnauthorizedException, SessionStoreUnavailableError)
export class PageErrorFilter implements ExceptionFilter<UnauthorizedException | SessionStoreUnavailableError> {
  constructor(
    private readonly pages: Pages,
    private readonly sender: PageSender,
  ) {}

  catch(error: UnauthorizedException | SessionStoreUnavailableError, context: ArgumentsHost): void {
    const response: unknown = context.switchToHttp().getResponse();
    if (error instanceof SessionStoreUnavailableError) {
      this.sender.sendPrivate(this.pages.unavailable, response, HttpStatus.SERVICE_UNAVAILABLE);
    } else {
      this.sender.redirect('/', response);
    }
  }
}
