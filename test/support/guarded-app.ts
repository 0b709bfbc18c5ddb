import { type CanActivate, Controller, type ExecutionContext, Get, Injectable, Post, UseGuards } from '@nestjs/common';
import { type OtpCaller, type OtpCallerIdentity, RequireOtp, VerifiedPhone } from 'nestjs-sms-otp';
import { NUMBER } from './http.js';

/** What an application's own authentication would leave on the request: the header's account. */
export interface AccountRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  account?: string | undefined;
}

export const ACCOUNTS: Readonly<Record<string, OtpCallerIdentity>> = {
  victim: { subject: 'user-victim', phoneNumber: NUMBER },
  attacker: { subject: 'user-attacker', phoneNumber: '+31687654321' },
  national: { subject: 'user-national', phoneNumber: '+31 6 1234-5678' },
  numberless: { subject: 'user-numberless', phoneNumber: '' },
};

@Injectable()
export class AccountGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<AccountRequest>();
    request.account = request.headers['x-account'];
    return true;
  }
}

@Injectable()
export class AccountCaller implements OtpCaller {
  resolve(request: AccountRequest): OtpCallerIdentity | undefined {
    if (request.account === 'broken') {
      throw new Error('the accounts are not there');
    }
    return request.account === undefined ? undefined : ACCOUNTS[request.account];
  }
}

/** Protected handlers of every kind; `calls` lists those that ran. */
export function guardedControllers() {
  const calls: string[] = [];

  @Controller()
  class HandlersController {
    @Post('session')
    @RequireOtp('login', { mode: 'proof' })
    session(@VerifiedPhone() phoneNumber: string) {
      calls.push('session');
      return { phoneNumber };
    }

    @Post('fresh')
    @RequireOtp('login', { mode: 'proof', maxAgeSeconds: 60 })
    fresh() {
      calls.push('fresh');
      return {};
    }

    @Post('once')
    @RequireOtp('login', { mode: 'proof', singleUse: true })
    once() {
      calls.push('once');
      return {};
    }

    @Get('once-read')
    @RequireOtp('login', { mode: 'proof', singleUse: true, cookie: 'proof' })
    onceRead() {
      calls.push('once-read');
      return {};
    }

    @Post('once-failing')
    @RequireOtp('login', { mode: 'proof', singleUse: true })
    onceFailing() {
      calls.push('once-failing');
      throw new Error('after the guard');
    }

    @Get('open')
    open() {
      calls.push('open');
      return {};
    }

    @Post('forgotten')
    forgotten(@VerifiedPhone() phoneNumber: string) {
      calls.push('forgotten');
      return { phoneNumber };
    }
  }

  @RequireOtp('second', { mode: 'proof' })
  @UseGuards(AccountGuard)
  @Controller('class')
  class ProtectedController {
    @Post('transfer')
    transfer(@VerifiedPhone() phoneNumber: string) {
      calls.push('transfer');
      return { phoneNumber };
    }

    @Post('login')
    @RequireOtp('login', { mode: 'proof' })
    login() {
      calls.push('login');
      return {};
    }

    @Post('once')
    @RequireOtp('second', { mode: 'proof', singleUse: true })
    once() {
      calls.push('once');
      return {};
    }
  }

  /** Decorators run from the bottom up: here the proof is asked for before anybody is authenticated. */
  @UseGuards(AccountGuard)
  @RequireOtp('second', { mode: 'proof' })
  @Controller('wrong-order')
  class WrongOrderController {
    @Post('transfer')
    transfer() {
      calls.push('wrong-order');
      return {};
    }
  }

  return { calls, controllers: [HandlersController, ProtectedController, WrongOrderController] };
}
