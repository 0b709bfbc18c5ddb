import { Controller, Get, Injectable, Post, Scope, SetMetadata, type Type } from '@nestjs/common';
import {
  defineOtpPurposes,
  OtpGuard,
  type OtpCaller,
  RequireOtp,
  type RequireOtpOptions,
  SkipOtp,
} from 'nestjs-sms-otp';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Evidence, textCanary } from '../support/leak-search.js';
import { type OtpApp, type OtpAppOptions, startOtpApp } from '../support/otp-app.js';

const purposes = defineOtpPurposes({
  login: { start: 'public' },
  confirm: { audience: ['https://ledger.acme.example'] },
  payout: { binding: z.object({ amount: z.string() }) },
});

@Injectable()
class Caller implements OtpCaller {
  resolve() {
    return undefined;
  }
}

@Injectable({ scope: Scope.REQUEST })
class RequestScopedCaller extends Caller {}

/** A controller with one handler, which asks for this. */
function asking(purpose: string, options: RequireOtpOptions = {}): Type {
  @Controller()
  class Payouts {
    @Post('payouts')
    @RequireOtp(purpose, options)
    pay() {
      return {};
    }
  }
  return Payouts;
}

const binding = () => ({ amount: '12.00' });
/** What a compiler does not see, as in an application that is written in JavaScript. */
const unchecked = (options: object): RequireOtpOptions => options;

describe('what is wrong with @RequireOtp() is told at the start', () => {
  let otp: OtpApp | undefined;
  let evidence: Evidence;

  afterEach(async () => {
    await otp?.close();
    otp = undefined;
  });

  async function start(controllers: readonly Type[], options: OtpAppOptions = {}): Promise<void> {
    evidence = new Evidence();
    const providers = [Caller, ...(options.metadata?.providers ?? [])];
    otp = await startOtpApp({
      purposes,
      caller: Caller,
      configure: (app) => app.useLogger(evidence.logger()),
      ...options,
      metadata: { controllers: [...controllers], providers },
    });
  }

  const warned = (text: string) => evidence.search([textCanary(text, text)], /^log warn/).length;

  it.each<[string, Type, string]>([
    ['a purpose that is not declared', asking('pay-out'), "purpose 'pay-out' is not declared in the option `purposes`"],
    ['a name that every object has', asking('constructor'), "purpose 'constructor' is not declared"],
    [
      'no binding where the purpose has one',
      asking('payout'),
      "purpose 'payout' declares a binding, so the decorator needs `binding",
    ],
    ['binding: false there', asking('payout', { binding: false }), "purpose 'payout' declares a binding"],
    [
      'a binding where the purpose has none',
      asking('confirm', { binding }),
      "purpose 'confirm' declares no `binding` schema",
    ],
    [
      'an audience that is not the purpose’s',
      asking('confirm', { audience: 'https://evil.example' }),
      "'https://evil.example' is not in the `audience` of purpose 'confirm'",
    ],
    [
      'an age that is no number',
      asking('confirm', { maxAgeSeconds: Number('one hour') }),
      '`maxAgeSeconds` must be a whole number from 1 to 86400',
    ],
    ['an age that has passed', asking('confirm', { maxAgeSeconds: 0 }), '`maxAgeSeconds` must be'],
    [
      'a mode that there is not',
      asking('confirm', unchecked({ mode: 'Proof' })),
      "`mode` must be 'inline', 'proof' or 'both'",
    ],
  ])('%s', async (_name, controller, mistake) => {
    await expect(start([controller])).rejects.toThrow(`@RequireOtp() cannot work:\n- Payouts.pay: ${mistake}`);
  });

  it.each<[string, Type]>([
    ['a purpose of the application', asking('confirm')],
    ['a purpose of the application, by proof', asking('confirm', { mode: 'proof' })],
    ['a public purpose on the spot', asking('login', { mode: 'inline' })],
  ])('nobody knows who is calling: %s', async (_name, controller) => {
    await expect(start([controller], { caller: undefined })).rejects.toThrow(
      'Payouts.pay: needs to know who is calling: give the module a `caller`, or the decorator `phoneNumber`',
    );
  });

  it('all mistakes are told at once', async () => {
    await expect(start([asking('none'), asking('payout'), asking('confirm')], { caller: undefined })).rejects.toThrow(
      /^@RequireOtp\(\) cannot work:(\n- Payouts\.pay: .+){4}$/,
    );
  });

  it.each<[string, Type<OtpCaller>]>([
    ['is no provider', class Unknown extends Caller {}],
    ['is made anew for each request', RequestScopedCaller],
  ])('a caller that %s', async (_name, caller) => {
    const starting = start([], { caller, metadata: { providers: [RequestScopedCaller] } });
    await expect(starting).rejects.toThrow(
      `the caller ${caller.name} is no provider of the application, or not a singleton`,
    );
  });

  it('handlers of providers count as well: resolvers, gateways', async () => {
    @Injectable()
    class Resolver {
      @SetMetadata('a resolver’s', true)
      @RequireOtp('none')
      pay() {
        return {};
      }
    }
    await expect(start([], { metadata: { providers: [Resolver] } })).rejects.toThrow('- Resolver.pay: purpose');
  });

  it.each<[string, Type, OtpAppOptions?]>([
    ['all is there', asking('payout', { binding })],
    ['a short form of the caller', asking('confirm', { phoneNumber: () => undefined }), { caller: undefined }],
    ['a login by proof needs nobody', asking('login', { mode: 'proof' }), { caller: undefined }],
    ['an audience of the purpose', asking('confirm', { audience: 'https://ledger.acme.example' })],
    [
      'a guard of one’s own may know the callers',
      asking('confirm'),
      { caller: undefined, guard: class Own extends OtpGuard {} },
    ],
  ])('no mistake: %s', async (_name, controller, options = {}) => {
    await expect(start([controller], options)).resolves.toBeUndefined();
  });

  it('of a class only handlers count: what it asks for itself need not be whole', async () => {
    @RequireOtp('payout', { mode: 'inline' })
    @Controller()
    class Payouts {
      @Post('payouts')
      @RequireOtp('payout', { binding })
      pay() {
        return this.total();
      }

      @Get('payouts')
      @SkipOtp()
      list() {
        return [];
      }

      total() {
        return 0;
      }

      onModuleInit() {
        return undefined;
      }
    }
    await start([Payouts]);
    expect(warned('are bound to the route')).toBe(0);
  });

  it('A4 a body that nothing is bound to is warned of, with all handlers in one line', async () => {
    @RequireOtp('confirm')
    @Controller()
    class Settings {
      @Post('limits')
      limits() {
        return {};
      }

      @Post('address')
      @RequireOtp('confirm', { singleUse: true })
      address() {
        return {};
      }
    }
    await start([Settings]);
    expect(
      warned('The codes of Settings.limits, Settings.address are bound to the route and not to what is sent'),
    ).toBe(1);
  });

  it.each<[string, Type]>([
    ['it says that nothing matters', asking('confirm', { binding: false })],
    ['it takes proofs alone', asking('confirm', { mode: 'proof' })],
    ['there is a binding', asking('payout', { binding })],
  ])('no warning: %s', async (_name, controller) => {
    await start([controller]);
    expect(warned('are bound to the route')).toBe(0);
  });
});
