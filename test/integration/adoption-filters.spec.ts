import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  HttpException,
  Injectable,
  Post,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { APP_FILTER, HttpAdapterHost } from '@nestjs/core';
import { OtpException, OtpProblemFilter, RequireOtp, toOtpException } from 'nestjs-sms-otp';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { expectProblem } from '../support/expect-problem.js';
import { AccountCaller, AccountGuard } from '../support/guarded-app.js';
import { callHttp, type HttpCall, NUMBER } from '../support/http.js';
import { ADAPTERS, type OtpApp, type OtpAppOptions, startOtpApp } from '../support/otp-app.js';
import { challengeIdOf, codeHeaders } from '../support/sample-app/sample-client.js';

/** What an application's filter for everything met. */
const seen: unknown[] = [];

/** Answers every error in the application's own words, as many applications do. */
@Catch()
@Injectable()
class AppFilter implements ExceptionFilter {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    seen.push(exception);
    const status = exception instanceof HttpException ? exception.getStatus() : 500;
    this.adapterHost.httpAdapter.reply(host.switchToHttp().getResponse(), { failed: true }, status);
  }
}

/** The same beside what the module answers. */
@Catch()
class CombinedFilter extends OtpProblemFilter {
  protected override catchOther(exception: unknown, host: ArgumentsHost): void {
    const status = exception instanceof HttpException ? exception.getStatus() : 500;
    this.httpAdapterHost?.httpAdapter.reply(host.switchToHttp().getResponse(), { failed: true }, status);
  }
}

@UseGuards(AccountGuard)
@Controller('payouts')
class PayoutsController {
  @Post()
  @RequireOtp('payout', { binding: ({ body }) => ({ amount: body.amount }) })
  pay() {
    return {};
  }

  @Post('own')
  own(): never {
    throw toOtpException({ outcome: 'throttled', retryAfterSeconds: 7 });
  }

  @Post('filter-above')
  @UseFilters(AppFilter)
  @RequireOtp('payout', { binding: ({ body }) => ({ amount: body.amount }) })
  filterAbove() {
    return {};
  }

  @Post('filter-below')
  @RequireOtp('payout', { binding: ({ body }) => ({ amount: body.amount }) })
  @UseFilters(AppFilter)
  filterBelow() {
    return {};
  }
}

@RequireOtp('payout', { binding: ({ body }) => ({ amount: body.amount }) })
@UseGuards(AccountGuard)
@Controller('class')
class ClassController {
  @Post('nearer')
  @UseFilters(AppFilter)
  nearer() {
    return {};
  }
}

describe.each(ADAPTERS)('an application’s filter for everything, on %s', (adapter) => {
  let otp: OtpApp;

  afterEach(() => otp.close());

  const start = async ({ metadata, ...options }: OtpAppOptions = {}) => {
    seen.length = 0;
    otp = await startOtpApp({
      adapter,
      purposes: { login: { start: 'public' }, payout: { binding: z.object({ amount: z.string() }) } },
      caller: AccountCaller,
      metadata: {
        controllers: [PayoutsController, ClassController],
        providers: [AccountCaller, AccountGuard, AppFilter, ...(metadata?.providers ?? [])],
      },
      ...options,
    });
  };

  const post = (path: string, { headers, ...call }: Omit<HttpCall, 'path'> = {}) =>
    callHttp(otp.url, {
      method: 'POST',
      path,
      body: { amount: '12.00' },
      headers: { 'X-Account': 'victim', ...headers },
      ...call,
    });

  const payAgain = (challengeId: string, body: unknown = { amount: '12.00' }) =>
    post('/payouts', { body, headers: codeHeaders({ challengeId, code: otp.codeTo(NUMBER) }) });

  const own = { failed: true };

  it('leaves what the guard and the built-in routes refuse as it is', async () => {
    await start({ configure: (app) => app.useGlobalFilters(app.get(AppFilter)) });
    const asked = await post('/payouts');
    expectProblem(asked, 401, 'otp_required');
    expect(asked.headers['www-authenticate']).toContain('insufficient_user_authentication');
    const challengeId = challengeIdOf(asked);
    expectProblem(await payAgain(challengeId, { amount: '9999.00' }), 422, 'incorrect_code');
    expectProblem(await post('/otp/challenges', { body: { phoneNumber: 1 } }), 400, 'invalid_request');
    expectProblem(await post(`/otp/challenges/${challengeId}/resend`, { body: {} }), 429, 'throttled');
    expect((await payAgain(challengeId)).status).toBe(201);
    expect(seen).toEqual([]);
  });

  it('sees, where it comes last, what own controllers throw, with problem and headers', async () => {
    await start({ configure: (app) => app.useGlobalFilters(app.get(AppFilter)) });
    const answer = await post('/payouts/own');
    expect([answer.status, answer.body]).toEqual([429, own]);
    expect(seen).toEqual([expect.any(OtpException)]);
    expect(seen[0]).toMatchObject({
      problem: { code: 'throttled', status: 429, retryAfter: 7 },
      headers: { 'Retry-After': '7' },
    });
  });

  it('sees as well who is not signed in, and bodies that cannot be parsed', async () => {
    await start({ configure: (app) => app.useGlobalFilters(app.get(AppFilter)) });
    expect((await post('/payouts', { headers: { 'X-Account': 'nobody' } })).body).toEqual(own);
    expect((await post('/otp/challenges', { body: '{' })).body).toEqual(own);
    expect(seen).toHaveLength(2);
  });

  it('meets nothing where the module’s filter comes after it', async () => {
    await start({ metadata: { providers: [{ provide: APP_FILTER, useClass: AppFilter }] } });
    expectProblem(await post('/payouts/own'), 429, 'throttled');
    expect((await post('/nowhere')).status).toBe(404);
    expect(seen).toEqual([]);
  });

  it('that extends the module’s leaves it what is its own and answers all else', async () => {
    await start({
      metadata: { providers: [CombinedFilter] },
      configure: (app) => app.useGlobalFilters(app.get(CombinedFilter)),
    });
    expectProblem(await post('/payouts/own'), 429, 'throttled');
    expectProblem(await post('/otp/challenges', { body: '{' }), 400, 'invalid_request');
    expect(seen).toEqual([]);
    const answer = await post('/nowhere');
    expect([answer.status, answer.body]).toEqual([404, own]);
  });

  it.each(['/payouts/filter-above', '/class/nearer'])(
    'answers where it stands nearer than the decorator: %s',
    async (path) => {
      await start();
      const answer = await post(path);
      expect([answer.status, answer.body]).toEqual([401, own]);
      expect(seen[0]).toMatchObject({
        problem: { code: 'otp_required', challenge: { purpose: 'payout' } },
        headers: { 'WWW-Authenticate': expect.any(String) },
      });
    },
  );

  it('below the decorator it meets nothing of it', async () => {
    await start();
    expectProblem(await post('/payouts/filter-below'), 401, 'otp_required');
    expect(seen).toEqual([]);
  });
});
