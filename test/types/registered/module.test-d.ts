import { type DynamicModule, Injectable, SetMetadata } from '@nestjs/common';
import { hmacSha256, memoryStore, type OtpCaller, OtpModule, type OtpOptions } from 'nestjs-sms-otp';
import { expectTypeOf, it } from 'vitest';
import { type AppRequest, purposes } from './otp-register.js';

@Injectable()
class AppOtpCaller implements OtpCaller {
  async resolve({ user }: AppRequest) {
    return { subject: user.id, phoneNumber: '+31612345678' };
  }
}

class Config {
  readonly secrets: readonly string[] = [];
}

const options = { serviceName: 'Acme', secrets: [''], purposes } as const satisfies OtpOptions;

it('forRoot takes options, and beside them what routes and guards need', () => {
  expectTypeOf(OtpModule.forRoot(options)).toEqualTypeOf<DynamicModule>();
  const routes = { path: 'otp', decorators: [SetMetadata('public', true)] };
  OtpModule.forRoot({ ...options, isGlobal: false, routes, caller: AppOtpCaller });
  OtpModule.forRoot({ ...options, routes: false, store: memoryStore(), hashing: hmacSha256() });
});

it('options that are wrong do not compile', () => {
  // @ts-expect-error purposes are missing
  OtpModule.forRoot({ serviceName: 'Acme', secrets: [''] });
  // @ts-expect-error a ring of secrets
  OtpModule.forRoot({ ...options, secrets: '' });
  // @ts-expect-error no such option
  OtpModule.forRoot({ ...options, secret: '' });
  // @ts-expect-error opened stores, not their addresses
  OtpModule.forRoot({ ...options, store: 'redis://127.0.0.1' });
  // @ts-expect-error a list of transports
  OtpModule.forRoot({ ...options, transports: { name: 'acme' } });
  // @ts-expect-error no such limit
  OtpModule.forRoot({ ...options, limits: { person: {} } });
  // @ts-expect-error whether routes are there, and where
  OtpModule.forRoot({ ...options, routes: true });
  // @ts-expect-error a class, which is found on first use
  OtpModule.forRoot({ ...options, caller: new AppOtpCaller() });
  // @ts-expect-error a class that knows no callers
  OtpModule.forRoot({ ...options, caller: Config });
  // @ts-expect-error a class that is no OtpGuard
  OtpModule.forRoot({ ...options, guard: Config });
});

it('forRootAsync keeps what routes and guards need outside its factory', () => {
  const module = OtpModule.forRootAsync({
    isGlobal: true,
    routes: { path: 'otp' },
    caller: AppOtpCaller,
    imports: [],
    inject: [Config],
    useFactory: ({ secrets }: Config): OtpOptions => ({ ...options, secrets }),
  });
  expectTypeOf(module).toEqualTypeOf<DynamicModule>();
  OtpModule.forRootAsync({ useFactory: async () => options });

  // @ts-expect-error the options are not complete
  OtpModule.forRootAsync({ useFactory: () => ({ serviceName: 'Acme' }) });
  // @ts-expect-error options of the module itself
  OtpModule.forRootAsync({ useFactory: () => options, serviceName: 'Acme' });
  // @ts-expect-error routes are built before the factory runs
  OtpModule.forRootAsync({ useFactory: (): OtpOptions => ({ ...options, routes: false }) });
});
