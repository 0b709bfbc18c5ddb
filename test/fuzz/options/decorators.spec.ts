import { Controller, Post } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import * as fc from 'fast-check';
import { hmacSha256, OtpModule, OtpThrottle, RequireOtp } from 'nestjs-sms-otp';
import { RecordingTransport } from 'nestjs-sms-otp/testing';
import { describe, it } from 'vitest';
import { z } from 'zod';
import { effort } from '../../support/effort.js';
import { SILENT_LOGGER, TEST_SECRET } from '../../support/otp-app.js';
import { mutated, strangeValue } from '../arbitraries/mutated.js';
import { assertHolds, FUZZ_TIMEOUT_MS, Tried } from '../fuzz.js';
import { checkError } from './check-error.js';

const timeout = FUZZ_TIMEOUT_MS;
const LIMITS = [
  { name: 'quotes', limit: 3, windowSeconds: 60 },
  { name: 'account', limit: 10, windowSeconds: 3600, key: () => 'account' },
];
const REQUIREMENT = {
  mode: 'proof',
  binding: () => ({ amount: '1.00' }),
  singleUse: true,
  maxAgeSeconds: 60,
  audience: 'https://ledger.acme.example',
  cookie: 'proof',
  phoneNumber: () => '+31612345678',
  startOnSafeMethods: false,
  skipIf: () => false,
};

describe('A6 I2 options of decorators either do or are refused by name', () => {
  it('of @OtpThrottle', { timeout }, async () => {
    const tried = new Tried();
    const property = fc.property(fc.oneof(mutated(LIMITS), strangeValue), (limits) => {
      try {
        Reflect.apply(OtpThrottle, undefined, [limits]);
        tried.add('taken');
      } catch (error) {
        tried.add('refused');
        return checkError(error, ({ message }) => message.startsWith('@OtpThrottle()'));
      }
      return true;
    });
    await assertHolds(property, { runs: effort(400, 10_000), tried });
  });

  it('of @RequireOtp', { timeout }, async () => {
    const tried = new Tried();
    const property = fc.asyncProperty(mutated(REQUIREMENT), async (options) => {
      try {
        await start(options);
        tried.add('started');
      } catch (error) {
        tried.add('refused');
        return checkError(error, ({ message }) => message.startsWith('@RequireOtp()'));
      }
      return true;
    });
    await assertHolds(property, { runs: effort(6, 1_000), tried });
  });
});

/** An application with one handler that is guarded by these options. */
async function start(options: unknown): Promise<void> {
  @Controller()
  class PayoutController {
    @Post('payout')
    pay() {
      return {};
    }
  }
  const descriptor = Object.getOwnPropertyDescriptor(PayoutController.prototype, 'pay');
  const decorate: unknown = Reflect.apply(RequireOtp, undefined, ['payout', options]);
  if (typeof decorate === 'function') {
    Reflect.apply(decorate, undefined, [PayoutController.prototype, 'pay', descriptor]);
  }
  const module = OtpModule.forRoot({
    serviceName: 'Acme',
    secrets: [TEST_SECRET],
    purposes: { payout: { binding: z.object({ amount: z.string() }), audience: 'https://ledger.acme.example' } },
    transports: [new RecordingTransport()],
    hashing: hmacSha256(),
  });
  const ref = await Test.createTestingModule({ imports: [module], controllers: [PayoutController] })
    .setLogger(SILENT_LOGGER)
    .compile();
  await ref.init();
  await ref.close();
}
