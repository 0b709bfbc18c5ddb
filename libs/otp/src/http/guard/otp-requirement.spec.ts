import '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { type OtpRequirement, markTarget, mergeMarks, requirementOf } from './otp-requirement.js';

const binding = () => ({ amount: '12.00' });
const above: OtpRequirement = { purpose: 'payout', binding, maxAgeSeconds: 60, mode: 'inline' };

describe('mergeMarks', () => {
  it('takes the handler’s before the class’s, option by option', () => {
    expect(mergeMarks<OtpRequirement>({ purpose: 'payout', maxAgeSeconds: 30 }, above)).toEqual({
      ...above,
      maxAgeSeconds: 30,
    });
  });

  it('an option that is there without a value lifts nothing of the class', () => {
    const given: object = { mode: undefined, binding: undefined, maxAgeSeconds: undefined };
    expect(mergeMarks<OtpRequirement>({ purpose: 'payout', ...given }, above)).toEqual(above);
  });

  it('takes nothing of a class that asks for another purpose', () => {
    const own: OtpRequirement = { purpose: 'confirm' };
    expect(mergeMarks(own, above)).toBe(own);
  });

  it.each([
    ['skipped by the handler', 'skip', above],
    ['asked by nobody', undefined, undefined],
    ['skipped by the class', undefined, 'skip'],
  ] as const)('%s there is none', (_name, own, of) => {
    expect(mergeMarks<OtpRequirement>(own, of)).toBeUndefined();
  });

  it('a handler asks though its class skips', () => {
    expect(mergeMarks<OtpRequirement>(above, 'skip')).toBe(above);
  });
});

describe('requirementOf', () => {
  class Handlers {
    @markTarget({ purpose: 'payout', singleUse: true })
    own() {
      return this;
    }
    plain() {
      return this;
    }
  }

  @markTarget(above)
  class First extends Handlers {}
  @markTarget('skip')
  class Second extends Handlers {}

  const methodOf = (name: keyof Handlers): object => Reflect.get(Handlers.prototype, name);
  const [own, plain] = [methodOf('own'), methodOf('plain')];

  it('is of the class that is called, where several inherit a handler', () => {
    expect(requirementOf(own, First)).toEqual({ ...above, singleUse: true });
    expect(requirementOf(own, Second)).toEqual({ purpose: 'payout', singleUse: true });
    expect(requirementOf(plain, First)).toEqual(above);
    expect(requirementOf(plain, Second)).toBeUndefined();
    expect(requirementOf(plain, Handlers)).toBeUndefined();
  });

  it('is always the same object for the same handler and class', () => {
    expect(requirementOf(own, First)).toBe(requirementOf(own, First));
  });
});
