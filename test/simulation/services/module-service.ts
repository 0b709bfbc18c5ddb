import { Test } from '@nestjs/testing';
import {
  type IssueResult,
  type OtpClientInfo,
  type OtpLimitOptions,
  OtpEvents,
  OtpModule,
  OtpService,
  type ResendResult,
} from 'nestjs-sms-otp';
import { FakeOtp } from 'nestjs-sms-otp/testing';
import type { Browser, CodeAnswer, IssueRequest, SendAnswer, Service, VerifyRequest } from './service.js';

const SECRET = 'q8Zr3xT6yB9nM2kQ5wE8uI1oP4aS7dF0';
const purpose = 'login';

/** The real module with its memory store; time and messages are the simulation's, and hashing costs nothing. */
export class ModuleService implements Service {
  readonly name = 'nestjs-sms-otp';
  private refusedBy = '';

  private constructor(
    private readonly otp: OtpService,
    private readonly fake: FakeOtp,
    readonly close: () => Promise<void>,
  ) {}

  static async start(fake: FakeOtp, limits: OtpLimitOptions = {}): Promise<ModuleService> {
    const builder = Test.createTestingModule({
      imports: [
        OtpModule.forRoot({ serviceName: 'Acme', secrets: [SECRET], purposes: { login: { start: 'public' } }, limits }),
      ],
    });
    builder.setLogger({ log: () => undefined, warn: () => undefined, error: () => undefined });
    const ref = await fake.override(builder).compile();
    await ref.init();
    const service = new ModuleService(ref.get(OtpService), fake, () => ref.close());
    ref.get(OtpEvents).on('challenge.refused', ({ limit, reason }) => {
      service.refusedBy = limit ?? reason;
    });
    return service;
  }

  async issue({ number, ip, browser }: IssueRequest): Promise<SendAnswer> {
    return this.sent(await this.otp.issue({ purpose, phoneNumber: number, client: clientOf(ip, browser) }), number);
  }

  async resend({ challengeId, number, ip, browser }: IssueRequest & { challengeId: string }): Promise<SendAnswer> {
    return this.sent(await this.otp.resend({ challengeId, client: clientOf(ip, browser) }), number);
  }

  async verify({ challengeId, code, ip, browser }: VerifyRequest): Promise<CodeAnswer> {
    const client = clientOf(ip, browser);
    const remember = browser === undefined ? {} : { rememberDevice: true };
    const result = await this.otp.verify({ purpose, challengeId, code, client, ...remember });
    switch (result.outcome) {
      case 'verified':
        if (browser !== undefined && result.deviceToken !== undefined) {
          browser.deviceToken = result.deviceToken;
        }
        return 'right';
      case 'incorrect_code':
        return 'wrong';
      case 'throttled':
        return 'throttled';
      case 'attempts_exhausted':
      case 'challenge_gone':
        return 'over';
      default:
        throw new Error(`The module answered ${result.outcome}`);
    }
  }

  private sent(result: IssueResult | ResendResult, number: string): SendAnswer {
    if (result.outcome === 'issued' || result.outcome === 'resent') {
      const { challengeId, resendAt, sendsRemaining } = result.challenge;
      const resendAfterMs = Date.parse(resendAt) - this.fake.clock.now();
      return { outcome: 'sent', challengeId, code: this.fake.lastCodeTo(number), resendAfterMs, sendsRemaining };
    }
    if (result.outcome === 'throttled') {
      return { outcome: 'refused', limit: this.refusedBy, retryAfterMs: result.retryAfterSeconds * 1000 };
    }
    if (result.outcome === 'challenge_gone' || result.outcome === 'attempts_exhausted') {
      return { outcome: 'refused', limit: result.outcome, retryAfterMs: 0 };
    }
    throw new Error(`The module answered ${result.outcome} for ${number}`);
  }
}

function clientOf(ip: string, browser: Browser | undefined): OtpClientInfo {
  return browser?.deviceToken === undefined ? { ip } : { ip, deviceToken: browser.deviceToken };
}
