import { type ArgumentsHost, Catch, type ExceptionFilter, UnauthorizedException } from '@nestjs/common';
import { PageRenderer } from '../../pages/page-renderer.js';

/** Leads whom the desk does not know to its sign-in. */
@Catch(UnauthorizedException)
export class DeskErrorFilter implements ExceptionFilter<UnauthorizedException> {
  constructor(private readonly pages: PageRenderer) {}

  catch(_error: UnauthorizedException, context: ArgumentsHost): void {
    this.pages.redirect(context.switchToHttp().getResponse(), '/desk/sign-in');
  }
}
