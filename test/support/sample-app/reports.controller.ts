import { Controller, Get, Inject, Post, UseGuards } from '@nestjs/common';
import { OtpProof, type OtpRequest, RequireOtp, type VerifiedOtp, VerifiedPhone } from 'nestjs-sms-otp';
import { Bank } from './bank.js';
import { LEDGER } from './purposes.js';
import { SessionGuard } from './session.guard.js';

export const PROOF_COOKIE = 'acme-proof';

/** Reading, cookies, audiences, and what is rolled out step by step. */
@UseGuards(SessionGuard)
@Controller('reports')
export class ReportsController {
  constructor(@Inject(Bank) private readonly bank: Bank) {}

  @Get('monthly')
  @RequireOtp('confirm', { binding: false })
  monthly() {
    return this.bank.run('monthly');
  }

  @Get('yearly')
  @RequireOtp('confirm', { binding: false, startOnSafeMethods: true })
  yearly() {
    return this.bank.run('yearly');
  }

  @Post('export')
  @RequireOtp('export', { binding: false, audience: LEDGER })
  export(@OtpProof() { audience }: VerifiedOtp) {
    return this.bank.run('export', { audience });
  }

  @Post('share')
  @RequireOtp('confirm', { mode: 'proof', cookie: PROOF_COOKIE, singleUse: true })
  share() {
    return this.bank.run('share');
  }

  @Get('shared')
  @RequireOtp('confirm', { mode: 'proof', cookie: PROOF_COOKIE })
  shared() {
    return this.bank.run('shared');
  }

  @Post('pilot')
  @RequireOtp('confirm', { binding: false, skipIf: pilot })
  pilot() {
    return this.bank.run('pilot');
  }

  @Post('pilot/number')
  @RequireOtp('confirm', { binding: false, skipIf: pilot })
  pilotNumber(@VerifiedPhone() phoneNumber: string) {
    return this.bank.run('pilotNumber', { phoneNumber });
  }
}

/** As an application might decide who is asked already; some answers are mistakes. */
function pilot({ headers }: OtpRequest): boolean | Promise<boolean> {
  switch (headers['x-pilot']) {
    case 'off':
      return Promise.resolve(true);
    case 'text':
      return JSON.parse('"true"');
    case 'broken':
      throw new Error('the flags are not there');
    default:
      return false;
  }
}
