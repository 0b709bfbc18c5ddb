import { Controller, Get, Post } from '@nestjs/common';
import { RequireOtp } from 'nestjs-sms-otp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { callHttp, type HttpCall, NUMBER } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';

const COOKIE = 'sid=victim';
const EVIL = 'https://evil.example';

/** Signed in by a cookie, which browsers send by themselves. */
const phoneNumber = ({ headers }: { headers: { cookie?: string } }) => (headers.cookie === COOKIE ? NUMBER : undefined);

@Controller()
class PayoutsController {
  @Post('payouts')
  @RequireOtp('payout', { phoneNumber, binding: false })
  pay() {}

  @Get('payouts')
  @RequireOtp('payout', { phoneNumber, binding: false, startOnSafeMethods: true })
  list() {}
}

describe.each(ADAPTERS)('H3 case 69 codes that a page of another site asks for, on %s', (adapter) => {
  let app: OtpApp;

  beforeEach(async () => {
    app = await startOtpApp({
      adapter,
      purposes: { payout: {} },
      allowedOrigins: ['https://app.acme.com'],
      metadata: { controllers: [PayoutsController] },
    });
  });

  afterEach(() => app.close());

  const call = (method: string, headers: HttpCall['headers']) =>
    callHttp(app.url, { method, path: '/payouts', headers: { Cookie: COOKIE, ...headers } });

  it.each<[string, string, HttpCall['headers']]>([
    ['a form', 'POST', { Origin: EVIL, 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' }],
    ['a form of an older browser', 'POST', { Origin: EVIL }],
    ['a page of a sibling', 'POST', { Origin: 'https://blog.acme.com', 'Sec-Fetch-Site': 'same-site' }],
    ['an image', 'GET', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Dest': 'image' }],
  ])('%s lets no phone ring', async (_name, method, headers) => {
    const answer = await call(method, headers);
    expectProblem(answer, 403, 'forbidden');
    expect(app.transport.messages).toEqual([]);
  });

  it.each<[string, HttpCall['headers']]>([
    ['this site', { 'Sec-Fetch-Site': 'same-origin' }],
    ['a listed origin', { Origin: 'https://app.acme.com', 'Sec-Fetch-Site': 'same-site' }],
    ['what is no browser', {}],
  ])('%s gets one', async (_name, headers) => {
    expect((await call('POST', headers)).body).toHaveProperty('challenge');
    expect(app.transport.lastCodeTo(NUMBER)).toBeDefined();
  });
});
