import { Test } from '@nestjs/testing';
import { OtpService } from 'nestjs-sms-otp';
import { FakeOtp } from 'nestjs-sms-otp/testing';
import { expect, it, vi } from 'vitest';
import { NUMBER } from '../support/http.js';
import { SILENT_LOGGER } from '../support/otp-app.js';
import { AppModule, AuditLog } from './events.js';

vi.hoisted(() => vi.stubEnv('OTP_SECRET', 'Hq2Lw9Zx4Cv7Bn1Mk6Jt3Rf8Ys5Pd0Ga'));

it('K1 A6 what happens is written down, without code or number', async () => {
  const fake = new FakeOtp();
  const builder = fake.override(Test.createTestingModule({ imports: [AppModule] })).setLogger(SILENT_LOGGER);
  const ref = await builder.compile();
  await ref.init();
  const otp = ref.get(OtpService, { strict: false });
  const { lines } = ref.get(AuditLog, { strict: false });

  const client = { ip: '192.0.2.7' };
  await otp.issue({ purpose: 'login', phoneNumber: NUMBER, client });
  await otp.issue({ purpose: 'login', phoneNumber: NUMBER, client });
  await otp.verify({ purpose: 'login', challengeId: 'x', code: fake.lastCodeTo(NUMBER), client });
  await ref.close();

  const text = lines.join('\n');
  expect(text).toContain('"type":"challenge.issued"');
  expect(text).toContain('"reason":"throttled"');
  expect(text).toContain('{"reason":"challenge_gone","clientNetwork":"192.0.2.0/24"}');
  expect(text).not.toContain(fake.lastCodeTo(NUMBER));
  expect(text).not.toContain(NUMBER.slice(3));
});
