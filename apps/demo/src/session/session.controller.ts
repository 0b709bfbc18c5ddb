import { Controller, Header, Post, Redirect, Req, Res, UseFilters } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { maskPhoneNumber, RequireOtp, VerifiedPhone } from 'nestjs-sms-otp';
import { readSessionId, sessionCookie, type DemoRequest } from './session-cookie.js';
import { SessionProblemFilter } from './session-problem.filter.js';
import type { Session } from './session.js';
import { SessionService } from './session.service.js';

@Controller('session')
@UseFilters(SessionProblemFilter)
export class SessionController {
  constructor(
    private readonly sessions: SessionService,
    private readonly host: HttpAdapterHost,
  ) {}

  /** Trades the proof in the `OTP-Proof` header for a session. */
  @Post()
  @RequireOtp('login', { mode: 'proof', singleUse: true })
  @Header('Cache-Control', 'no-store')
  async start(
    @VerifiedPhone() phoneNumber: string,
    @Req() request: DemoRequest,
    @Res({ passthrough: true }) response: unknown,
  ): Promise<Session> {
    const session = { phoneNumber: maskPhoneNumber(phoneNumber), signedInAt: new Date().toISOString() };
    const id = await this.sessions.start(session, readSessionId(request));
    const { name, options } = sessionCookie(request);
    this.host.httpAdapter.setCookie(response, name, id, options);
    return session;
  }

  /** A redirect, so that a plain form signs out without scripts. The cookie stays until the session has really ended. */
  @Post('end')
  @Redirect('/', 303)
  @Header('Cache-Control', 'no-store')
  async end(@Req() request: DemoRequest, @Res({ passthrough: true }) response: unknown): Promise<void> {
    await this.sessions.end(readSessionId(request));
    const { name, options } = sessionCookie(request);
    this.host.httpAdapter.clearCookie(response, name, options);
  }
}
