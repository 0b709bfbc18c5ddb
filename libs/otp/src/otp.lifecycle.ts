import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { OTP_STORE } from './otp.tokens.js';
import type { OtpStore } from './stores/otp-store.js';

/** Closes what the module opened, after the last request was answered. */
@Injectable()
export class OtpLifecycle implements OnApplicationShutdown {
  constructor(@Inject(OTP_STORE) private readonly store: OtpStore) {}

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}
