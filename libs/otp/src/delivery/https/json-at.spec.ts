import { describe, expect, it } from 'vitest';
import { jsonAt } from './json-at.js';

describe('jsonAt', () => {
  const json: unknown = JSON.parse('{"a":[{"b":"found"}],"__proto__":{"own":1},"n":null}');

  it('finds what is there', () => {
    expect(jsonAt(json, 'a', 0, 'b')).toBe('found');
    expect(jsonAt(json, '__proto__', 'own')).toBe(1);
    expect(jsonAt('text')).toBe('text');
  });

  it.each([
    [['a', 1, 'b']],
    [['n', 'b']],
    [['constructor']],
    [['toString', 'name']],
    [['a', 'map']],
    [['a', 0, 'b', 'c']],
  ])('finds nothing at %j', (path) => {
    expect(jsonAt(json, ...path)).toBeUndefined();
  });
});
