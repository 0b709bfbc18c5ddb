import {
  Controller,
  Inject,
  Injectable,
  type LoggerService,
  Post,
  type Provider,
  Scope,
  type Type,
} from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { Mutation, Query, Resolver } from '@nestjs/graphql';
import { OtpGuard, OtpThrottle, RequireOtp } from 'nestjs-sms-otp';
import { afterEach, describe, expect, it } from 'vitest';
import { GRAPHQL_SERVERS } from '../support/graphql-app.js';
import { callHttp } from '../support/http.js';
import { type OtpApp, type OtpAppOptions, startOtpApp } from '../support/otp-app.js';

const Guarded = (purpose = 'second') => RequireOtp(purpose, { binding: false, phoneNumber: () => undefined });

/** As decorators for transactions, caches and logs do. */
const Wrapped = (): MethodDecorator => (_target, _name, descriptor: PropertyDescriptor) => {
  const inner: unknown = descriptor.value;
  if (typeof inner === 'function') {
    descriptor.value = function wrapped(this: unknown, ...args: unknown[]): unknown {
      return Reflect.apply(inner, this, args);
    };
  }
};

describe('case 75 a handler that looks protected and is not', () => {
  let app: OtpApp | undefined;
  let warnings: unknown[];

  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  async function start(options: OtpAppOptions): Promise<void> {
    warnings = [];
    const logger: LoggerService = {
      log: () => undefined,
      error: () => undefined,
      warn: (message: unknown) => warnings.push(message),
    };
    app = await startOtpApp({
      purposes: { login: { start: 'public' }, second: {} },
      ...options,
      configure: (created) => created.useLogger(logger),
    });
  }

  it('a decorator above that puts another function in its place takes the guard away: the start is refused', async () => {
    @Controller('payouts')
    class PayoutsController {
      @Post()
      @Wrapped()
      @Guarded()
      pay() {}
    }
    await expect(start({ metadata: { controllers: [PayoutsController] } })).rejects.toThrow(
      /PayoutsController\.pay: a decorator above took the guard away/,
    );
  });

  it('so it is with a limit of one’s own', async () => {
    @Controller('quotes')
    class QuotesController {
      @Post()
      @Wrapped()
      @OtpThrottle([{ name: 'quotes', limit: 1, windowSeconds: 60 }])
      quote() {}
    }
    await expect(start({ metadata: { controllers: [QuotesController] } })).rejects.toThrow(/QuotesController\.quote: /);
  });

  it('so it is where a subclass inherits the handler', async () => {
    class Base {
      @Post()
      @Wrapped()
      @Guarded()
      pay() {}
    }
    @Controller('payouts')
    class PayoutsController extends Base {}
    await expect(start({ metadata: { controllers: [PayoutsController] } })).rejects.toThrow(/PayoutsController\.pay: /);
  });

  it('below, such a decorator is guarded with its handler', async () => {
    @Controller('payouts')
    class PayoutsController {
      @Post()
      @Guarded()
      @Wrapped()
      pay() {}
    }
    await start({ metadata: { controllers: [PayoutsController] } });
    expect((await callHttp(app?.url ?? '', { method: 'POST', path: '/payouts' })).status).toBe(401);
  });

  @Injectable()
  class GuardedMethod {
    @Guarded()
    pay() {}
  }

  @Guarded()
  @Injectable()
  class GuardedService {
    pay() {}
  }

  it.each<[string, Type, string]>([
    ['a method of a service', GuardedMethod, 'GuardedMethod.pay'],
    ['a service', GuardedService, 'GuardedService'],
  ])('%s, before which no guard stands, is told', async (_name, service, told) => {
    await start({ metadata: { providers: [service] } });
    expect(warnings).toEqual([expect.stringContaining(`@RequireOtp() protects nothing on ${told}, unless`)]);
  });

  @Resolver()
  class HandmadeResolver {
    @Query(() => String)
    hello() {
      return 'hello';
    }

    @Mutation(() => String)
    @Guarded()
    rename() {
      return 'renamed';
    }
  }

  describe.each(GRAPHQL_SERVERS)('a resolver, on $name', (server) => {
    const startWith = (...providers: Provider[]) =>
      start({ adapter: server.adapter, metadata: { imports: [server.module({})], providers } });

    it.each<[string, Provider]>([
      ['useFactory', { provide: 'resolver', useFactory: () => new HandmadeResolver() }],
      ['useFactory under its own name', { provide: HandmadeResolver, useFactory: () => new HandmadeResolver() }],
      ['useValue', { provide: 'resolver', useValue: new HandmadeResolver() }],
    ])('by %s has no guards: the start is refused', async (_name, provider) => {
      await expect(startWith(provider)).rejects.toThrow(/HandmadeResolver: is provided by useFactory or useValue/);
    });

    it.each<[string, Provider[]]>([
      ['as a class', [HandmadeResolver]],
      ['by useClass', [{ provide: 'resolver', useClass: HandmadeResolver }]],
      ['under another name as well', [HandmadeResolver, { provide: 'alias', useExisting: HandmadeResolver }]],
    ])('%s is guarded', async (_name, providers) => {
      await startWith(...providers);
      const body = { query: 'mutation { rename }' };
      const answer = await callHttp(app?.url ?? '', { method: 'POST', path: '/graphql', body });
      expect(answer.text).not.toContain('renamed');
      expect(answer.text).toContain('Unauthorized');
    });
  });

  it('a guard of one’s own that lives for one request does not switch the check off', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class RequestGuard extends OtpGuard {
      @Inject(REQUEST) readonly request?: object;
    }
    @Controller('payouts')
    class PayoutsController {
      @Post()
      @Guarded('undeclared')
      pay() {}
    }
    await expect(start({ guard: RequestGuard, metadata: { controllers: [PayoutsController] } })).rejects.toThrow(
      /must be singletons/,
    );
  });
});
