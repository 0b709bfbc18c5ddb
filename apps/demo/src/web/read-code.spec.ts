import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readCode } from './read-code.js';

describe('readCode', () => {
  it.each([
    ['123456', '123456'],
    [' 123 456\t\n', '123456'],
    ['123-456', '123456'],
    ['123\u2013456', '123456'],
    ['1\u200B2\u20663\uFE0F456\u2069', '123456'],
    ['\u0661\u0662\u0663\u0664\u0665\u0666', '123456'],
    ['\u06F0\u06F1\u06F2\u06F7\u06F8\u06F9', '012789'],
    ['\uFF10\uFF11\uFF12\uFF17\uFF18\uFF19', '012789'],
    ['\u{1D7CE}\u{1D7D7}\u{1D7D8}\u{1D7FF}\u0966\u096F', '090909'],
  ])('U1 reads %j as %s', (typed, code) => {
    expect(readCode(typed, 6)).toEqual({ outcome: 'ok', code });
  });

  it.each([
    ['', { outcome: 'code_empty' }],
    [' \u2014\u200B', { outcome: 'code_empty' }],
    ['12345a', { outcome: 'code_not_digits' }],
    ['123.456', { outcome: 'code_not_digits' }],
    ['\u2460\u00B2\u216B', { outcome: 'code_not_digits' }],
    ['12345', { outcome: 'code_too_short', given: 5, wanted: 6 }],
    ['\u{1D7CE}\u{1D7CE}', { outcome: 'code_too_short', given: 2, wanted: 6 }],
    ['1234567', { outcome: 'code_too_long', given: 7, wanted: 6 }],
  ])('U5 says what is wrong with %j', (typed, mistake) => {
    expect(readCode(typed, 6)).toEqual(mistake);
  });

  it('U1 accepts what the field in the browser accepts, sign by sign', async () => {
    const field = await fieldReader();
    for (let point = 0; point < 0x2_0000; point += 1) {
      if (point < 0xd800 || point > 0xdfff) {
        const typed = `12${String.fromCodePoint(point)}345`;
        const here = readCode(typed, 6);
        expect('code' in here ? here.code : here.outcome, `U+${point.toString(16)}`).toBe(field(typed));
      }
    }
  });
});

const PROBLEMS: Readonly<Record<string, string>> = {
  empty: 'code_empty',
  notDigits: 'code_not_digits',
  tooFew: 'code_too_short',
  tooMany: 'code_too_long',
};

/** The reading of `<otp-code-input>`, in the words used here. */
async function fieldReader(): Promise<(typed: string) => string | undefined> {
  const path = new URL('../../../../libs/otp-code-input/src/read-code.js', import.meta.url).href;
  const { readCode: read } = z
    .object({ readCode: z.custom<(typed: string, length: number) => unknown>((value) => typeof value === 'function') })
    .parse(await import(path));
  const reading = z.union([z.object({ code: z.string() }), z.object({ problem: z.string() })]);
  return (typed) => {
    const result = reading.parse(read(typed, 6));
    return 'code' in result ? result.code : PROBLEMS[result.problem];
  };
}
