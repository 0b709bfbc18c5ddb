import { purposes } from './purposes.js';
import type { PayoutDto } from './step-up.js';

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

  async idOf(phoneNumber: string): Promise<string | undefined> {
    return [...this.phones].find(([, phone]) => phone === phoneNumber)?.[0];
  }
}

// #region guard
import {
  Body,
  type CanActivate,
  Controller,
  Delete,
  type ExecutionContext,
  Get,
  HttpCode,
  Injectable,
  Module,
  Post,
  Req,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import { type OtpCaller, OtpModule, OtpProof, RequireOtp, type VerifiedOtp, VerifiedPhone } from 'nestjs-sms-otp';
import { promisify } from 'node:util';

/** What express-session puts on a request, as far as it is used here. */
export interface SessionRequest {
  session: {
    readonly id: string;
    userId?: string;
    basket?: string[];
    regenerate(done: (error?: unknown) => void): void;
    destroy(done: (error?: unknown) => void): void;
  };
}

@Injectable()
export class SessionGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { session } = context.switchToHttp().getRequest<SessionRequest>();
    if (session.userId === undefined) {
      throw new UnauthorizedException();
    }
    return true;
  }
}

@Injectable()
export class AppOtpCaller implements OtpCaller {
  constructor(private readonly users: UsersService) {}

  async resolve({ session: { id, userId } }: SessionRequest) {
    if (userId === undefined) {
      return undefined;
    }
    // A code is then worth nothing in another session, not even in one of the same account.
    return { subject: userId, phoneNumber: await this.users.phoneOf(userId), session: id };
  }
}

@UseGuards(SessionGuard)
@Controller('payouts')
export class PayoutsController {
  @Post()
  @RequireOtp('payout', { binding: ({ body }) => ({ amount: body?.amount, payee: body?.iban }) })
  pay(@Body() { amount, iban }: PayoutDto, @OtpProof() proof: VerifiedOtp) {
    return { amount, iban, by: proof.subject };
  }
}
// #endregion guard

// #region login
@Controller('session')
export class SessionController {
  constructor(private readonly users: UsersService) {}

  /** The built-in routes give a proof; here it is traded for a session. */
  @Post()
  @RequireOtp('login', { mode: 'proof', singleUse: true })
  async signIn(@VerifiedPhone() phoneNumber: string, @Req() request: SessionRequest) {
    const userId = await this.users.idOf(phoneNumber);
    if (userId === undefined) {
      throw new UnauthorizedException();
    }
    // Whoever knew the id until now, or planted it in this browser, is left with nothing (session fixation).
    await promisify((done: (error?: unknown) => void) => request.session.regenerate(done))();
    request.session.userId = userId;
    return { userId };
  }

  @Get()
  @UseGuards(SessionGuard)
  whoAmI(@Req() { session: { userId } }: SessionRequest) {
    return { userId };
  }

  @Delete()
  @HttpCode(204)
  async signOut(@Req() { session }: SessionRequest) {
    await promisify((done: (error?: unknown) => void) => session.destroy(done))();
  }
}
// #endregion login

/** Sessions begin before anybody signs in. */
@Controller('basket')
export class BasketController {
  @Post()
  add(@Req() { session }: SessionRequest, @Body() { item }: { readonly item: string }) {
    session.basket = [...(session.basket ?? []), item];
    return { items: session.basket };
  }
}

@Module({
  imports: [
    OtpModule.forRoot({
      serviceName: 'Acme',
      secrets: [process.env['OTP_SECRET'] ?? ''],
      purposes,
      caller: AppOtpCaller,
    }),
  ],
  controllers: [BasketController, PayoutsController, SessionController],
  providers: [AppOtpCaller, UsersService],
})
export class AppModule {}

// #region middleware
import type { INestApplication } from '@nestjs/common';
import session from 'express-session';

export function useSessions(app: INestApplication): void {
  app.use(
    session({
      name: '__Host-session',
      secret: process.env['SESSION_SECRET'] ?? '',
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, secure: true, sameSite: 'lax', path: '/' },
    }),
  );
}
// #endregion middleware
