import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { describe, expect, it, vi } from 'vitest';
import { AppliedOtpGuard } from './applied-otp.guard.js';
import { OtpGuard } from './otp.guard.js';
import { markTarget } from './otp-requirement.js';

class Handlers {
  @markTarget({ purpose: 'payout' })
  marked() {
    return this;
  }

  @markTarget('skip')
  skipped() {
    return this;
  }

  plain() {
    return this;
  }
}

@markTarget({ purpose: 'payout' })
class MarkedHandlers extends Handlers {}

const contextOf = (target: typeof Handlers, name: keyof Handlers) =>
  new ExecutionContextHost([], target, Reflect.get(target.prototype, name));

describe('AppliedOtpGuard', () => {
  const guard: OtpGuard = Object.create(OtpGuard.prototype);
  const asked = vi.spyOn(guard, 'canActivate').mockResolvedValue(true);
  const applied = new AppliedOtpGuard(guard);

  it.each<[typeof Handlers, keyof Handlers]>([
    [Handlers, 'marked'],
    [Handlers, 'skipped'],
    [MarkedHandlers, 'plain'],
  ])('asks the guard of the application where %o or its %s is marked', async (target, name) => {
    const context = contextOf(target, name);
    await expect(applied.canActivate(context)).resolves.toBe(true);
    expect(asked).toHaveBeenLastCalledWith(context);
  });

  it('L1 case 75 denies where nothing is, for the mark must have been lost', async () => {
    asked.mockClear();
    await expect(applied.canActivate(contextOf(Handlers, 'plain'))).rejects.toThrow(
      '@RequireOtp() of Handlers.plain is lost',
    );
    expect(asked).not.toHaveBeenCalled();
  });
});
