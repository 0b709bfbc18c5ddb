import { Test } from '@nestjs/testing';
import { FakeOtp } from 'nestjs-sms-otp/testing';
import { afterEach, expect, it, vi } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { callHttp, NUMBER } from '../support/http.js';
import { listen, SILENT_LOGGER, TEST_INDEX_SECRET, TEST_SECRET } from '../support/otp-app.js';
import { AppModule, blocked } from './production.js';

afterEach(() => {
  blocked.clear();
  vi.unstubAllEnvs();
});

function stubEnvironment(): void {
  vi.stubEnv('NODE_ENV', 'production');
  vi.stubEnv('OTP_SECRETS', TEST_SECRET);
  vi.stubEnv('OTP_INDEX_SECRET', TEST_INDEX_SECRET);
  vi.stubEnv('TWILIO_ACCOUNT_SID', `AC${'0'.repeat(32)}`);
  vi.stubEnv('TWILIO_AUTH_TOKEN', 'no-real-token');
  vi.stubEnv('TWILIO_MESSAGING_SERVICE_SID', `MG${'0'.repeat(32)}`);
  vi.stubEnv('SMSTOOLS_CLIENT_ID', 'no-real-id');
  vi.stubEnv('SMSTOOLS_CLIENT_SECRET', 'no-real-secret');
}

it('production’s options start the module; store and provider are replaced here', async () => {
  stubEnvironment();
  const fake = new FakeOtp();
  const ref = await fake
    .override(Test.createTestingModule({ imports: [AppModule] }))
    .setLogger(SILENT_LOGGER)
    .compile();
  const app = await listen(ref, { adapter: 'express' });
  try {
    const url = await app.getUrl();
    const post = (phoneNumber: string) =>
      callHttp(url, { method: 'POST', path: '/otp/challenges', body: { phoneNumber } });
    expect((await post(NUMBER)).status).toBe(201);
    expect(fake.transport.lastTo(NUMBER)?.text).toMatch(/\n@app\.acme\.com #\d{6}$/);
    expectProblem(await post('+4915112345678'), 403, 'destination_not_allowed');
    expect((await post('+32470123456')).status).toBe(201);
    blocked.add('BE');
    expectProblem(await post('+32470654321'), 403, 'destination_not_allowed');
  } finally {
    await app.close();
  }
});

it('a missing setting stops the start', async () => {
  stubEnvironment();
  vi.stubEnv('OTP_INDEX_SECRET', undefined);
  const builder = new FakeOtp().override(Test.createTestingModule({ imports: [AppModule] })).setLogger(SILENT_LOGGER);
  await expect(builder.compile()).rejects.toThrow('OTP_INDEX_SECRET');
});
