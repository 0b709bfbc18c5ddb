import { afterEach, describe, expect, it } from 'vitest';
import { OtpHttpClient, textMember } from '../support/http.js';
import { type OtpApp, startOtpApp } from '../support/otp-app.js';
import { testNumbers } from './test-numbers.js';

describe('the example of test numbers', () => {
  let otp: OtpApp;
  afterEach(() => otp.close());

  it.each(Object.entries(testNumbers.codes))('%s is let in by %s without a message', async (phoneNumber, code) => {
    otp = await startOtpApp({ testNumbers });
    const client = new OtpHttpClient(otp);
    const challengeId = textMember(await client.create({ phoneNumber }), 'challengeId');
    expect((await client.verify(challengeId, code)).status).toBe(200);
    expect(otp.transport.messages).toHaveLength(0);
  });
});
