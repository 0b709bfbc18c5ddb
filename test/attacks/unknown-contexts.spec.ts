import { Controller, type ExecutionContext, ForbiddenException, Post, type Type, UseGuards } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { OtpGuard, RequireOtp } from 'nestjs-sms-otp';
import { afterEach, describe, expect, it } from 'vitest';
import { DEPLOYMENTS } from '../support/deployments.js';
import { Bank } from '../support/sample-app/bank.js';
import { PayoutsController } from '../support/sample-app/payouts.controller.js';
import { codeHeaders, type SampleClient, TRANSFER } from '../support/sample-app/sample-client.js';
import { SessionGuard } from '../support/sample-app/session.guard.js';
import { SignInController } from '../support/sample-app/sign-in.controller.js';
import { type Sample, startSample } from '../support/sample-app/start-sample.js';

/** Case 75; what GraphQL and WebSockets are to a guard is in test/contract/guard-graphql and guard-ws. */
describe.each(DEPLOYMENTS)('what a guard does not know, $name', (deployment) => {
  let sample: Sample;
  let ann: SampleClient;

  afterEach(() => sample.otp.close());

  async function start(controllers: readonly Type[] = []): Promise<void> {
    sample = await startSample(deployment, { metadata: { controllers: [...controllers] } });
    ann = sample.client('ann');
  }

  const contextOf = (type: string, handler: (...args: never[]) => unknown, target: Type): ExecutionContext => {
    const context = new ExecutionContextHost([{ headers: {}, url: '/', session: {} }, {}, {}, {}], target, handler);
    context.setType(type);
    return context;
  };

  it.each(['rpc', 'telegraf', 'graphql', 'HTTP'])('L1 case 75 a context of type %j is denied', async (type) => {
    await start();
    const guard = sample.otp.app.get(OtpGuard, { strict: false });
    const guarded = contextOf(type, PayoutsController.prototype.pay, PayoutsController);
    await expect(guard.canActivate(guarded)).rejects.toBeInstanceOf(ForbiddenException);
    const byProof = contextOf(type, SignInController.prototype.signIn, SignInController);
    await expect(guard.canActivate(byProof)).rejects.toBeInstanceOf(ForbiddenException);
    const open = contextOf(type, Bank.prototype.run, Bank);
    await expect(guard.canActivate(open)).resolves.toBe(true);
    expect(sample.otp.transport.messages).toEqual([]);
  });

  it('L1 case 75 a handler whose mark another decorator took away does not start', async () => {
    @UseGuards(SessionGuard)
    @Controller('wrapped')
    class WrappedController {
      @WrappedCarelessly()
      @Post()
      @RequireOtp('confirm', { binding: false })
      pay() {
        return {};
      }
    }
    await expect(start([WrappedController])).rejects.toThrow('@RequireOtp() cannot work:\n- WrappedController.pay: ');
    await start();
  });

  it.each([
    [
      'binding',
      () => {
        throw new Error('no rates today');
      },
    ],
    ['binding, later,', () => Promise.reject(new Error('no rates today'))],
  ])('L1 case 75 a %s that throws lets nobody through and sends nothing', async (_name, binding) => {
    @UseGuards(SessionGuard)
    @Controller('throwing')
    class ThrowingController {
      @Post()
      @RequireOtp('payout', { binding })
      pay() {
        return {};
      }
    }
    await start([ThrowingController]);
    for (const headers of [{}, { 'OTP-Proof': 'x' }, codeHeaders({ challengeId: 'x', code: '123456' })]) {
      const answer = await ann.post('/throwing', TRANSFER, headers);
      expect(answer.status).toBe(500);
      expect(answer.text).not.toContain('rates');
    }
    expect(sample.otp.transport.messages).toEqual([]);
  });
});

/** A decorator of some package that puts a function in the handler's place, and takes over Nest's metadata alone. */
function WrappedCarelessly(): MethodDecorator {
  return (_target, _name, descriptor) => {
    const handler: unknown = descriptor.value;
    if (typeof handler !== 'function') {
      return;
    }
    const wrapped = function (this: unknown, ...args: unknown[]): unknown {
      return Reflect.apply(handler, this, args);
    };
    for (const key of ['path', 'method', '__guards__', '__exceptionFilters__']) {
      Reflect.defineMetadata(key, Reflect.getMetadata(key, handler), wrapped);
    }
    Reflect.set(descriptor, 'value', wrapped);
  };
}
