import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Injectable,
  Module,
  Post,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import { OtpModule, OtpThrottle } from 'nestjs-sms-otp';
import { purposes } from './purposes.js';

interface SignedInRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  user?: { readonly id: string };
}

/** Stands in for an application's own authentication. */
@Injectable()
export class SessionGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<SignedInRequest>();
    const id = request.headers['x-session'];
    if (id === undefined) {
      throw new UnauthorizedException();
    }
    request.user = { id };
    return true;
  }
}

// #region account
@UseGuards(SessionGuard) // on the class, so that it runs before a handler's limits
@Controller('quotes')
export class QuotesController {
  /** Twenty a minute for each account, over all instances. */
  @Get()
  @OtpThrottle([{ name: 'quote', limit: 20, windowSeconds: 60, key: (request) => request.user.id }])
  quote() {
    return { price: '12.00' };
  }
}
// #endregion account

// #region address
/** Each address twice in ten seconds and ten times a day, in all handlers of the class together. */
@OtpThrottle([
  { name: 'support.burst', limit: 2, windowSeconds: 10 },
  { name: 'support.day', limit: 10, windowSeconds: 86_400 },
])
@Controller('support')
export class SupportController {
  @Post('messages')
  write() {
    return {};
  }

  /** Once a day; a call counts in the limits of the class as well. */
  @Post('calls')
  @OtpThrottle([{ name: 'support.calls', limit: 1, windowSeconds: 86_400 }])
  call() {
    return {};
  }
}
// #endregion address

@Module({
  imports: [OtpModule.forRoot({ serviceName: 'Acme', secrets: [process.env['OTP_SECRET'] ?? ''], purposes })],
  controllers: [QuotesController, SupportController],
})
export class AppModule {}
