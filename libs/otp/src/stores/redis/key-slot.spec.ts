import { describe, expect, it } from 'vitest';
import { keySlot } from './key-slot.js';

describe('the slot of a key', () => {
  // The first is the specification's test vector (0x31C3); all were answered by CLUSTER KEYSLOT of Redis 7.0.
  it.each([
    ['123456789', 12_739],
    ['', 0],
    ['foo', 12_182],
    ['otp:{foo}t', 12_182],
    ['{}foo', 9_500],
    ['a{}{foo}', 700],
    ['foo{bar', 15_278],
    ['{{bar}}', 4_015],
    ['{bar}{foo}', 5_061],
    ['é', 10_180],
  ])('%j: %i', (key, slot) => {
    expect(keySlot(key)).toBe(slot);
  });
});
