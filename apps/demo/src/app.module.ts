import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { memoryStore, OtpModule, type OtpLimitOptions, type OtpStore } from 'nestjs-sms-otp';
import { redisStore } from 'nestjs-sms-otp/redis';
import { AccountPageController } from './account/account-page.controller.js';
import { AccountsService } from './accounts/accounts.service.js';
import { Passwords } from './accounts/passwords.js';
import { SampleCustomer } from './accounts/sample-customer.js';
import { AttackController } from './attack/attack.controller.js';
import { attackProviders } from './attack/attack.providers.js';
import { ROOM_FOR_ATTACKS } from './attack/room-for-attacks.js';
import { isTarget } from './attack/targets.js';
import { CLOCK, type Clock } from './clock.js';
import { CODE_FLOWS, type CodeFlow } from './code-step/code-flow.js';
import { CodeStepService } from './code-step/code-step.service.js';
import { CodeController } from './code-step/code.controller.js';
import { DEMO_CONFIG, type DemoConfig } from './config.js';
import { DeskAccessController } from './desk/access/desk-access.controller.js';
import { DeskAccessService } from './desk/access/desk-access.service.js';
import { DeskFlow } from './desk/access/desk.flow.js';
import { DeskController } from './desk/desk.controller.js';
import { deskProviders } from './desk/desk.providers.js';
import { DevInboxController } from './handset/dev-inbox.controller.js';
import { SimulatedCarrier } from './handset/simulated-carrier.js';
import { SimulatedPhone } from './handset/simulated-phone.js';
import { KnownBrowsers } from './known-browser/known-browsers.service.js';
import { Notices } from './notices/notices.js';
import { NewNumberFlow } from './number-change/new-number.flow.js';
import { NumberChangeController } from './number-change/number-change.controller.js';
import { NumberChangeService } from './number-change/number-change.service.js';
import { OldNumberFlow } from './number-change/old-number.flow.js';
import { AssetsController } from './pages/assets.controller.js';
import { NotFoundFilter } from './pages/not-found.filter.js';
import { PageRenderer } from './pages/page-renderer.js';
import { purposes } from './purposes.js';
import { MemoryRecordStore } from './records/memory-record.store.js';
import { RECORD_STORE, type RecordStore } from './records/record.store.js';
import { Records } from './records/records.js';
import { RedisRecordStore } from './records/redis-record.store.js';
import { Seal } from './records/seal.js';
import { AccountController } from './session/account.controller.js';
import { SessionController } from './session/session.controller.js';
import { SessionService } from './session/session.service.js';
import { PasswordController } from './sign-in/password.controller.js';
import { SecondFactorFlow } from './sign-in/second-factor.flow.js';
import { SignInController } from './sign-in/sign-in.controller.js';
import { SignInFlow } from './sign-in/sign-in.flow.js';
import { SignUpController } from './sign-up/sign-up.controller.js';
import { SignUpFlow } from './sign-up/sign-up.flow.js';
import { TransferController } from './transfer/transfer.controller.js';
import { TransferFlow } from './transfer/transfer.flow.js';
import { LocalHostGuard } from './web/local-host.guard.js';

export interface AppModuleOptions {
  readonly config: DemoConfig;
  /** Instead of the one that the configuration asks for; tests give one with a clock of theirs. */
  readonly store?: OtpStore;
  /** @default the system's */
  readonly clock?: Clock;
}

/** What the bank is ready to pay for messages, in US dollars a day; the desk shows how much of it is used. */
const LIMITS: OtpLimitOptions = { money: { perDay: 200 } };

/** Everything that is done with a code. */
const FLOWS = [SignInFlow, SecondFactorFlow, SignUpFlow, TransferFlow, OldNumberFlow, NewNumberFlow, DeskFlow];

const CONTROLLERS = [
  SignInController,
  PasswordController,
  SignUpController,
  CodeController,
  AccountPageController,
  TransferController,
  NumberChangeController,
  SessionController,
  AccountController,
  DeskAccessController,
  DeskController,
  AssetsController,
];

@Module({})
export class AppModule {
  static forRoot({
    config,
    store = otpStore(config),
    clock = { now: () => Date.now() },
  }: AppModuleOptions): DynamicModule {
    const { production, origin, secrets, indexSecret, trustedProxies, countries } = config;
    const limits = production ? LIMITS : { ...LIMITS, ...ROOM_FOR_ATTACKS };
    const phone = new SimulatedPhone({ isTarget, reports: !production, now: () => clock.now() });
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
          // The module listens for receipts only where it knows its address; the simulated carrier finds it by itself.
          ...(!production && { publicUrl: 'http://localhost' }),
          ...(countries !== undefined && { destinations: { countries } }),
          limits,
          trustedProxies,
          production,
        }),
      ],
      controllers: [...CONTROLLERS, ...(production ? [] : [DevInboxController, AttackController])],
      providers: [
        { provide: DEMO_CONFIG, useValue: config },
        { provide: APP_GUARD, useClass: LocalHostGuard },
        { provide: CLOCK, useValue: clock },
        { provide: SimulatedPhone, useValue: phone },
        { provide: RECORD_STORE, useValue: recordStore(config, clock) },
        { provide: Seal, useValue: new Seal(config) },
        Records,
        AccountsService,
        Passwords,
        SessionService,
        PageRenderer,
        NotFoundFilter,
        Notices,
        KnownBrowsers,
        NumberChangeService,
        DeskAccessService,
        ...FLOWS,
        { provide: CODE_FLOWS, useFactory: (...flows: CodeFlow[]) => flows, inject: FLOWS },
        CodeStepService,
        ...deskProviders({ config, limits, now: () => clock.now() }),
        ...(production ? [] : [SimulatedCarrier, SampleCustomer, ...attackProviders()]),
      ],
    };
  }
}

function otpStore({ redisUrl, namespace }: DemoConfig): OtpStore {
  return redisUrl === undefined ? memoryStore({ namespace }) : redisStore({ url: redisUrl, namespace });
}

function recordStore({ redisUrl, namespace }: DemoConfig, clock: Clock): RecordStore {
  return redisUrl === undefined
    ? new MemoryRecordStore({ now: () => clock.now() })
    : new RedisRecordStore({ url: redisUrl, namespace });
}
