import { purposes } from './purposes.js';
import { JwtAuthGuard, type PayoutDto, type SignedInRequest, UsersService } from './step-up.js';

// #region codes
import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { OtpClient, type OtpClientInfo, OtpService, toOtpException } from 'nestjs-sms-otp';

/** What the built-in routes do, in an application's own words and places. */
@Controller('codes')
export class CodesController {
  constructor(private readonly otp: OtpService) {}

  @Post()
  @Header('Cache-Control', 'no-store')
  async issue(@Body('phoneNumber') phoneNumber: string, @OtpClient() client: OtpClientInfo) {
    const result = await this.otp.issue({ purpose: 'login', phoneNumber, client });
    if (result.outcome !== 'issued') {
      throw toOtpException(result);
    }
    return result.challenge;
  }

  @Post(':id/resend')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async resend(@Param('id') challengeId: string, @OtpClient() client: OtpClientInfo) {
    const result = await this.otp.resend({ challengeId, client });
    if (result.outcome !== 'resent') {
      throw toOtpException(result);
    }
    return result.challenge;
  }

  @Post(':id/verify')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async verify(@Param('id') challengeId: string, @Body('code') code: string, @OtpClient() client: OtpClientInfo) {
    const result = await this.otp.verify({ purpose: 'login', challengeId, code, client });
    if (result.outcome !== 'verified') {
      throw toOtpException(result);
    }
    const { proof, expiresAt } = result;
    return { proof, expiresAt };
  }

  @Get(':id')
  @Header('Cache-Control', 'no-store')
  async status(@Param('id') challengeId: string) {
    const result = await this.otp.status({ challengeId });
    if (result.outcome !== 'live') {
      throw toOtpException(result);
    }
    return result.challenge;
  }

  @Delete(':id')
  @HttpCode(204)
  async cancel(@Param('id') challengeId: string) {
    const result = await this.otp.cancel({ challengeId });
    if (result.outcome !== 'cancelled') {
      throw toOtpException(result);
    }
  }
}
// #endregion codes

// #region proofs
import { Headers, NotFoundException } from '@nestjs/common';

@Controller()
export class SessionController {
  constructor(private readonly otp: OtpService) {}

  /** What `@RequireOtp('login', { mode: 'proof', singleUse: true })` does. */
  @Post('session')
  async signIn(@Headers('otp-proof') proof: string | undefined) {
    const result = await this.otp.checkProof({ proof, purpose: 'login', caller: 'none', singleUse: true });
    if (result.outcome !== 'accepted') {
      throw toOtpException(result);
    }
    return { signedIn: result.proof.phoneNumber };
  }

  /** For other services; there are none without `proofs.keys`. */
  @Get('keys')
  publicKeys() {
    const keys = this.otp.publicKeys();
    if (keys === undefined) {
      throw new NotFoundException();
    }
    return keys;
  }
}
// #endregion proofs

// #region payout
import { Req, UseGuards } from '@nestjs/common';

@UseGuards(JwtAuthGuard)
@Controller('payouts')
export class PayoutsController {
  constructor(
    private readonly otp: OtpService,
    private readonly users: UsersService,
  ) {}

  @Post()
  async ask(@Body() dto: PayoutDto, @Req() { user }: SignedInRequest, @OtpClient() client: OtpClientInfo) {
    const result = await this.otp.issue({
      purpose: 'payout',
      subject: user.id,
      phoneNumber: await this.users.phoneOf(user.id),
      binding: { amount: dto.amount, payee: dto.iban },
      vouched: true, // signed in, and the number was proved when the account was made
      client,
    });
    if (result.outcome !== 'issued') {
      throw toOtpException(result);
    }
    return result.challenge;
  }

  @Post(':id/code')
  async pay(
    @Param('id') challengeId: string,
    @Body('code') code: string,
    @Req() { user }: SignedInRequest,
    @OtpClient() client: OtpClientInfo,
  ) {
    const result = await this.otp.verify({ purpose: 'payout', challengeId, code, subject: user.id, client });
    if (result.outcome !== 'verified') {
      throw toOtpException(result);
    }
    return { paid: result.binding }; // what the person saw, not what this request says
  }
}
// #endregion payout

// #region words
import type { VerifyResult } from 'nestjs-sms-otp';

/** For a page of your own. An outcome without words does not compile. */
export function wordsFor(result: VerifyResult): string {
  switch (result.outcome) {
    case 'verified':
      return 'Welcome.';
    case 'incorrect_code':
      return `This is not the code of the last message. Attempts left: ${result.attemptsRemaining}.`;
    case 'invalid_code':
    case 'invalid_binding':
      return result.detail;
    case 'challenge_gone':
      return 'This code can no longer be used. Ask for a new one.';
    case 'attempts_exhausted':
      return 'There are no attempts left. Ask for a new code later, or call us.';
    case 'throttled':
    case 'busy':
      return `Please wait ${result.retryAfterSeconds} seconds, then try again.`;
    case 'store_unavailable':
      return 'Codes cannot be checked now. Please try again in a minute.';
  }
}
// #endregion words

import { Module } from '@nestjs/common';
import { OtpModule } from 'nestjs-sms-otp';

@Module({
  imports: [
    OtpModule.forRoot({
      serviceName: 'Acme',
      secrets: [process.env['OTP_SECRET'] ?? ''],
      purposes,
      proofs: { keys: [process.env['OTP_PROOF_KEY'] ?? ''] },
      routes: false, // none but the application's own
    }),
  ],
  controllers: [CodesController, SessionController, PayoutsController],
  providers: [UsersService],
})
export class AppModule {}
