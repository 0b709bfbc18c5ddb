import { Controller, Delete, Get, Inject, Post, UseGuards } from '@nestjs/common';
import { type OtpRequest, RequireOtp, SkipOtp, VerifiedPhone } from 'nestjs-sms-otp';
import { Bank } from './bank.js';
import { SessionGuard } from './session.guard.js';

/** A class that asks for a code, and handlers that say more, something else, or that none is needed. */
@RequireOtp('confirm', { binding: false, maxAgeSeconds: 120 })
@UseGuards(SessionGuard)
@Controller('settings')
export class SettingsController {
  constructor(@Inject(Bank) private readonly bank: Bank) {}

  @Post('limits')
  limits(@VerifiedPhone() phoneNumber: string) {
    return this.bank.run('limits', { phoneNumber });
  }

  @Get()
  @SkipOtp()
  show() {
    return this.bank.run('show');
  }

  @Post('address')
  @RequireOtp('confirm', { singleUse: true })
  address() {
    return this.bank.run('address');
  }

  @Post('email')
  @RequireOtp('confirm', { mode: 'proof', maxAgeSeconds: 30 })
  email() {
    return this.bank.run('email');
  }

  @Post('payee')
  @RequireOtp('payout', { binding: ({ body }: OtpRequest) => ({ amount: '0.01', payee: body?.payee }) })
  payee() {
    return this.bank.run('payee');
  }

  @Delete('account')
  @RequireOtp('confirm', { mode: 'inline' })
  close() {
    return this.bank.run('close');
  }
}
