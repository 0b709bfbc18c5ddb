import { Test } from '@nestjs/testing';
import { defineOtpPurposes, OtpModule, OtpService } from 'nestjs-sms-otp';
import { FakeOtp } from 'nestjs-sms-otp/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { NUMBER } from '../support/http.js';
import { SILENT_LOGGER, TEST_SECRET } from '../support/otp-app.js';

const purposes = defineOtpPurposes({ login: { channels: ['sms', 'voice'] } });

describe('receipts that FakeOtp plays', () => {
  let close: () => Promise<void> = async () => undefined;
  afterEach(() => close());

  const start = async () => {
    const fake = new FakeOtp();
    const options = { serviceName: 'Acme', secrets: [TEST_SECRET], purposes, delivery: { resendFailed: true } };
    const ref = await fake
      .override(Test.createTestingModule({ imports: [OtpModule.forRoot(options)] }))
      .setLogger(SILENT_LOGGER)
      .compile();
    close = () => ref.close();
    const otp = ref.get(OtpService);
    const issued = await otp.issue({ purpose: 'login', phoneNumber: NUMBER, client: 'none' });
    const challengeId = issued.outcome === 'issued' ? issued.challenge.challengeId : '';
    return { fake, ref, deliveryOf: () => otp.status({ challengeId }) };
  };

  it('change the state of the challenge', async () => {
    const { fake, ref, deliveryOf } = await start();
    await fake.report(ref, NUMBER, 'delivered');
    expect(await deliveryOf()).toMatchObject({ outcome: 'live', challenge: { delivery: 'delivered' } });
  });

  it('send a code again by the next channel when it failed', async () => {
    const { fake, ref } = await start();
    await fake.report(ref, NUMBER, 'failed');
    await vi.waitFor(() => expect(fake.transport.messages.map(({ channel }) => channel)).toEqual(['sms', 'voice']));
  });

  it('need a message', async () => {
    const { fake, ref } = await start();
    await expect(fake.report(ref, '+31687654321', 'failed')).rejects.toThrow('No message was sent to this number');
  });
});
