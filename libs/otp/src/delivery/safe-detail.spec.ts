import { describe, expect, it } from 'vitest';
import { safeDetail } from './safe-detail.js';

const MESSAGE = '123456 is your Acme code for amount 904.17, payee "Ann of Utrecht". It expires in 3 minutes.';

describe('safeDetail', () => {
  it.each([
    ['all of it', `Rejected: ${MESSAGE}`],
    ['a part of it', 'Blocked word in "payee "Ann of Utrecht".'],
    ['its end, after more than is told of a detail', `${'x'.repeat(500)}${MESSAGE.slice(-20)}`],
  ])('A4 K1 of a detail that repeats %s nothing is told', (_name, detail) => {
    expect(safeDetail(detail, [MESSAGE])).toBe('the provider repeated the message');
  });

  it.each([
    ['Error 30007: carrier violation', 'Error 30007: carrier violation'],
    ['sender Acme is not registered', 'sender Acme is not registered'],
    ['code 123,456 or 1_2_3:4·5—6 refused', 'code … or … refused'],
    ['to +31 6 1234 5678:\r\nnot a mobile number', 'to +…: not a mobile number'],
  ])('of any other, %j, what an operator needs', (detail, told) => {
    expect(safeDetail(detail, [MESSAGE])).toBe(told);
  });

  it('a message shorter than what is compared is never repeated', () => {
    expect(safeDetail('Error 1: 123', ['123'])).toBe('Error 1: 123');
  });
});
