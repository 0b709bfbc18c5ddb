import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { FakeOtp } from 'nestjs-sms-otp/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectThrottled } from '../support/expect-problem.js';
import { callHttp } from '../support/http.js';
import { ADAPTERS, listen } from '../support/otp-app.js';
import { AppModule } from './throttle.js';

vi.hoisted(() => vi.stubEnv('OTP_SECRET', 'Hq2Lw9Zx4Cv7Bn1Mk6Jt3Rf8Ys5Pd0Ga'));

describe.each(ADAPTERS)('limits of an application, on %s', (adapter) => {
  let fake: FakeOtp;
  let app: INestApplication;

  beforeEach(async () => {
    fake = new FakeOtp();
    const ref = await fake.override(Test.createTestingModule({ imports: [AppModule] })).compile();
    app = await listen(ref, { adapter });
  });
  afterEach(() => app.close());

  const call = async (method: string, path: string, session?: string) =>
    callHttp(await app.getUrl(), { method, path, headers: session === undefined ? {} : { 'X-Session': session } });

  it('I3 the twenty-first quote of an account in a minute has to wait, another account need not', async () => {
    for (let n = 0; n < 20; n++) {
      expect((await call('GET', '/quotes', 'ada')).status).toBe(200);
    }
    expectThrottled(await call('GET', '/quotes', 'ada'), 60);
    expect((await call('GET', '/quotes', 'bob')).status).toBe(200);
    expect((await call('GET', '/quotes')).status).toBe(401);
    fake.clock.advanceSeconds(60);
    expect((await call('GET', '/quotes', 'ada')).status).toBe(200);
  });

  it('a class bounds all its handlers together, and a handler itself beside', async () => {
    expect((await call('POST', '/support/calls')).status).toBe(201);
    expectThrottled(await call('POST', '/support/calls'), 86_400);
    expect((await call('POST', '/support/messages')).status).toBe(201);
    expectThrottled(await call('POST', '/support/messages'), 10);
    fake.clock.advanceSeconds(10);
    expect((await call('POST', '/support/messages')).status).toBe(201);
  });
});
