import { Body, Controller, Post } from '@nestjs/common';
import { RequireOtp } from 'nestjs-sms-otp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { expectProblem } from '../support/expect-problem.js';
import { callHttp, NUMBER } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';
import { challengeIdOf, codeHeaders } from '../support/sample-app/sample-client.js';

describe.each(ADAPTERS)('a schema that changes what it takes, on %s', (adapter) => {
  let app: OtpApp;
  let paid: unknown[];

  beforeEach(async () => {
    paid = [];
    const ran = paid;
    @Controller()
    class PayoutsController {
      @Post('payouts')
      @RequireOtp('payout', {
        phoneNumber: () => NUMBER,
        binding: ({ body }) => ({ amount: body.amount, payee: body.payee }),
      })
      pay(@Body() body: unknown) {
        ran.push(body);
        return {};
      }
    }
    const binding = z.object({ amount: z.coerce.number(), payee: z.string().trim().toLowerCase() });
    app = await startOtpApp({
      adapter,
      purposes: { payout: { binding } },
      metadata: { controllers: [PayoutsController] },
    });
  });

  afterEach(() => app.close());

  const pay = (body: object, headers = {}) => callHttp(app.url, { method: 'POST', path: '/payouts', body, headers });

  it.each<[string, object, object]>([
    ['an array', { amount: '10', payee: 'ann' }, { amount: ['10'], payee: 'ann' }],
    ['another spelling', { amount: '10', payee: 'ann' }, { amount: '1e1', payee: 'ann' }],
    ['nothing for zero', { amount: '0', payee: 'ann' }, { amount: [], payee: 'ann' }],
    ['another case', { amount: '10', payee: '1BoatSLR' }, { amount: '10', payee: '1boatSLR' }],
  ])('A4 case 23 makes no two requests one: %s', async (_name, first, second) => {
    const asked = await pay(first);
    const answer = codeHeaders({ challengeId: challengeIdOf(asked), code: app.codeTo(NUMBER) });
    expectProblem(await pay(second, answer), 422, 'incorrect_code');
    expect(paid).toEqual([]);
    expect((await pay(first, answer)).status).toBe(201);
    expect(paid).toEqual([first]);
  });
});
