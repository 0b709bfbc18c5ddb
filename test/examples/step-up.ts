import { type CanActivate, type ExecutionContext, UnauthorizedException } from '@nestjs/common';
import { purposes } from './purposes.js';

export interface PayoutDto {
  readonly amount: string;
  readonly iban: string;
}

export interface SignedInRequest {
  readonly headers: { readonly authorization?: string };
  user: { readonly id: string };
}

/** Stands in for an application's own authentication: here the token is the account's name. */
@Injectable()
export class JwtAuthGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<SignedInRequest>();
    const id = /^Bearer (\w+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (id === undefined) {
      throw new UnauthorizedException();
    }
    request.user = { id };
    return true;
  }
}

/** Stands in for an application's own table. */
@Injectable()
export class UsersService {
  private readonly phones = new Map([
    ['ada', '+31612345678'],
    ['bob', '+31687654321'],
  ]);

  async phoneOf(id: string): Promise<string> {
    return this.phones.get(id) ?? '';
  }
}

@Injectable()
export class PayoutsService {
  readonly paid: object[] = [];

  pay({ amount, iban }: PayoutDto, by: string | undefined, codeId: string) {
    const payout = { amount, iban, by };
    this.paid.push({ ...payout, codeId });
    return payout;
  }
}

// #region example
import { Body, Controller, Injectable, Module, Post, UseGuards } from '@nestjs/common';
import { type OtpCaller, OtpModule, OtpProof, RequireOtp, type VerifiedOtp } from 'nestjs-sms-otp';

@Injectable()
export class AppOtpCaller implements OtpCaller {
  constructor(private readonly users: UsersService) {}

  async resolve(request: SignedInRequest) {
    return { subject: request.user.id, phoneNumber: await this.users.phoneOf(request.user.id) };
  }
}

@UseGuards(JwtAuthGuard) // on the class, so that the caller is known before the code is asked for
@Controller('payouts')
export class PayoutsController {
  constructor(private readonly payouts: PayoutsService) {}

  @Post()
  @RequireOtp('payout', { binding: (request) => ({ amount: request.body.amount, payee: request.body.iban }) })
  pay(@Body() dto: PayoutDto, @OtpProof() proof: VerifiedOtp) {
    return this.payouts.pay(dto, proof.subject, proof.id);
  }
}

@Module({
  imports: [
    OtpModule.forRoot({
      serviceName: 'Acme',
      secrets: [process.env['OTP_SECRET'] ?? ''],
      purposes, // payout: { binding: z.object({ amount: z.string(), payee: z.string() }) }
      caller: AppOtpCaller,
    }),
  ],
  controllers: [PayoutsController],
  providers: [AppOtpCaller, UsersService, PayoutsService],
})
export class AppModule {}
// #endregion example
