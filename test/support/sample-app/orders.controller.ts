import { Controller, Inject, Post, UseGuards } from '@nestjs/common';
import { RequireOtp } from 'nestjs-sms-otp';
import { Bank } from './bank.js';
import { SessionGuard } from './session.guard.js';

/** Both orders of guards on one handler: decorators run from the bottom up. */
@Controller('orders')
export class OrdersController {
  constructor(@Inject(Bank) private readonly bank: Bank) {}

  @Post('right')
  @RequireOtp('confirm', { binding: false })
  @UseGuards(SessionGuard)
  right() {
    return this.bank.run('right');
  }

  @Post('wrong')
  @UseGuards(SessionGuard)
  @RequireOtp('confirm', { binding: false })
  wrong() {
    return this.bank.run('wrong');
  }

  @Post('wrong/login')
  @UseGuards(SessionGuard)
  @RequireOtp('login', { mode: 'proof' })
  wrongLogin() {
    return this.bank.run('wrongLogin');
  }
}
