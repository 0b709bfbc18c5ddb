import { Module, type DynamicModule } from '@nestjs/common';
import { memoryStore, OtpModule, type OtpStore } from 'nestjs-sms-otp';
import { redisStore } from 'nestjs-sms-otp/redis';
import type { DemoConfig } from './config.js';
import { DevInboxController } from './dev-inbox/dev-inbox.controller.js';
import { SimulatedPhone } from './dev-inbox/simulated-phone.js';
import { PageSender } from './pages/page-sender.js';
import { Pages } from './pages/pages.js';
import { PagesController } from './pages/pages.controller.js';
import { purposes } from './purposes.js';
import { AccountController } from './session/account.controller.js';
import { MemorySessionStore } from './session/memory-session.store.js';
import { RedisSessionStore } from './session/redis-session.store.js';
import { SessionController } from './session/session.controller.js';
import { SessionService } from './session/session.service.js';
import { SESSION_STORE, type SessionStore } from './session/session.store.js';

export interface AppModuleOptions {
  readonly config: DemoConfig;
  /** Instead of the one that the configuration asks for; tests give one with a clock of theirs. */
  readonly store?: OtpStore;
}

@Module({})
export class AppModule {
  static forRoot({ config, store = otpStore(config) }: AppModuleOptions): DynamicModule {
    const { production, origin, secrets, indexSecret, trustedProxies, countries } = config;
    const phone = new SimulatedPhone();
    return {
      module: AppModule,
      imports: [
        OtpModule.forRoot({
          serviceName: 'Tern Bank',
          purposes,
          ...(origin !== undefined && { origin }),
          secrets,
          ...(indexSecret !== undefined && { indexSecret }),
          store,
          transports: [phone],
          ...(countries !== undefined && { destinations: { countries } }),
          trustedProxies,
          production,
        }),
      ],
      controllers: [PagesController, SessionController, AccountController, ...(production ? [] : [DevInboxController])],
      providers: [
        { provide: SimulatedPhone, useValue: phone },
        { provide: Pages, useValue: new Pages(config) },
        { provide: SESSION_STORE, useValue: sessionStore(config) },
        PageSender,
        SessionService,
      ],
    };
  }
}

function otpStore({ redisUrl, namespace }: DemoConfig): OtpStore {
  return redisUrl === undefined ? memoryStore({ namespace }) : redisStore({ url: redisUrl, namespace });
}

function sessionStore({ redisUrl, namespace }: DemoConfig): SessionStore {
  return redisUrl === undefined ? new MemorySessionStore() : new RedisSessionStore({ url: redisUrl, namespace });
}
