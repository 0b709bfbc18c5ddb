import { Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { Test } from '@nestjs/testing';
import { defineOtpPurposes, type IssueResult, OtpModule, type OtpOptions, OtpService } from 'nestjs-sms-otp';
import { FakeOtp } from 'nestjs-sms-otp/testing';
import { describe, expect, it } from 'vitest';
import { callHttp, NUMBER, OTHER_NUMBER } from '../support/http.js';
import { ADAPTERS, listen, TEST_INDEX_SECRET, TEST_SECRET } from '../support/otp-app.js';

const purposes = defineOtpPurposes({ login: { start: 'public' } });

const SETTINGS = Symbol('settings');

@Module({
  providers: [{ provide: SETTINGS, useFactory: () => Promise.resolve({ serviceName: 'Acme' }) }],
  exports: [SETTINGS],
})
class SettingsModule {}

function optionsOf(config: ConfigService, settings: { readonly serviceName: string }): OtpOptions {
  return {
    ...settings,
    purposes,
    secrets: config.getOrThrow<string>('OTP_SECRETS').split(','),
    indexSecret: config.getOrThrow<string>('OTP_INDEX_SECRET'),
  };
}

const configModule = ConfigModule.forRoot({
  ignoreEnvFile: true,
  load: [() => ({ OTP_SECRETS: `${TEST_SECRET},${TEST_INDEX_SECRET}`, OTP_INDEX_SECRET: TEST_INDEX_SECRET })],
});

const asyncModule = () =>
  OtpModule.forRootAsync({
    imports: [configModule, SettingsModule],
    inject: [ConfigService, SETTINGS],
    useFactory: optionsOf,
    routes: { path: 'auth/otp' },
  });

/** Two modules that do not know of each other, each using the service as soon as it is there. */
@Injectable()
class Accounts implements OnModuleInit {
  issued: IssueResult | undefined;
  constructor(private readonly otp: OtpService) {}

  async onModuleInit(): Promise<void> {
    this.issued = await this.otp.issue({ purpose: 'login', phoneNumber: NUMBER, client: 'none' });
  }
}

@Injectable()
class Payments implements OnModuleInit {
  issued: IssueResult | undefined;
  constructor(private readonly otp: OtpService) {}

  async onModuleInit(): Promise<void> {
    this.issued = await this.otp.issue({ purpose: 'login', phoneNumber: OTHER_NUMBER, client: 'none' });
  }
}

@Module({ providers: [Accounts] })
class AccountsModule {}

@Module({ providers: [Payments] })
class PaymentsModule {}

describe('forRootAsync', () => {
  it.each(ADAPTERS)('takes its options from a factory and its routes from beside it, on %s', async (adapter) => {
    const fake = new FakeOtp();
    const ref = await fake.override(Test.createTestingModule({ imports: [asyncModule()] })).compile();
    const app = await listen(ref, { adapter });
    try {
      const url = await app.getUrl();
      const answer = await callHttp(url, {
        method: 'POST',
        path: '/auth/otp/challenges',
        body: { phoneNumber: NUMBER },
      });
      expect(answer.status).toBe(201);
      expect(fake.transport.lastTo(NUMBER)?.text).toContain('Acme');
    } finally {
      await app.close();
    }
  });

  it('is ready when other modules initialise, whatever their order', async () => {
    for (const imports of [
      [asyncModule(), AccountsModule, PaymentsModule],
      [PaymentsModule, AccountsModule, asyncModule()],
    ]) {
      const fake = new FakeOtp();
      const ref = await fake.override(Test.createTestingModule({ imports })).compile();
      await ref.init();
      expect(ref.get(Accounts, { strict: false }).issued?.outcome).toBe('issued');
      expect(ref.get(Payments, { strict: false }).issued?.outcome).toBe('issued');
      expect(fake.lastCodeTo(OTHER_NUMBER)).toMatch(/^\d{6}$/);
      await ref.close();
    }
  });

  it('is global unless told otherwise', async () => {
    const local = OtpModule.forRootAsync({
      isGlobal: false,
      useFactory: () => ({ serviceName: 'Acme', purposes, secrets: [TEST_SECRET] }),
    });
    const builder = new FakeOtp().override(Test.createTestingModule({ imports: [local, AccountsModule] }));
    await expect(builder.compile()).rejects.toThrow(/OtpService/);
  });

  it('a factory that fails stops the start with its own error', async () => {
    const failing = OtpModule.forRootAsync({ useFactory: () => Promise.reject(new Error('the vault is closed')) });
    await expect(Test.createTestingModule({ imports: [failing] }).compile()).rejects.toThrow('the vault is closed');
  });
});
