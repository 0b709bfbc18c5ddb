import { Controller, Get, type LoggerService, Post, type Type, UseGuards } from '@nestjs/common';
import { OtpGuard, RequireOtp, SkipOtp, VerifiedPhone } from 'nestjs-sms-otp';
import { afterEach, describe, expect, it } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { AccountCaller, AccountGuard, type AccountRequest } from '../support/guarded-app.js';
import { callHttp, NUMBER } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';
import { challengeIdOf, codeHeaders } from '../support/sample-app/sample-client.js';

/** Says who is calling and asks for a code, for every controller that extends it. */
@RequireOtp('payout', { binding: false })
@UseGuards(AccountGuard)
abstract class GuardedBase {
  @Post()
  pay() {
    return {};
  }
}

@Controller('inherited')
class InheritingController extends GuardedBase {}

@Controller('overridden')
class OverridingController extends GuardedBase {
  @Post()
  override pay() {
    return { own: true };
  }

  @Get('list')
  @SkipOtp()
  list() {
    return {};
  }
}

@RequireOtp('refund', { binding: false })
@Controller('other-purpose')
class OtherPurposeController extends GuardedBase {}

@SkipOtp()
@Controller('lifted')
class LiftedController extends GuardedBase {}

@UseGuards(AccountGuard)
abstract class HandlerBase {
  @Post()
  @RequireOtp('payout', { binding: false })
  pay() {
    return {};
  }
}

@Controller('handler')
class HandlerController extends HandlerBase {}

/** What is decorated anew has only what is written on it, as with all decorators of Nest. */
@Controller('handler-anew')
class HandlerAnewController extends HandlerBase {
  @Post()
  override pay() {
    return {};
  }
}

/** The code of the base class is asked for before this class authenticates anybody. */
@RequireOtp('payout', { binding: false })
abstract class UnauthenticatedBase {
  @Post()
  pay() {
    return {};
  }
}

@UseGuards(AccountGuard)
@Controller('too-late')
class TooLateController extends UnauthenticatedBase {}

/** Who is asked for a code already; `undefined` has not decided, `broken` cannot be asked. */
let rollOut: (account: string | undefined) => unknown;

@UseGuards(AccountGuard)
@Controller('roll-out')
class RollOutController {
  @Post()
  @RequireOtp('payout', { binding: false, skipIf: (request: AccountRequest) => skips(request.account) })
  pay() {
    return {};
  }

  @Post('phone')
  @RequireOtp('payout', { binding: false, skipIf: async (request: AccountRequest) => skips(request.account) })
  phone(@VerifiedPhone() phoneNumber: string) {
    return { phoneNumber };
  }
}

/** What flags answer is not always what the compiler was told. */
function skips(account: string | undefined): boolean {
  return JSON.parse(JSON.stringify(rollOut(account) ?? null));
}

describe.each(ADAPTERS)('guards that an application brings in bit by bit, on %s', (adapter) => {
  let otp: OtpApp;
  let warnings: unknown[];

  afterEach(() => otp.close());

  const start = async (...controllers: Type[]) => {
    warnings = [];
    const logger: LoggerService = {
      log: () => undefined,
      error: () => undefined,
      warn: (message: unknown, ...context: unknown[]) => context.at(-1) === OtpGuard.name && warnings.push(message),
    };
    otp = await startOtpApp({
      adapter,
      purposes: { payout: {}, refund: {} },
      caller: AccountCaller,
      metadata: { controllers, providers: [AccountCaller, AccountGuard] },
      configure: (app) => app.useLogger(logger),
    });
  };

  const post = (path: string, headers: Record<string, string> = {}) =>
    callHttp(otp.url, { method: 'POST', path, headers: { 'X-Account': 'victim', ...headers } });

  const answerTo = (asked: Awaited<ReturnType<typeof post>>) =>
    codeHeaders({ challengeId: challengeIdOf(asked), code: otp.codeTo(NUMBER) });

  it.each([
    ['/inherited', InheritingController, 'payout'],
    ['/overridden', OverridingController, 'payout'],
    ['/other-purpose', OtherPurposeController, 'refund'],
    ['/handler', HandlerController, 'payout'],
  ])('case 75 what is inherited is guarded: %s', async (path, controller, purpose) => {
    await start(controller);
    const asked = await post(path);
    expectProblem(asked, 401, 'otp_required');
    expect(asked.body['challenge']).toMatchObject({ purpose });
    const answer = answerTo(asked);
    expect((await post(path, answer)).status).toBe(201);
    expectProblem(await post(path, answer), 410, 'challenge_gone');
  });

  it('case 19 a code for what one class inherits is wrong for what another does', async () => {
    await start(InheritingController, HandlerController);
    const answer = answerTo(await post('/inherited'));
    expectProblem(await post('/handler', answer), 422, 'incorrect_code');
  });

  it('what a class lifts, or a handler does not repeat, is open', async () => {
    await start(LiftedController, HandlerAnewController, OverridingController);
    expect((await post('/lifted')).status).toBe(201);
    expect((await post('/handler-anew')).status).toBe(201);
    expect((await callHttp(otp.url, { path: '/overridden/list' })).status).toBe(200);
    expect(otp.transport.messages).toEqual([]);
  });

  it('case 75 a class that authenticates after its base asks for a code lets nobody through, and it is told', async () => {
    await start(TooLateController);
    expect((await post('/too-late')).body).toEqual({ statusCode: 401, message: 'Unauthorized' });
    expect(otp.transport.messages).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining("@RequireOtp('payout') met no caller")]);
  });

  it('skipIf asks one account after the other, without a restart', async () => {
    const asked = new Set(['attacker']);
    rollOut = (account) => !asked.has(account ?? '');
    await start(RollOutController);
    expect((await post('/roll-out')).status).toBe(201);
    expectProblem(await post('/roll-out', { 'X-Account': 'attacker' }), 401, 'otp_required');
    asked.add('victim');
    const first = await post('/roll-out');
    expectProblem(first, 401, 'otp_required');
    expect((await post('/roll-out', answerTo(first))).status).toBe(201);
  });

  it.each([
    ['nothing', undefined],
    ['a text', 'yes'],
    ['a number', 1],
    ['an object', {}],
  ])('case 75 a skipIf that answers %s skips nobody', async (_name, answer) => {
    rollOut = () => answer;
    await start(RollOutController);
    expectProblem(await post('/roll-out'), 401, 'otp_required');
    expectProblem(await post('/roll-out/phone'), 429, 'throttled');
  });

  it('L1 case 75 a skipIf that fails refuses', async () => {
    rollOut = () => {
      throw new Error('the flags are not there');
    };
    await start(RollOutController);
    for (const path of ['/roll-out', '/roll-out/phone']) {
      const answer = await post(path);
      expect([answer.status, answer.body]).toEqual([500, { statusCode: 500, message: 'Internal server error' }]);
    }
    expect(otp.transport.messages).toEqual([]);
  });

  it('case 24 where skipIf let a request through, nothing is proved', async () => {
    rollOut = () => true;
    await start(RollOutController);
    expect((await post('/roll-out/phone')).status).toBe(401);
  });
});
