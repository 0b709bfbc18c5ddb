import { AppOtpCaller } from './passport.js';
import { purposes } from './purposes.js';
import { type PayoutDto, UsersService } from './step-up.js';

// #region example
import {
  Body,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Injectable,
  Module,
  Post,
  SetMetadata,
  UnauthorizedException,
} from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import { JwtModule, JwtService } from '@nestjs/jwt';
import { OtpModule, OtpProof, RequireOtp, type VerifiedOtp } from 'nestjs-sms-otp';

interface SignedInRequest {
  readonly headers: { readonly authorization?: string };
  user?: { readonly id: string };
}

const IS_PUBLIC = 'isPublic';
export const Public = () => SetMetadata(IS_PUBLIC, true);

@Injectable()
export class JwtAuthGuard implements CanActivate {
  constructor(
    private readonly jwt: JwtService,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.getAllAndOverride<boolean>(IS_PUBLIC, [context.getHandler(), context.getClass()])) {
      return true;
    }
    const request = context.switchToHttp().getRequest<SignedInRequest>();
    const [type, token] = request.headers.authorization?.split(' ') ?? [];
    try {
      const { sub } = await this.jwt.verifyAsync<{ sub: string }>(type === 'Bearer' && token ? token : '');
      request.user = { id: sub };
    } catch {
      throw new UnauthorizedException();
    }
    return true;
  }
}

@Controller('payouts')
export class PayoutsController {
  @Post()
  @RequireOtp('payout', { binding: ({ body }) => ({ amount: body?.amount, payee: body?.iban }) })
  pay(@Body() { amount, iban }: PayoutDto, @OtpProof() proof: VerifiedOtp) {
    return { amount, iban, by: proof.subject };
  }

  @Get('fees')
  @Public()
  fees() {
    return { percent: 1 };
  }
}

@Module({
  imports: [
    JwtModule.register({
      secret: process.env['JWT_SECRET'] ?? '',
      signOptions: { expiresIn: '15m' },
      verifyOptions: { algorithms: ['HS256'] },
    }),
    OtpModule.forRoot({
      serviceName: 'Acme',
      secrets: [process.env['OTP_SECRET'] ?? ''],
      purposes,
      caller: AppOtpCaller, // as above
      routes: { decorators: [Public()] }, // the global guard would close the built-in routes
    }),
  ],
  controllers: [PayoutsController],
  providers: [AppOtpCaller, UsersService, { provide: APP_GUARD, useClass: JwtAuthGuard }],
})
export class AppModule {}
// #endregion example
