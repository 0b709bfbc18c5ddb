import { Controller, ForbiddenException, Inject, Post, Req, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type OtpRequest, RequireOtp, VerifiedPhone } from 'nestjs-sms-otp';
import { Bank } from './bank.js';
import { SESSION_COOKIE, type SampleRequest, sessionCookie } from './session.guard.js';

/** Where nobody is signed in yet. */
@Controller()
export class SignInController {
  constructor(
    @Inject(Bank) private readonly bank: Bank,
    @Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost,
  ) {}

  /** A proof for a session; the one that the client brought ends, and no session id of a client is ever taken. */
  @Post('sessions')
  @RequireOtp('login', { mode: 'proof', singleUse: true })
  signIn(@VerifiedPhone() phoneNumber: string, @Req() request: SampleRequest, @Res({ passthrough: true }) res: object) {
    const person = this.bank.personOf(phoneNumber);
    if (person === undefined) {
      throw new ForbiddenException('there is no account');
    }
    this.bank.end(sessionCookie(request));
    const cookie = `${SESSION_COOKIE}=${this.bank.open(person)}; Path=/; HttpOnly; SameSite=Lax`;
    this.adapterHost.httpAdapter.setHeader(res, 'Set-Cookie', cookie);
    return this.bank.run('signIn', { person });
  }

  @Post('accounts')
  @RequireOtp('signup', { binding: false })
  signUp() {
    return this.bank.run('signUp');
  }

  /** The short form of a caller: a number that the application remembers for whoever is here. */
  @Post('support')
  @RequireOtp('confirm', {
    mode: 'inline',
    binding: false,
    phoneNumber: ({ headers }: OtpRequest) => headers['x-number'],
  })
  support(@VerifiedPhone() phoneNumber: string) {
    return this.bank.run('support', { phoneNumber });
  }
}
