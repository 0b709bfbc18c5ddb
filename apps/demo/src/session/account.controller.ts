import { Controller, Get, Header, UseFilters, UseGuards } from '@nestjs/common';
import { ApiCookieAuth } from '@nestjs/swagger';
import { SessionProblemFilter } from './session-problem.filter.js';
import { CurrentSession, SessionGuard } from './session.guard.js';
import { type SessionView, viewOf } from './session-view.js';
import type { Session } from './session.js';

@ApiCookieAuth('session')
@Controller('api/account')
@UseGuards(SessionGuard)
@UseFilters(SessionProblemFilter)
export class AccountController {
  @Get()
  @Header('Cache-Control', 'no-store')
  account(@CurrentSession() session: Session): SessionView {
    return viewOf(session);
  }
}
