import { describe, expect, it } from 'vitest';
import { OtpException } from '../otp.exception.js';
import { faithfulJson } from './faithful-json.js';

describe('what has no canonical JSON', () => {
  it.each([
    ['half a character in a text', '{"a":["\\ud800"]}'],
    ['half a character in a name', '{"a":{"\\ud800":1}}'],
    ['a number beyond all bounds', '{"a":1e400}'],
    ['one below', '[-1e400]'],
  ])('J1 I2 %s is the client’s mistake', (_name, json) => {
    const read = () => faithfulJson(JSON.parse(json));
    expect(read).toThrow(OtpException);
    expect(read).toThrow(expect.objectContaining({ problem: expect.objectContaining({ code: 'invalid_request' }) }));
  });

  it('J1 what JSON can say is left as it is', () => {
    const value: unknown = JSON.parse('{"__proto__":{"a":[1.5,-0,true,null,"é"]},"b":{}}');
    expect(faithfulJson(value)).toEqual(value);
  });
});
