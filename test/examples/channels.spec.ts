import { afterEach, describe, expect, it } from 'vitest';
import { NUMBER, OtpHttpClient, textMember } from '../support/http.js';
import { type OtpApp, startOtpApp } from '../support/otp-app.js';
import { delivery, purposes } from './channels.js';

describe('the example of channels', () => {
  let otp: OtpApp;
  afterEach(() => otp.close());

  it('starts by SMS, goes on by a call, and keeps payouts to SMS', async () => {
    otp = await startOtpApp({ purposes, delivery });
    const client = new OtpHttpClient(otp);
    const challengeId = textMember(await client.create(), 'challengeId');
    otp.clock.advanceSeconds(31);
    expect((await client.resend(challengeId, { channel: 'voice' })).body['channel']).toBe('voice');
    expect((await client.resend(challengeId, { channel: 'whatsapp' })).status).toBe(400);
    expect(otp.transport.lastTo(NUMBER)?.channel).toBe('voice');
  });
});
