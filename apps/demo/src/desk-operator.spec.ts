import { describe, expect, it } from 'vitest';
import { readDeskOperator, SAMPLE_OPERATOR } from './desk-operator.js';
import { DemoConfigError, type Environment } from './environment.js';

const PASSWORD = 'fifteen letters or more';
const PHONE = '+31 6 12345678';

function refusal(env: Environment): string {
  try {
    readDeskOperator(env, true);
  } catch (error) {
    if (error instanceof DemoConfigError) {
      return error.message;
    }
    throw error;
  }
  throw new Error('the operator was accepted');
}

describe('readDeskOperator', () => {
  it('case 67: production has no operator but the one that is named', () => {
    expect(readDeskOperator({}, true)).toBeUndefined();
    expect(readDeskOperator({ DESK_PASSWORD: ' ', DESK_PHONE_NUMBER: '' }, true)).toBeUndefined();
    expect(readDeskOperator({}, false)).toBe(SAMPLE_OPERATOR);
  });

  it.each([true, false])('takes the one that is named (production: %s)', (production) => {
    const operator = readDeskOperator({ DESK_PASSWORD: PASSWORD, DESK_PHONE_NUMBER: PHONE }, production);
    expect(operator).toEqual({ password: PASSWORD, phoneNumber: '+31612345678' });
  });

  it.each([
    ['DESK_PASSWORD and DESK_PHONE_NUMBER', { DESK_PASSWORD: PASSWORD }],
    ['DESK_PASSWORD and DESK_PHONE_NUMBER', { DESK_PHONE_NUMBER: PHONE }],
    ['DESK_PASSWORD', { DESK_PASSWORD: 'fourteen signs', DESK_PHONE_NUMBER: PHONE }],
    ['DESK_PASSWORD', { DESK_PASSWORD: 'x'.repeat(129), DESK_PHONE_NUMBER: PHONE }],
    ['DESK_PHONE_NUMBER', { DESK_PASSWORD: PASSWORD, DESK_PHONE_NUMBER: '0612345678' }],
    ['DESK_PHONE_NUMBER', { DESK_PASSWORD: PASSWORD, DESK_PHONE_NUMBER: '+31 6 123' }],
    ['DESK_PHONE_NUMBER', { DESK_PASSWORD: PASSWORD, DESK_PHONE_NUMBER: `${PHONE} ext. 5` }],
    ['DESK_PHONE_NUMBER', { DESK_PASSWORD: PASSWORD, DESK_PHONE_NUMBER: `call ${PHONE}` }],
  ])('names %s, the problem and the mend in one line, and repeats neither', (name, env: Environment) => {
    const message = refusal(env);
    expect(message).toMatch(new RegExp(`^${name} .+: .+\\.$`));
    expect(message).not.toContain('\n');
    for (const value of Object.values(env)) {
      expect(message).not.toContain(value);
    }
  });
});
