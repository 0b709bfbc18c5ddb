import { Reflector } from '@nestjs/core';
import type { ExecutionContext } from '@nestjs/common';
import { rememberMark } from '../marked-methods.js';
import { checkLimits, type OtpThrottleLimit } from './otp-throttle-limit.js';

const Limits = Reflector.createDecorator<readonly OtpThrottleLimit[] | undefined>({ key: 'nestjs-sms-otp:throttle' });

/**
 * Leaves limits on a handler or a class.
 *
 * @throws TypeError for limits that cannot be held; Error for a second list on one target, which would replace the first
 */
export function markThrottled(limits: readonly OtpThrottleLimit[]): MethodDecorator & ClassDecorator {
  checkLimits(limits);
  const mark = Limits([...limits]);
  return (target: object, name?: string | symbol, descriptor?: PropertyDescriptor): void => {
    const handler: unknown = descriptor?.value;
    if (Reflect.hasOwnMetadata(Limits.KEY, typeof handler === 'function' ? handler : target)) {
      throw new Error('@OtpThrottle() may stand only once on a class or handler; give it all limits as one list');
    }
    Reflect.apply(mark, undefined, [target, name, descriptor]);
    if (name !== undefined) {
      rememberMark(target, name, Limits.KEY);
    }
  };
}

/** Those of the class, then those of the handler. */
export function throttleLimits(reflector: Reflector, context: ExecutionContext): readonly OtpThrottleLimit[] {
  return [context.getClass(), context.getHandler()].flatMap((target) => reflector.get(Limits, target) ?? []);
}
