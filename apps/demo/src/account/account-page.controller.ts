import { Controller, Get, Post, Query, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiExcludeController } from '@nestjs/swagger';
import { OtpAdmin, OtpClient, type OtpClientInfo, OtpDeviceCookie } from 'nestjs-sms-otp';
import { AccountsService } from '../accounts/accounts.service.js';
import { KnownBrowsers } from '../known-browser/known-browsers.service.js';
import { PageErrorFilter } from '../pages/page-error.filter.js';
import { PageRenderer } from '../pages/page-renderer.js';
import { CurrentSession, SessionGuard } from '../session/session.guard.js';
import type { Session } from '../session/session.js';
import { SessionService } from '../session/session.service.js';
import type { DemoRequest } from '../web/demo-request.js';
import { accountPage, NOTICES } from './account-page.js';

@ApiExcludeController()
@Controller('account')
@UseGuards(SessionGuard)
@UseFilters(PageErrorFilter)
export class AccountPageController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly sessions: SessionService,
    private readonly admin: OtpAdmin,
    private readonly deviceCookie: OtpDeviceCookie,
    private readonly browsers: KnownBrowsers,
    private readonly pages: PageRenderer,
    private readonly host: HttpAdapterHost,
  ) {}

  @Get()
  async show(
    @Query('done') done: unknown,
    @Req() request: DemoRequest,
    @Res() response: unknown,
    @OtpClient() client: OtpClientInfo,
    @CurrentSession() session: Session,
  ): Promise<void> {
    const notice = NOTICES.find((known) => known === done);
    const isTrustedBrowser = client.deviceToken !== undefined && (await this.hasTrustedBrowsers(session));
    this.pages.send(request, response, (words) => accountPage(words, { session, isTrustedBrowser, notice }));
  }

  /** A browser that was lost is trusted no more, and a proof that it kept opens no session. */
  @Post('sign-out-everywhere')
  async signOutEverywhere(
    @Req() request: DemoRequest,
    @Res() response: unknown,
    @CurrentSession() { account }: Session,
  ): Promise<void> {
    await this.accounts.signOutEverywhere(account.id);
    const actor = `account ${account.id.slice(0, 4)}`;
    await this.admin.revokeDevices(account.phoneNumber, { actor });
    await this.admin.revokeProofs(account.phoneNumber, { actor });
    this.host.httpAdapter.appendHeader(response, 'Set-Cookie', this.deviceCookie.clear());
    await this.sessions.end(request, response);
    this.pages.redirect(response, '/');
  }

  @Post('forget-browser')
  async forgetBrowser(@Req() request: DemoRequest, @Res() response: unknown): Promise<void> {
    await this.browsers.forget('customer', request, response);
    this.host.httpAdapter.appendHeader(response, 'Set-Cookie', this.deviceCookie.clear());
    this.pages.redirect(response, '/account?done=forgotten');
  }

  /** The cookie may be left over from before its trust was ended. */
  private async hasTrustedBrowsers({ account }: Session): Promise<boolean> {
    const status = await this.admin.status(account.phoneNumber);
    return status.outcome === 'ok' && status.number.trustedDevices > 0;
  }
}
