import type { Provider } from '@nestjs/common';
import { OtpEvents, OtpService } from 'nestjs-sms-otp';
import { SimulatedPhone } from '../handset/simulated-phone.js';
import { AttackRunner } from './attack-runner.js';

/** For development alone, beside `AttackController`. */
export function attackProviders(): Provider[] {
  return [
    {
      provide: AttackRunner,
      useFactory: (otp: OtpService, events: OtpEvents, phone: SimulatedPhone) =>
        new AttackRunner(otp, events, {
          purpose: 'login',
          codeSentTo: (number) => codeIn(phone.inbox(number)[0]?.text),
        }),
      inject: [OtpService, OtpEvents, SimulatedPhone],
    },
  ];
}

/** A code is the first thing in its message. */
function codeIn(text = ''): string | undefined {
  return /^\d{6,8}/.exec(text)?.[0];
}
