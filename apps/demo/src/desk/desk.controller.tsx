import { Controller, Get, HttpStatus, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Words } from '../i18n/words.js';
import { PageErrorFilter } from '../pages/page-error.filter.js';
import { PageRenderer } from '../pages/page-renderer.js';
import type { DemoRequest } from '../web/demo-request.js';
import { DeskErrorFilter } from './access/desk-error.filter.js';
import { DeskGuard } from './access/desk.guard.js';
import { deskPage } from './desk-page.js';
import { Desk } from './desk.js';

@ApiExcludeController()
@Controller('desk')
@UseGuards(DeskGuard)
@UseFilters(PageErrorFilter, DeskErrorFilter)
export class DeskController {
  constructor(
    private readonly desk: Desk,
    private readonly pages: PageRenderer,
  ) {}

  @Get()
  async show(@Req() request: DemoRequest, @Res() response: unknown): Promise<void> {
    const view = await this.desk.look();
    const status = view.outcome === 'ok' ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE;
    this.pages.send(
      request,
      response,
      (words) => deskPage(words, { view, actions: <SignOut words={words} /> }),
      status,
    );
  }
}

function SignOut({ words: { t } }: { readonly words: Words }) {
  return (
    <form method="post" action="/desk/sign-out">
      <button class="quiet" type="submit">
        {t('frame.signOut')}
      </button>
    </form>
  );
}
