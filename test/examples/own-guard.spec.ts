import { Controller, Post } from '@nestjs/common';
import { RequireOtp } from 'nestjs-sms-otp';
import { afterEach, describe, expect, it } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { callHttp } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';
import { AppOtpGuard, TrustedNetworks } from './own-guard.js';

@Controller()
class ReportsController {
  @Post('reports')
  @RequireOtp('login', { mode: 'proof' })
  create() {
    return {};
  }
}

describe.each(ADAPTERS)('a guard of one’s own, on %s', (adapter) => {
  let otp: OtpApp;
  afterEach(() => otp.close());

  it('lets the offices through and asks everybody else for a code', async () => {
    otp = await startOtpApp({
      adapter,
      guard: AppOtpGuard,
      metadata: { controllers: [ReportsController], providers: [TrustedNetworks] },
    });
    const create = () => callHttp(otp.url, { method: 'POST', path: '/reports' });
    expectProblem(await create(), 401, 'otp_required');
    otp.app.get(TrustedNetworks).offices.add('127.0.0.1');
    expect((await create()).status).toBe(201);
  });
});
