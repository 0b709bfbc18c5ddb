import { Controller, Injectable, Module, Post } from '@nestjs/common';
import { OtpModule, RequireOtp, VerifiedPhone } from 'nestjs-sms-otp';
import { randomUUID } from 'node:crypto';
import { purposes } from './purposes.js';

@Injectable()
export class TokensService {
  forPhone(phoneNumber: string) {
    return { token: randomUUID(), phoneNumber };
  }
}

// #region example
@Controller()
export class SessionController {
  constructor(private readonly tokens: TokensService) {}

  // The built-in routes give a proof; it comes back in the header OTP-Proof.
  @Post('session')
  @RequireOtp('login', { mode: 'proof', singleUse: true })
  session(@VerifiedPhone() phoneNumber: string) {
    return this.tokens.forPhone(phoneNumber);
  }
}
// #endregion example

@Module({
  imports: [OtpModule.forRoot({ serviceName: 'Acme', secrets: [process.env['OTP_SECRET'] ?? ''], purposes })],
  controllers: [SessionController],
  providers: [TokensService],
})
export class AppModule {}
