import { Controller, ForbiddenException, Get, UseGuards } from '@nestjs/common';
import { OtpThrottle } from 'nestjs-sms-otp';
import { AccountGuard, type AccountRequest } from './guarded-app.js';

/** Keys that an application gets wrong, by the header of the request. */
const KEYS: Readonly<Record<string, () => string | Promise<string>>> = {
  thrown: () => {
    throw new Error('the accounts are not there, said secret-account');
  },
  rejected: () => Promise.reject(new Error('the accounts are not there, said secret-account')),
  forbidden: () => {
    throw new ForbiddenException();
  },
  empty: () => '',
  promised: () => Promise.resolve(''),
  // What a compiler does not see: a member that is not there, an id that is a number.
  missing: () => JSON.parse('{}').id,
  number: () => JSON.parse('4711'),
  object: () => JSON.parse('["secret-account"]'),
};

const account = (request: AccountRequest): string => request.account ?? '';

/** Limited handlers of every kind; `calls` lists those that ran. */
export function throttledControllers() {
  const calls: string[] = [];
  const run = (name: string) => {
    calls.push(name);
    return {};
  };

  @UseGuards(AccountGuard)
  @Controller()
  class QuotesController {
    @Get('quote')
    @OtpThrottle([{ name: 'quote', limit: 3, windowSeconds: 60, key: account }])
    quote() {
      return run('quote');
    }

    @Get('quote/failing')
    @OtpThrottle([{ name: 'failing', limit: 2, windowSeconds: 60, key: account }])
    failing() {
      run('failing');
      throw new Error('after the guard');
    }

    @Get('ten')
    @OtpThrottle([{ name: 'ten', limit: 10, windowSeconds: 60, key: async (request) => account(request) }])
    ten() {
      return run('ten');
    }

    @Get('two')
    @OtpThrottle([
      { name: 'two.burst', limit: 1, windowSeconds: 10, key: account },
      { name: 'two.hour', limit: 3, windowSeconds: 3600, key: account },
    ])
    two() {
      return run('two');
    }

    @Get('address')
    @OtpThrottle([{ name: 'address', limit: 1, windowSeconds: 60 }])
    address() {
      return run('address');
    }

    @Get('broken')
    @OtpThrottle([{ name: 'broken', limit: 5, windowSeconds: 60, key: (request) => KEYS[account(request)]?.() ?? '' }])
    broken() {
      return run('broken');
    }

    @Get('open')
    open() {
      return run('open');
    }
  }

  /** Shares the budget of the other controller's `quote`; its own window makes another one. */
  @UseGuards(AccountGuard)
  @Controller('other')
  class OtherController {
    @Get('quote')
    @OtpThrottle([{ name: 'quote', limit: 3, windowSeconds: 60, key: account }])
    quote() {
      return run('other/quote');
    }

    @Get('slow-quote')
    @OtpThrottle([{ name: 'quote', limit: 3, windowSeconds: 61, key: account }])
    slowQuote() {
      return run('other/slow-quote');
    }
  }

  @OtpThrottle([{ name: 'class', limit: 4, windowSeconds: 60, key: account }])
  @UseGuards(AccountGuard)
  @Controller('class')
  class LimitedController {
    @Get('plain')
    plain() {
      return run('class/plain');
    }

    @Get('own')
    @OtpThrottle([{ name: 'own', limit: 1, windowSeconds: 30, key: account }])
    own() {
      return run('class/own');
    }

    @Get('same')
    @OtpThrottle([{ name: 'class', limit: 2, windowSeconds: 60, key: account }])
    same() {
      return run('class/same');
    }
  }

  return { calls, controllers: [QuotesController, OtherController, LimitedController] };
}
