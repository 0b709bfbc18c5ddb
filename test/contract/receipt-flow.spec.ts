import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NUMBER, OtpHttpClient, type Started } from '../support/http.js';
import { type ReportingApp, startReportingApp } from '../support/receipts.js';

describe('a message that failed, with resendFailed', () => {
  let otp: ReportingApp;
  let client: OtpHttpClient;
  let started: Started;

  beforeEach(async () => {
    otp = await startReportingApp({
      purposes: { login: { start: 'public', channels: ['sms', 'voice'] } },
      delivery: { resendFailed: true },
    });
    client = new OtpHttpClient(otp);
    started = await client.start();
  });
  afterEach(() => otp.close());

  const channels = () => otp.provider.messages.map(({ channel }) => channel);
  const report = (state: string, messageId = 'acme-1') => otp.report([{ messageId, state }]);

  it('M1 is sent once more by the next channel, however often its failure is reported', async () => {
    await Promise.all(Array.from({ length: 50 }, () => report('failed')));
    await expect.poll(channels).toEqual(['sms', 'voice']);
    await report('failed');
    expect(channels()).toEqual(['sms', 'voice']);
    expect((await client.verify(started.challengeId, otp.codeTo(NUMBER))).status).toBe(200);
  });

  it('M1 is not sent again when it was delivered, whatever is said later', async () => {
    await report('sent');
    await report('delivered');
    await report('failed');
    expect(channels()).toEqual(['sms']);
    expect((await client.verify(started.challengeId, started.code)).status).toBe(200);
  });

  it('M1 is not sent again for an old code, for an unknown message, and after the answer', async () => {
    otp.clock.advanceSeconds(31);
    await client.resend(started.challengeId);
    await report('failed', 'acme-1');
    await report('failed', 'unknown');
    expect((await client.verify(started.challengeId, otp.codeTo(NUMBER))).status).toBe(200);
    await report('failed', 'acme-2');
    expect(channels()).toEqual(['sms', 'sms']);
  });
});
