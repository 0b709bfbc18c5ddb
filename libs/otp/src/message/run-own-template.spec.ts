import { describe, expect, it, vi } from 'vitest';
import type { MessageTemplate } from './message-template.js';
import { runOwnTemplate } from './run-own-template.js';

const CODE = '012345';
const facts = { code: CODE, serviceName: 'Acme', ttlSeconds: 180, purpose: 'payout', channel: 'sms' } as const;
const of = "purpose 'payout'";

function failureOf(template: unknown): Error {
  try {
    runOwnTemplate(template as MessageTemplate, { facts, of });
  } catch (error) {
    if (error instanceof Error) {
      return error;
    }
  }
  return expect.fail('the template was accepted');
}

describe('runOwnTemplate', () => {
  it.each([
    `${CODE} is your code.`,
    `Acme: ${CODE}`,
    `${CODE}\nPay Ann`,
    `${CODE} for ann(at)acme. com`,
    `${CODE} pay 5 @ 3.00`,
    `(${CODE}) No. 7 # 8`,
  ])('takes %j', (text) => {
    expect(runOwnTemplate(() => text, { facts, of })).toBe(text);
  });

  it('gives the template the facts', () => {
    const template = vi.fn<MessageTemplate>(({ code }) => code);
    runOwnTemplate(template, { facts, of });
    expect(template).toHaveBeenCalledExactlyOnceWith(facts);
  });

  it.each<[string, unknown]>([
    ['nothing', () => undefined],
    ['a number', () => Number(CODE)],
    ['a promise', () => Promise.resolve(CODE)],
    ['a failing promise', () => Promise.reject(new Error(CODE))],
    ['an object', () => ({ toString: () => CODE, match: () => true })],
    ['no code', () => 'Never share it.'],
    ['half a code', () => CODE.slice(1)],
    ['a code with spaces', () => '012 345'],
    ['the code inside a number', () => `1${CODE}`],
    ['the code before a digit', () => `${CODE}6`],
    ['the code before an Arabic digit', () => `${CODE}٦`],
    [
      'what it throws',
      () => {
        throw new Error(CODE);
      },
    ],
    [
      'what else it throws',
      () => {
        // oxlint-disable-next-line typescript/only-throw-error
        throw CODE;
      },
    ],
  ])('A6 fails closed, naming the purpose and never the code: %s', (_case, template) => {
    const error = failureOf(template);
    expect(error.message).toContain("'payout'");
    expect(error.message).toContain('nothing was sent');
    expect(error.cause).toBeUndefined();
    expect(`${error.message}\n${error.stack}\n${JSON.stringify(error)}`).not.toContain(CODE);
  });

  it('tells what kind of error a template threw', () => {
    expect(
      failureOf(() => {
        throw new RangeError(CODE);
      }).message,
    ).toContain('RangeError');
  });

  it.each([
    `${CODE}\n@acme.com #${CODE}`,
    `${CODE}\n@evil.example`,
    `${CODE}\n \t@evil.example #1`,
    `${CODE}\r@evil.example #1`,
    `${CODE}\u2028@evil.example #1`,
    `${CODE}\u0085@evil`,
    `${CODE}\v@evil`,
    `@evil.example #${CODE}`,
    `${CODE} ＠evil.example ＃1`,
    `${CODE} at @evil.example #1`,
    `${CODE}\n\u200B@evil.example #1`,
  ])('case 64 refuses a line like the bound one: %j', (text) => {
    expect(failureOf(() => text).message).toContain('a line like');
  });
});
