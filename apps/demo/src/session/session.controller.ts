import { Controller, Header, Post, Redirect, Req, Res, UnauthorizedException, UseFilters } from '@nestjs/common';
import { RequireOtp, VerifiedPhone } from 'nestjs-sms-otp';
import { AccountsService } from '../accounts/accounts.service.js';
import type { DemoRequest } from '../web/demo-request.js';
import { SessionProblemFilter } from './session-problem.filter.js';
import { type SessionView, viewOf } from './session-view.js';
import { SessionService } from './session.service.js';

@Controller('session')
@UseFilters(SessionProblemFilter)
export class SessionController {
  constructor(
    private readonly sessions: SessionService,
    private readonly accounts: AccountsService,
  ) {}

  /**
   * For clients without pages, such as an app: trades the proof in the `OTP-Proof` header for a session. An account with a
   * password asks for it as well, so it gets none here.
   */
  @Post()
  @RequireOtp('login', { mode: 'proof', singleUse: true })
  @Header('Cache-Control', 'no-store')
  async start(
    @VerifiedPhone() phoneNumber: string,
    @Req() request: DemoRequest,
    @Res({ passthrough: true }) response: unknown,
  ): Promise<SessionView> {
    const account = await this.accounts.findOrOpen(phoneNumber);
    if (account.passwordHash !== undefined) {
      throw new UnauthorizedException();
    }
    return viewOf(await this.sessions.start(account, request, response));
  }

  /** A redirect, so that a plain form signs out without scripts. */
  @Post('end')
  @Redirect('/', 303)
  @Header('Cache-Control', 'no-store')
  async end(@Req() request: DemoRequest, @Res({ passthrough: true }) response: unknown): Promise<void> {
    await this.sessions.end(request, response);
  }
}
