import { Controller, Next, Post } from '@nestjs/common';
import { RequireOtp } from 'nestjs-sms-otp';
import { afterEach, expect, it } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { callHttp, NUMBER, OtpHttpClient } from '../support/http.js';
import { type OtpApp, startOtpApp } from '../support/otp-app.js';

const calls: string[] = [];
const phoneNumber = () => NUMBER;

@Controller()
class OutlineController {
  @Post('transfers')
  @RequireOtp('login', { phoneNumber, mode: 'proof' })
  outline(@Next() next: () => void) {
    calls.push('outline');
    next();
  }
}

@Controller()
class TransfersController {
  @Post('transfers')
  @RequireOtp('payout', { phoneNumber, mode: 'proof', binding: false })
  transfer() {
    calls.push('transfer');
  }
}

let otp: OtpApp;
afterEach(() => otp.close());

// Only Express hands a request on: its second route of the same path is asked when the first says so.
it('A4 case 19 what opened one handler opens no other that it hands the request on to', async () => {
  otp = await startOtpApp({
    purposes: { login: { start: 'public' }, payout: {} },
    metadata: { controllers: [OutlineController, TransfersController] },
  });
  const proof = await new OtpHttpClient(otp).prove();
  const answer = await callHttp(otp.url, { method: 'POST', path: '/transfers', headers: { 'OTP-Proof': proof } });
  expectProblem(answer, 401, 'insufficient_proof');
  expect(calls).toEqual(['outline']);
});
