import {
  Controller,
  type ExecutionContext,
  ForbiddenException,
  Get,
  type ModuleMetadata,
  Module,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { OtpThrottle, OtpThrottleGuard, type OtpThrottleLimit } from 'nestjs-sms-otp';
import { afterEach, describe, expect, it } from 'vitest';
import { expectProblem, expectThrottled } from '../support/expect-problem.js';
import { callHttp } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';
import { throttledControllers } from '../support/throttled-app.js';

const STAFF = 'x-staff';

class StaffPassGuard extends OtpThrottleGuard {
  protected override async getLimits(context: ExecutionContext) {
    const { headers } = context.switchToHttp().getRequest<{ readonly headers: Readonly<Record<string, string>> }>();
    return headers[STAFF] === undefined ? super.getLimits(context) : [];
  }
}

class OwnKeyGuard extends OtpThrottleGuard {
  protected override async getKey({ name }: OtpThrottleLimit) {
    return name === 'quote' ? Promise.resolve('everybody') : '';
  }
}

class LimitlessGuard extends OtpThrottleGuard {
  protected override async getLimits() {
    return [{ name: 'wrong', limit: Number.NaN, windowSeconds: 60 }];
  }
}

describe.each(ADAPTERS)('OtpThrottleGuard, on %s', (adapter) => {
  let otp: OtpApp;
  afterEach(() => otp.close());

  const start = async (metadata: ModuleMetadata = {}) => {
    const { controllers } = throttledControllers();
    otp = await startOtpApp({ adapter, metadata: { controllers, ...metadata } });
  };
  const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
    callHttp(otp.url, { path, headers: { 'X-Account': 'ada', ...headers } });
  const statuses = async (count: number, ...request: Parameters<typeof get>) => {
    const answers: number[] = [];
    for (let n = 0; n < count; n++) {
      answers.push((await get(...request)).status);
    }
    return answers;
  };

  it.each([
    ['a class of its own', { provide: APP_GUARD, useClass: OtpThrottleGuard }],
    ["the module's", { provide: APP_GUARD, useExisting: OtpThrottleGuard }],
  ])('registered globally as well (%s), it counts a request once and leaves other handlers alone', async (_, guard) => {
    @Controller()
    class AddressController {
      @Get('thrice')
      @OtpThrottle([{ name: 'thrice', limit: 3, windowSeconds: 60 }])
      thrice() {
        return {};
      }
    }
    @OtpThrottle([{ name: 'both.class', limit: 3, windowSeconds: 60 }])
    @Controller('both')
    class BothController {
      @Get()
      @OtpThrottle([{ name: 'both.handler', limit: 3, windowSeconds: 60 }])
      both() {
        return {};
      }
    }
    const { controllers } = throttledControllers();
    await start({ controllers: [...controllers, AddressController, BothController], providers: [guard] });
    expect(await statuses(4, '/thrice')).toEqual([200, 200, 200, 429]);
    expect(await statuses(4, '/both')).toEqual([200, 200, 200, 429]);
    expect(await statuses(5, '/open')).toEqual([200, 200, 200, 200, 200]);
    expectThrottled(await get('/thrice'), 60);
  });

  it('in modules that know nothing of the limiter it finds its parts, as the module is global', async () => {
    @Controller('feature')
    class FeatureController {
      @Get()
      @OtpThrottle([{ name: 'feature', limit: 1, windowSeconds: 60 }])
      feature() {
        return {};
      }
    }
    @Module({ controllers: [FeatureController] })
    class FeatureModule {}
    await start({ imports: [FeatureModule] });
    expect(await statuses(2, '/feature')).toEqual([200, 429]);
  });

  it('a subclass that is registered globally decides before, and what it admits is not counted again', async () => {
    await start({ providers: [{ provide: APP_GUARD, useClass: StaffPassGuard }] });
    expect(await statuses(5, '/address', { [STAFF]: 'yes' })).toEqual([200, 200, 200, 200, 200]);
    expect(await statuses(2, '/address')).toEqual([200, 429]);
  });

  it('a subclass may choose other keys; what it gets wrong is a fault all the same', async () => {
    await start({ providers: [{ provide: APP_GUARD, useClass: OwnKeyGuard }] });
    expect(await statuses(3, '/quote', { 'X-Account': 'ada' })).toEqual([200, 200, 200]);
    expect(await statuses(1, '/quote', { 'X-Account': 'bob' })).toEqual([429]);
    expect(await statuses(1, '/ten')).toEqual([500]);
  });

  it('limits that a subclass gets wrong are a fault and admit nothing', async () => {
    await start({ providers: [{ provide: APP_GUARD, useClass: LimitlessGuard }] });
    expect(await statuses(2, '/open')).toEqual([500, 500]);
  });

  it('a key that needs somebody signed in is a fault where the guard comes before that, and never open', async () => {
    await start({ providers: [{ provide: APP_GUARD, useClass: OtpThrottleGuard }] });
    expect(await statuses(2, '/quote')).toEqual([500, 500]);
  });

  it('a handler that hands the request on to another counts in the budgets of both', async () => {
    await start();
    const guard = otp.app.get(OtpThrottleGuard);
    const [first, second] = [limited('first'), limited('second')];
    const request = { headers: {}, url: '/', socket: { remoteAddress: '192.0.2.1' } };
    const call = (handler: typeof first) => {
      const context = new ExecutionContextHost([request], handler.controller, handler.handler);
      return guard.canActivate(context);
    };
    expect(await call(first)).toBe(true);
    expect(await call(first)).toBe(true);
    expect(await call(second)).toBe(true);
    await expect(call(first)).rejects.toMatchObject({ problem: { code: 'throttled' } });
  });

  it.each(['graphql', 'ws', 'rpc', 'unknown'])('a limited handler of kind %s is denied, others pass', async (type) => {
    await start();
    const guard = otp.app.get(OtpThrottleGuard);
    const { controller, handler } = limited('any');
    const context = new ExecutionContextHost([{}, {}, {}, {}], controller, handler);
    context.setType(type);
    await expect(guard.canActivate(context)).rejects.toThrow(ForbiddenException);
    const free = new ExecutionContextHost([{}, {}, {}, {}], controller, () => undefined);
    free.setType(type);
    expect(await guard.canActivate(free)).toBe(true);
  });

  it('under a global prefix a refusal is the same problem', async () => {
    const { controllers } = throttledControllers();
    otp = await startOtpApp({ adapter, metadata: { controllers }, configure: (app) => app.setGlobalPrefix('api') });
    expect(await statuses(1, '/api/address')).toEqual([200]);
    expectProblem(await get('/api/address'), 429, 'throttled');
  });
});

/** A handler with one limit, and its class. */
function limited(name: string) {
  class LimitedController {
    @OtpThrottle([{ name, limit: 1, windowSeconds: 60 }])
    handler() {}
  }
  return { controller: LimitedController, handler: LimitedController.prototype.handler };
}
