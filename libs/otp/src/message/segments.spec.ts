import { describe, expect, it } from 'vitest';
import { countSegments } from './segments.js';

describe('countSegments', () => {
  it.each([
    ['', 'GSM-7', 0, 1],
    ['a'.repeat(160), 'GSM-7', 160, 1],
    ['a'.repeat(161), 'GSM-7', 161, 2],
    ['a'.repeat(306), 'GSM-7', 306, 2],
    ['a'.repeat(307), 'GSM-7', 307, 3],
    ['€'.repeat(80), 'GSM-7', 160, 1],
    ['€'.repeat(81), 'GSM-7', 162, 2],
    ['^{}\\[~]|€\f', 'GSM-7', 20, 1],
    ['@£¥èéùìòÇØøÅåΔΩ\r\n', 'GSM-7', 17, 1],
    ['я'.repeat(70), 'UCS-2', 70, 1],
    ['я'.repeat(71), 'UCS-2', 71, 2],
    ['я'.repeat(135), 'UCS-2', 135, 3],
    ['it’s', 'UCS-2', 4, 1],
    ['`', 'UCS-2', 1, 1],
    ['ç', 'UCS-2', 1, 1],
    ['😀'.repeat(35), 'UCS-2', 70, 1],
    ['😀'.repeat(36), 'UCS-2', 72, 2],
  ] as const)('%.12j… is %s, %i units, %i segments', (text, encoding, units, segments) => {
    expect(countSegments(text)).toEqual({ encoding, units, segments });
  });

  it('splits neither an escape pair nor a surrogate pair', () => {
    // 306 septets fill two parts of 153 only if the pair in the middle were split.
    expect(countSegments('a'.repeat(152) + '€' + 'a'.repeat(152)).segments).toBe(3);
    expect(countSegments('a'.repeat(153) + '€' + 'a'.repeat(151)).segments).toBe(2);
    expect(countSegments('я'.repeat(66) + '😀' + 'я'.repeat(66)).segments).toBe(3);
  });
});
