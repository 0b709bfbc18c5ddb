import { Body, Controller, Injectable, Module, Post, UseGuards } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { defineOtpPurposes, OtpModule, RequireOtp } from 'nestjs-sms-otp';
import { z } from 'zod';

// #region example
export const purposes = defineOtpPurposes({
  payout: {
    ttlSeconds: 180,
    binding: z.object({
      amount: z.string().regex(/^[1-9]\d{0,6}\.\d\d EUR$/),
      payee: z.string(),
      iban: z.string().regex(/^[A-Z]{2}\d\d[A-Z\d]{11,30}$/),
    }),
    // Without it: "123456 is your Acme code for amount 12.00 EUR, payee …, iban …. It expires in 3 minutes. …"
    message: ({ code, serviceName, binding }) =>
      `${code} pays ${binding?.amount} to "${binding?.payee}", ${binding?.iban}. ${serviceName} never asks for this code.`,
  },
});
// #endregion example

export interface PayoutDto {
  readonly amount: string;
  readonly payee: string;
  readonly iban: string;
}

/** Stands in for an application's own authentication. */
@Injectable()
class SignedInGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    context.switchToHttp().getRequest<{ user?: object }>().user = { phoneNumber: '+31612345678' };
    return true;
  }
}

@UseGuards(SignedInGuard)
@Controller('payouts')
export class PayoutsController {
  // #region handler
  @Post()
  @RequireOtp('payout', {
    phoneNumber: ({ user }) => user.phoneNumber,
    binding: ({ body }) => ({ amount: `${body.amount} EUR`, payee: body.payee, iban: body.iban }),
  })
  pay(@Body() { amount, payee, iban }: PayoutDto) {
    return { paid: `${amount} EUR`, payee, iban };
  }
  // #endregion handler
}

@Module({
  imports: [
    OtpModule.forRoot({
      serviceName: 'Acme',
      origin: 'app.acme.com',
      secrets: [process.env['OTP_SECRET'] ?? ''],
      purposes,
    }),
  ],
  controllers: [PayoutsController],
})
export class AppModule {}
