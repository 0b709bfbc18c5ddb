import { purposes } from './purposes.js';
import { type PayoutDto, UsersService } from './step-up.js';

// #region example
import { Body, Controller, Injectable, Module, Post, UseGuards } from '@nestjs/common';
import { AuthGuard, PassportModule, PassportStrategy } from '@nestjs/passport';
import { type OtpCaller, OtpModule, OtpProof, RequireOtp, type VerifiedOtp } from 'nestjs-sms-otp';
import { ExtractJwt, Strategy } from 'passport-jwt';

/** What `validate` returned; nothing where nobody has signed in. */
interface SignedInRequest {
  readonly user?: { readonly id: string };
}

@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  constructor() {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKey: process.env['JWT_SECRET'] ?? '',
      algorithms: ['HS256'],
    });
  }

  validate({ sub }: { readonly sub: string }) {
    return { id: sub };
  }
}

@Injectable()
export class AppOtpCaller implements OtpCaller {
  constructor(private readonly users: UsersService) {}

  async resolve({ user }: SignedInRequest) {
    return user && { subject: user.id, phoneNumber: await this.users.phoneOf(user.id) };
  }
}

@UseGuards(AuthGuard('jwt')) // on the class: it runs before the guard of a handler
@Controller('payouts')
export class PayoutsController {
  @Post()
  @RequireOtp('payout', { binding: ({ body }) => ({ amount: body?.amount, payee: body?.iban }) })
  pay(@Body() { amount, iban }: PayoutDto, @OtpProof() proof: VerifiedOtp) {
    return { amount, iban, by: proof.subject };
  }
}

@Module({
  imports: [
    PassportModule,
    OtpModule.forRoot({
      serviceName: 'Acme',
      secrets: [process.env['OTP_SECRET'] ?? ''],
      purposes,
      caller: AppOtpCaller,
    }),
  ],
  controllers: [PayoutsController],
  providers: [AppOtpCaller, JwtStrategy, UsersService],
})
export class AppModule {}
// #endregion example
