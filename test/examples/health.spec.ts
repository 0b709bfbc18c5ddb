import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { memoryStore, OtpHealth, StoreUnavailableError } from 'nestjs-sms-otp';
import { FakeOtp } from 'nestjs-sms-otp/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OTP_STORE } from '../../libs/otp/src/otp.tokens.js';
import { callHttp } from '../support/http.js';
import { ADAPTERS, listen, SILENT_LOGGER } from '../support/otp-app.js';
import { watchStore } from '../support/store-doubles.js';
import { AppModule } from './health.js';

vi.hoisted(() => vi.stubEnv('OTP_SECRET', 'Hq2Lw9Zx4Cv7Bn1Mk6Jt3Rf8Ys5Pd0Ga'));

describe.each(ADAPTERS)('the health route, on %s', (adapter) => {
  let fake: FakeOtp;
  let app: INestApplication;
  let isLost: boolean;

  beforeEach(async () => {
    isLost = false;
    fake = new FakeOtp();
    const store = watchStore(memoryStore({ clock: fake.clock }), () => {
      if (isLost) {
        throw new StoreUnavailableError('lost');
      }
    });
    const builder = fake.override(Test.createTestingModule({ imports: [AppModule] }));
    const ref = await builder.overrideProvider(OTP_STORE).useValue(store).setLogger(SILENT_LOGGER).compile();
    app = await listen(ref, { adapter });
  });

  afterEach(() => app.close());

  const health = async () => callHttp(await app.getUrl(), { path: '/health' });

  it('is 200 with the details, and sends nothing', async () => {
    const { status, body } = await health();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'ok',
      details: {
        otp: {
          status: 'up',
          store: { name: 'memory', status: 'up' },
          transports: [{ name: 'recording' }],
          hashing: { running: 0, waiting: 0 },
        },
      },
    });
    expect(fake.transport.messages).toEqual([]);
  });

  it('is 200 and degraded while the line for hashing is long', async () => {
    const service = app.get(OtpHealth, { strict: false });
    const report = await service.check();
    vi.spyOn(service, 'check').mockResolvedValue({ ...report, status: 'degraded' });
    expect(await health()).toMatchObject({ status: 200, body: { status: 'degraded' } });
  });

  it('L1 is 503 while the store is lost, and 200 again afterwards', async () => {
    isLost = true;
    const { status, body, text } = await health();
    expect(status).toBe(503);
    expect(body).toMatchObject({ status: 'error', error: { otp: { status: 'down', store: { status: 'down' } } } });
    expect(text).not.toContain('lost');
    isLost = false;
    expect((await health()).status).toBe(200);
  });
});
