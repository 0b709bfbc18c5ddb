import { RecordingTransport } from 'nestjs-sms-otp/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { NUMBER, OtpHttpClient } from '../support/http.js';
import { type OtpApp, startOtpApp } from '../support/otp-app.js';
import { deliveryBy } from './several-transports.js';

const GERMAN = '+4915112345678';

describe('the example of several transports', () => {
  let otp: OtpApp;
  afterEach(() => otp.close());

  it('goes by country and channel, and on to the next one', async () => {
    const [acme, other, calls] = ['acme', 'other', 'calls'].map((name) => new RecordingTransport({ name }));
    if (acme === undefined || other === undefined || calls === undefined) {
      throw new Error('three names make three transports');
    }
    otp = await startOtpApp({
      purposes: { login: { start: 'public', channels: ['sms', 'voice'] } },
      ...deliveryBy(acme, other, calls),
    });
    const client = new OtpHttpClient(otp);
    const sent = () => [acme, other, calls].map(({ messages }) => messages.length);

    await client.create({ phoneNumber: NUMBER });
    expect(sent()).toEqual([0, 1, 0]);
    await client.create({ phoneNumber: GERMAN });
    expect(sent()).toEqual([1, 1, 0]);
    otp.clock.advanceSeconds(31);
    await client.create({ phoneNumber: GERMAN, channel: 'voice' });
    expect(sent()).toEqual([1, 1, 1]);
    otp.clock.advanceSeconds(61);
    other.failNext('transient');
    await client.create({ phoneNumber: NUMBER });
    expect(sent()).toEqual([2, 1, 1]);
  });
});
