import { Controller, Get, NotFoundException, Param, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { DemoRequest } from '../session/session-cookie.js';
import { SessionGuard } from '../session/session.guard.js';
import { PageErrorFilter } from './page-error.filter.js';
import { PageSender } from './page-sender.js';
import { Pages } from './pages.js';

@ApiExcludeController()
@Controller()
export class PagesController {
  constructor(
    private readonly pages: Pages,
    private readonly sender: PageSender,
  ) {}

  @Get()
  signIn(@Req() request: DemoRequest, @Res() response: unknown): void {
    this.sender.sendShared(this.pages.signIn, request, response);
  }

  @Get('account')
  @UseGuards(SessionGuard)
  @UseFilters(PageErrorFilter)
  account(@Res() response: unknown): void {
    this.sender.sendPrivate(this.pages.account, response);
  }

  @Get('assets/:name')
  asset(@Param('name') name: string, @Req() request: DemoRequest, @Res() response: unknown): void {
    const file = this.pages.assets.get(name);
    if (file === undefined) {
      throw new NotFoundException();
    }
    this.sender.sendShared(file, request, response);
  }
}
