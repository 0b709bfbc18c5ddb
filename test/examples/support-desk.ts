import { type CanActivate, type ExecutionContext, ForbiddenException, Module } from '@nestjs/common';
import { OtpModule } from 'nestjs-sms-otp';
import { purposes } from './purposes.js';

interface AgentRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  agent: { readonly id: string };
}

/** Stands in for an application's own authentication of its support desk. */
@Injectable()
export class AgentGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<AgentRequest>();
    const id = request.headers['x-agent'];
    if (id === undefined) {
      throw new ForbiddenException();
    }
    request.agent = { id };
    return true;
  }
}

// #region example
import { Body, Controller, HttpCode, Injectable, Post, Req, UseGuards } from '@nestjs/common';
import { OtpAdmin } from 'nestjs-sms-otp';

@UseGuards(AgentGuard) // OtpAdmin checks no permission
@Controller('support')
export class SupportController {
  constructor(private readonly admin: OtpAdmin) {}

  @Post('status') // no GET: a number in an address gets into logs
  @HttpCode(200)
  status(@Body('phoneNumber') phoneNumber: string) {
    return this.admin.status(phoneNumber);
  }

  @Post('unlock')
  @HttpCode(200)
  unlock(@Body('phoneNumber') phoneNumber: string, @Body('reason') reason: string, @Req() { agent }: AgentRequest) {
    return this.admin.unlock(phoneNumber, { actor: agent.id, reason });
  }

  @Post('erase')
  @HttpCode(200)
  erase(@Body('phoneNumber') phoneNumber: string, @Req() { agent }: AgentRequest) {
    return this.admin.erase(phoneNumber, { actor: agent.id });
  }

  @Post('revoke-proofs')
  @HttpCode(200)
  revokeProofs(@Body('phoneNumber') phoneNumber: string, @Req() { agent }: AgentRequest) {
    return this.admin.revokeProofs(phoneNumber, { actor: agent.id });
  }
}
// #endregion example

@Module({
  imports: [OtpModule.forRoot({ serviceName: 'Acme', secrets: [process.env['OTP_SECRET'] ?? ''], purposes })],
  controllers: [SupportController],
  providers: [AgentGuard],
})
export class AppModule {}
