import { describe, expect, it } from 'vitest';
import { Seal } from './seal.js';

const [OLD, NEW] = ['an-old-secret-of-more-than-32-characters', 'a-new-secret-of-more-than-32-characters'];

describe('Seal', () => {
  const seal = new Seal({ secrets: [NEW] });

  it('E4 opens what it sealed, and the sealed text tells nothing of it', () => {
    const sealed = seal.seal('+31612345678 قهوة', 'account:1');
    expect(seal.open(sealed, 'account:1')).toBe('+31612345678 قهوة');
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('612345678');
    expect(seal.seal('+31612345678 قهوة', 'account:1')).not.toBe(sealed);
  });

  it('opens an empty text', () => {
    expect(seal.open(seal.seal('', 'a'), 'a')).toBe('');
  });

  it('J2 text that was moved to another record does not open', () => {
    const sealed = seal.seal('text', 'account:1');
    expect(seal.open(sealed, 'account:2')).toBeUndefined();
    expect(seal.open(sealed, 'session:1')).toBeUndefined();
  });

  it('a changed, cut or lengthened text does not open', () => {
    const bytes = Buffer.from(seal.seal('text', 'a'), 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(seal.open(changed.toString('base64url'), 'a'), `byte ${String(at)}`).toBeUndefined();
      expect(seal.open(bytes.subarray(0, at).toString('base64url'), 'a'), `cut at ${String(at)}`).toBeUndefined();
    }
    expect(seal.open(Buffer.concat([bytes, Buffer.from('x')]).toString('base64url'), 'a')).toBeUndefined();
    expect(seal.open('', 'a')).toBeUndefined();
    expect(seal.open('no base64url at all!', 'a')).toBeUndefined();
  });

  it('case 88: after a rotation the old secret still opens and no longer seals', () => {
    const before = new Seal({ secrets: [OLD] });
    const between = new Seal({ secrets: [NEW, OLD] });
    const sealed = before.seal('text', 'a');
    expect(between.open(sealed, 'a')).toBe('text');
    expect(seal.open(sealed, 'a')).toBeUndefined();
    expect(seal.open(between.seal('text', 'a'), 'a')).toBe('text');
    expect(before.open(between.seal('text', 'a'), 'a')).toBeUndefined();
  });

  it('E6 an index depends on its secret alone, and is none of the values', () => {
    const index = (secrets: readonly string[], indexSecret?: string) =>
      new Seal({ secrets, ...(indexSecret !== undefined && { indexSecret }) }).index('+31612345678');
    expect(index([NEW, OLD], OLD)).toBe(index([OLD], OLD));
    expect(index([OLD])).toBe(index([OLD], OLD));
    expect(index([NEW])).not.toBe(index([OLD]));
    expect(index([NEW])).not.toContain('612345678');
    expect(seal.index('+31612345679')).not.toBe(index([NEW]));
  });

  it('does not begin without a secret', () => {
    expect(() => new Seal({ secrets: [] })).toThrow('no secret');
  });
});
