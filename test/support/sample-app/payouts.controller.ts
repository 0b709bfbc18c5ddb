import { Body, Controller, Inject, Param, Post, Put, Query, UseGuards } from '@nestjs/common';
import { OtpProof, type OtpRequest, RequireOtp, type VerifiedOtp } from 'nestjs-sms-otp';
import { Bank } from './bank.js';
import { SessionGuard } from './session.guard.js';

/** What the person is to see; an absent body has neither. */
const binding = ({ body }: OtpRequest) => ({ amount: body?.amount, payee: body?.payee });

/** Codes and proofs that stand for amount and payee. */
@UseGuards(SessionGuard)
@Controller('payouts')
export class PayoutsController {
  constructor(@Inject(Bank) private readonly bank: Bank) {}

  @Post()
  @RequireOtp('payout', { binding })
  pay(@Body() body: unknown, @Query() query: unknown, @OtpProof() proof: VerifiedOtp) {
    return this.bank.run('pay', { body, query, proof });
  }

  @Post('inline')
  @RequireOtp('payout', { mode: 'inline', binding })
  inline(@Body() body: unknown) {
    return this.bank.run('inline', { body });
  }

  @Post('proof')
  @RequireOtp('payout', { mode: 'proof', binding })
  proof(@Body() body: unknown) {
    return this.bank.run('proof', { body });
  }

  @Post('repeatable')
  @RequireOtp('payout', { mode: 'both', binding, singleUse: false })
  repeatable() {
    return this.bank.run('repeatable');
  }

  @Post('from/:account')
  @RequireOtp('payout', { mode: 'inline', binding })
  from(@Param('account') account: string) {
    return this.bank.run('from', { account });
  }

  @Put('from/:account')
  @RequireOtp('payout', { mode: 'inline', binding })
  replace(@Param('account') account: string) {
    return this.bank.run('replace', { account });
  }

  @Post('failing')
  @RequireOtp('payout', { binding })
  failing() {
    this.bank.run('failing');
    throw new Error('after the guard');
  }

  @Post('mandate')
  @RequireOtp('mandate', { mode: 'inline', binding: async (request) => request.body })
  mandate() {
    return this.bank.run('mandate');
  }
}
