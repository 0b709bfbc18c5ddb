import { Injectable } from '@nestjs/common';
import { type OtpCaller, OtpService } from 'nestjs-sms-otp';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { callHttp, NUMBER } from '../support/http.js';
import { type OtpApp, startOtpApp } from '../support/otp-app.js';
import { ReportsController, ReportsService } from './proof-cookie.js';

@Injectable()
class AdaAlone implements OtpCaller {
  resolve() {
    return { subject: 'ada', phoneNumber: NUMBER };
  }
}

let otp: OtpApp;

beforeEach(async () => {
  otp = await startOtpApp({
    purposes: { second: {} },
    caller: AdaAlone,
    metadata: { controllers: [ReportsController], providers: [ReportsService, AdaAlone] },
  });
});

afterEach(() => otp.close());

it('H2 the proof comes in a cookie that no script reads, and opens the route from there', async () => {
  expectProblem(await callHttp(otp.url, { path: '/reports' }), 401, 'otp_required');
  const about = { purpose: 'second', subject: 'ada', phoneNumber: NUMBER, client: 'none' } as const;
  const issued = await otp.app.get(OtpService).issue(about);
  const challengeId = issued.outcome === 'issued' ? issued.challenge.challengeId : '';
  const body = { challengeId, code: otp.codeTo(NUMBER) };
  const unlocked = await callHttp(otp.url, { method: 'POST', path: '/reports/unlock', body });
  const [cookie = ''] = unlocked.headers['set-cookie'] ?? [];
  expect(cookie).toMatch(/^__Host-reports=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Strict$/);
  const answer = await callHttp(otp.url, { path: '/reports', headers: { Cookie: cookie.split(';')[0] } });
  expect([answer.status, answer.body]).toEqual([200, { reports: ['2026'], of: 'ada' }]);
});
