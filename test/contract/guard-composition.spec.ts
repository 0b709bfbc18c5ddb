import {
  applyDecorators,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Injectable,
  type LoggerService,
  Post,
  type Provider,
  type Type,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { type OtpCaller, OtpGuard, OtpThrottle, RequireOtp } from 'nestjs-sms-otp';
import { afterEach, describe, expect, it } from 'vitest';
import { expectProblem, expectThrottled } from '../support/expect-problem.js';
import { type AccountRequest, ACCOUNTS } from '../support/guarded-app.js';
import { callHttp, NUMBER, OTHER_NUMBER, OtpHttpClient } from '../support/http.js';
import { ADAPTERS, type OtpApp, type OtpAppOptions, startOtpApp } from '../support/otp-app.js';
import { challengeIdOf, codeHeaders } from '../support/sample-app/sample-client.js';

/** An application's own authentication: refuses whoever does not say who they are. */
@Injectable()
class AuthGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<AccountRequest>();
    request.account = request.headers['x-account'];
    if (request.account === undefined) {
      throw new UnauthorizedException();
    }
    return true;
  }
}

@Injectable()
class Caller implements OtpCaller {
  resolve({ account }: AccountRequest) {
    return account === undefined ? undefined : ACCOUNTS[account];
  }
}

/** Takes for granted that somebody is signed in. */
@Injectable()
class CarelessCaller implements OtpCaller {
  resolve(request: { readonly account: string }) {
    return { subject: request.account.toLowerCase(), phoneNumber: NUMBER };
  }
}

/** Lets nobody but one account in. */
@Injectable()
class RolesGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToHttp().getRequest<AccountRequest>().account === 'victim';
  }
}

interface Composition {
  /** On the class and on the handler, as they would stand in the source: from top to bottom. */
  readonly onClass?: readonly (ClassDecorator & MethodDecorator)[];
  readonly onHandler?: readonly (ClassDecorator & MethodDecorator)[];
  /** In the order of their registration. */
  readonly globally?: readonly Provider[];
}

const auth = UseGuards(AuthGuard);
const roles = UseGuards(RolesGuard);
const otp = RequireOtp('payout', { binding: false });
const login = RequireOtp('login', { binding: false });
const globalAuth: Provider = { provide: APP_GUARD, useClass: AuthGuard };
const globalOtp: Provider = { provide: APP_GUARD, useExisting: OtpGuard };

const RIGHT: readonly (readonly [string, Composition])[] = [
  ['authentication on the class, the code on the handler', { onClass: [auth], onHandler: [otp] }],
  ['both on the class, authentication below', { onClass: [otp, auth] }],
  ['both on the handler, authentication below', { onHandler: [otp, auth] }],
  ['authentication globally, the code on the handler', { globally: [globalAuth], onHandler: [otp] }],
  ['authentication globally, the code on the class', { globally: [globalAuth], onClass: [otp] }],
  ['both globally, authentication first', { globally: [globalAuth, globalOtp], onHandler: [otp] }],
  [
    'both globally, the guard of the code as another instance',
    { globally: [globalAuth, { provide: APP_GUARD, useClass: OtpGuard }], onHandler: [otp] },
  ],
  ['the code globally, on class and handler', { globally: [globalAuth, globalOtp], onClass: [otp], onHandler: [otp] }],
];

const WRONG: readonly (readonly [string, Composition])[] = [
  ['both on the handler, authentication above', { onHandler: [auth, otp] }],
  ['both on the class, authentication above', { onClass: [auth, otp] }],
  ['the code on the class, authentication on the handler', { onClass: [otp], onHandler: [auth] }],
  ['both globally, the code first', { globally: [globalOtp, globalAuth], onHandler: [otp] }],
  ['the code globally, authentication on the class', { globally: [globalOtp], onClass: [auth], onHandler: [otp] }],
  ['no authentication', { onHandler: [otp] }],
];

describe.each(ADAPTERS)('the order of guards, on %s', (adapter) => {
  let app: OtpApp;
  let calls: string[];
  let warnings: unknown[];

  afterEach(() => app.close());

  async function start({ onClass = [], onHandler = [], globally = [] }: Composition, options: OtpAppOptions = {}) {
    calls = [];
    const ran = calls;
    @applyDecorators(...onClass.toReversed())
    @Controller('payouts')
    class PayoutsController {
      @applyDecorators(...onHandler.toReversed())
      @Post()
      pay() {
        ran.push('pay');
        return {};
      }
    }
    await startWith(PayoutsController, { ...options, metadata: { ...options.metadata, providers: [...globally] } });
  }

  async function startWith(controller: Type, { metadata, caller = Caller, ...options }: OtpAppOptions) {
    warnings = [];
    const logger: LoggerService = {
      log: () => undefined,
      error: () => undefined,
      // The module's own log of events is none of the guard's.
      warn: (message: unknown, ...context: unknown[]) => context.at(-1) === OtpGuard.name && warnings.push(message),
    };
    app = await startOtpApp({
      adapter,
      purposes: { login: { start: 'public' }, payout: {} },
      routes: false,
      caller,
      ...options,
      metadata: {
        ...metadata,
        controllers: [controller],
        providers: [caller, ...(metadata?.providers ?? [])],
      },
      configure: (created) => created.useLogger(logger),
    });
  }

  const pay = (account?: string, headers: Record<string, string> = {}) =>
    callHttp(app.url, {
      method: 'POST',
      path: '/payouts',
      headers: { ...(account === undefined ? {} : { 'X-Account': account }), ...headers },
    });

  it.each(RIGHT)('A4, H8 %s: one message, one code, one call', async (_name, composition) => {
    await start(composition);
    const asked = await pay('victim');
    expectProblem(asked, 401, 'otp_required');
    const answer = codeHeaders({ challengeId: challengeIdOf(asked), code: app.codeTo(NUMBER) });
    expect((await pay('victim', answer)).status).toBe(201);
    expectProblem(await pay('victim', answer), 410, 'challenge_gone');
    expect(calls).toEqual(['pay']);
    expect(app.transport.messages).toHaveLength(1);
    expect(warnings).toEqual([]);
  });

  it.each(RIGHT)('A4 %s: strangers meet the authentication alone', async (_name, composition) => {
    await start(composition);
    const answer = await pay(undefined, codeHeaders({ challengeId: 'x', code: '123456' }));
    expect([answer.status, answer.body]).toEqual([401, { statusCode: 401, message: 'Unauthorized' }]);
    expect(answer.headers['www-authenticate']).toBeUndefined();
    expect([...calls, ...app.transport.messages, ...warnings]).toEqual([]);
  });

  it.each(WRONG)('L1 case 75 %s: a plain 401, no message, and one warning', async (_name, composition) => {
    await start(composition);
    for (const answer of [await pay('victim'), await pay('victim'), await pay()]) {
      expect([answer.status, answer.body]).toEqual([401, { statusCode: 401, message: 'Unauthorized' }]);
      expect(answer.headers['www-authenticate']).toBeUndefined();
    }
    expect([...calls, ...app.transport.messages]).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(/@RequireOtp\('payout'\) met no caller.*from the bottom up/)]);
  });

  it.each<[string, Composition]>([
    ['both on the handler, authentication above', { onHandler: [auth, login] }],
    ['the code globally, authentication on the class', { globally: [globalOtp], onClass: [auth], onHandler: [login] }],
  ])('A4 case 20 %s: the proof of a login is compared with who is signed in after all', async (_name, composition) => {
    await start(composition, { routes: {} });
    const client = new OtpHttpClient(app);
    const [own, foreign] = [await client.prove(NUMBER), await client.prove(OTHER_NUMBER)];
    const answer = await pay('victim', { 'OTP-Proof': foreign });
    expect([answer.status, answer.body]).toEqual([401, { statusCode: 401, message: 'Unauthorized' }]);
    expect(calls).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(/A guard after @RequireOtp\('login'\) signed somebody in/)]);
    expect((await pay('victim', { 'OTP-Proof': own })).status).toBe(201);
  });

  it('L1 case 75 in the wrong order a caller that takes somebody for granted fails, and lets nobody through', async () => {
    await start({ onHandler: [auth, otp] }, { caller: CarelessCaller });
    expect((await pay('victim')).status).toBe(500);
    expect([...calls, ...app.transport.messages]).toEqual([]);
  });

  it('a guard of roles below the code refuses before a message is sent, one above it after', async () => {
    await start({ onClass: [auth], onHandler: [otp, roles] });
    expect((await pay('attacker')).status).toBe(403);
    expect(app.transport.messages).toEqual([]);
    expectProblem(await pay('victim'), 401, 'otp_required');
    await app.close();

    await start({ onClass: [auth], onHandler: [roles, otp] });
    const asked = await pay('attacker');
    expectProblem(asked, 401, 'otp_required');
    const answer = codeHeaders({ challengeId: challengeIdOf(asked), code: app.codeTo(OTHER_NUMBER) });
    expect((await pay('attacker', answer)).status).toBe(403);
    expect(calls).toEqual([]);
  });

  it('a limit below the code counts before it, so that who is refused there gets no message', async () => {
    const limit = OtpThrottle([{ name: 'payouts', limit: 1, windowSeconds: 60 }]);
    await start({ onClass: [auth], onHandler: [otp, limit] });
    expectProblem(await pay('victim'), 401, 'otp_required');
    expectThrottled(await pay('attacker'), 60);
    expect(app.transport.messages.map(({ to }) => to)).toEqual([NUMBER]);
  });

  it('a limit above the code counts only what the code let through', async () => {
    const limit = OtpThrottle([{ name: 'payouts', limit: 1, windowSeconds: 60 }]);
    await start({ onClass: [auth], onHandler: [limit, otp] });
    for (let calling = 0; calling < 3; calling++) {
      expectProblem(await pay('victim'), 401, 'otp_required');
    }
    const answer = codeHeaders({ challengeId: challengeIdOf(await pay('victim')), code: app.codeTo(NUMBER) });
    expect((await pay('victim', answer)).status).toBe(201);
    app.clock.advanceSeconds(30);
    const second = codeHeaders({ challengeId: challengeIdOf(await pay('victim')), code: app.codeTo(NUMBER) });
    expectThrottled(await pay('victim', second), 30);
    expect(calls).toEqual(['pay']);
  });

  it('with @nestjs/throttler in front, a step-up is two requests', async () => {
    const imports = [ThrottlerModule.forRoot([{ ttl: 60_000, limit: 2 }])];
    await start(
      { globally: [{ provide: APP_GUARD, useClass: ThrottlerGuard }], onClass: [auth], onHandler: [otp] },
      { metadata: { imports } },
    );
    const asked = await pay('victim');
    const answer = codeHeaders({ challengeId: challengeIdOf(asked), code: app.codeTo(NUMBER) });
    expect((await pay('victim', answer)).status).toBe(201);
    expect((await pay('victim')).status).toBe(429);
    expect(app.transport.messages).toHaveLength(1);
  });
});
