import { Body, Controller, Injectable, Module, Post, UnauthorizedException } from '@nestjs/common';
import {
  type ChallengeView,
  OtpClient,
  type OtpClientInfo,
  OtpModule,
  OtpService,
  toOtpException,
} from 'nestjs-sms-otp';
import { randomUUID } from 'node:crypto';
import { purposes } from './purposes.js';

export interface LoginDto {
  readonly name: string;
  readonly password: string;
}

export interface CodeDto {
  readonly challengeId: string;
  readonly code: string;
}

interface User {
  readonly id: string;
  readonly phone: string;
}

/** Stands in for an application's own table; a real one hashes passwords and checks the bodies it gets. */
@Injectable()
export class UsersService {
  async checkPassword({ name, password }: LoginDto): Promise<User> {
    if (name !== 'ada' || password !== 'correct horse') {
      throw new UnauthorizedException();
    }
    return { id: 'user-1', phone: '+31612345678' };
  }
}

@Injectable()
export class TokensService {
  for(subject: string | undefined, methods: readonly string[]) {
    return { token: randomUUID(), subject, methods };
  }
}

// #region example
@Controller()
export class LoginController {
  constructor(
    private readonly users: UsersService,
    private readonly otp: OtpService,
    private readonly tokens: TokensService,
  ) {}

  @Post('login')
  async login(@Body() dto: LoginDto, @OtpClient() client: OtpClientInfo): Promise<ChallengeView> {
    const user = await this.users.checkPassword(dto);
    const result = await this.otp.issue({ purpose: 'second', subject: user.id, phoneNumber: user.phone, client });
    if (result.outcome !== 'issued') {
      throw toOtpException(result);
    }
    return result.challenge; // the JSON of the built-in route
  }

  @Post('login/code')
  async code(@Body() dto: CodeDto, @OtpClient() client: OtpClientInfo) {
    const { challengeId, code } = dto;
    const result = await this.otp.verify({ purpose: 'second', challengeId, code, client });
    if (result.outcome !== 'verified') {
      throw toOtpException(result);
    }
    return this.tokens.for(result.subject, ['pwd', ...result.amr]);
  }
}
// #endregion example

@Module({
  imports: [OtpModule.forRoot({ serviceName: 'Acme', secrets: [process.env['OTP_SECRET'] ?? ''], purposes })],
  controllers: [LoginController],
  providers: [UsersService, TokensService],
})
export class AppModule {}
