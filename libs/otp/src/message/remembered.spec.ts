import { describe, expect, it, vi } from 'vitest';
import { remembered } from './remembered.js';

describe('remembered', () => {
  it('works out each answer once', () => {
    const work = vi.fn((key: string) => [key]);
    const ask = remembered(work);
    expect(ask('a')).toBe(ask('a'));
    expect(ask('b')).toEqual(['b']);
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('L2 forgets all when there are too many', () => {
    const work = vi.fn((key: string) => [key]);
    const ask = remembered(work);
    for (let count = 0; count < 1024; count += 1) {
      ask(String(count));
    }
    ask('0');
    expect(work).toHaveBeenCalledTimes(1024);
    ask('one more');
    ask('0');
    expect(work).toHaveBeenCalledTimes(1026);
  });
});
