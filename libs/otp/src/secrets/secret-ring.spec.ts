import { describe, expect, it } from 'vitest';
import { RecordIndex } from './record-index.js';
import { lengthPrefixed } from './fields.js';
import { open, seal } from './sealing.js';
import { SecretRing } from './secret-ring.js';

const OLD = 'old-secret-old-secret-old-secret-32';
const NEW = 'new-secret-new-secret-new-secret-32';
const NONCE = Buffer.alloc(12, 7);
const CONTEXT = Buffer.from('context');

const bytesOf = (ring: SecretRing, use: 'record' | 'proof') => ring.first.key(use).export().toString('hex');

describe('SecretRing', () => {
  it('gives every use and every namespace a key of its own', () => {
    const ring = new SecretRing([OLD], 'acme');
    expect(bytesOf(ring, 'record')).not.toBe(bytesOf(ring, 'proof'));
    expect(bytesOf(ring, 'record')).not.toBe(bytesOf(new SecretRing([OLD], 'other'), 'record'));
    expect(bytesOf(ring, 'record')).toBe(bytesOf(new SecretRing([OLD, NEW], 'acme'), 'record'));
  });

  it('finds a secret by its id, which is the same at every place in the ring', () => {
    const ring = new SecretRing([NEW, OLD], 'acme');
    const { id } = new SecretRing([OLD], 'acme').first;
    expect(ring.byId(id)).toBe(ring.all[1]);
    expect(ring.byId('unknown')).toBeUndefined();
    expect(OLD).not.toContain(id);
  });

  it('cannot be empty', () => {
    expect(() => new SecretRing([], 'acme')).toThrow('at least one secret');
  });
});

describe('sealing', () => {
  const key = new SecretRing([OLD], 'acme').first.key('record');
  const sealed = seal(key, Buffer.from('payload'), { nonce: NONCE, context: CONTEXT });

  it('opens what was sealed', () => {
    expect(open(key, sealed, { nonce: NONCE, context: CONTEXT })?.toString()).toBe('payload');
  });

  it('refuses another key, nonce, context, a shorter text and every flipped bit', () => {
    const otherKey = new SecretRing([NEW], 'acme').first.key('record');
    expect(open(otherKey, sealed, { nonce: NONCE, context: CONTEXT })).toBeUndefined();
    expect(open(key, sealed, { nonce: Buffer.alloc(12, 8), context: CONTEXT })).toBeUndefined();
    expect(open(key, sealed, { nonce: NONCE, context: Buffer.from('other') })).toBeUndefined();
    expect(open(key, sealed.subarray(0, 15), { nonce: NONCE, context: CONTEXT })).toBeUndefined();
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const altered = Buffer.from(sealed);
      altered.writeUInt8(altered.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(open(key, altered, { nonce: NONCE, context: CONTEXT })).toBeUndefined();
    }
  });
});

describe('RecordIndex', () => {
  const index = new RecordIndex(OLD, 'acme');

  it('E6 names a record without telling the number', () => {
    const { index: name } = index.number('+31612345678');
    expect(name).toMatch(/^[A-Za-z0-9_-]{16}$/);
    expect(name).toBe(index.number('+31612345678').index);
    expect(name).not.toBe(index.number('+31612345679').index);
  });

  it('keeps kinds, namespaces and secrets apart', () => {
    const names = [
      index.number('x').index,
      index.ip('x').index,
      index.mark('x', 'x'),
      new RecordIndex(OLD, 'other').number('x').index,
      new RecordIndex(NEW, 'acme').number('x').index,
    ];
    expect(new Set(names).size).toBe(names.length);
  });

  it('has a fingerprint that tells secrets apart', () => {
    expect(index.fingerprint).toBe(new RecordIndex(OLD, 'acme').fingerprint);
    expect(index.fingerprint).not.toBe(new RecordIndex(NEW, 'acme').fingerprint);
  });
});

describe('lengthPrefixed', () => {
  it('gives different bytes for fields that only join alike', () => {
    expect(lengthPrefixed(['ab', 'c'])).not.toEqual(lengthPrefixed(['a', 'bc']));
    expect(lengthPrefixed(['', 'a'])).not.toEqual(lengthPrefixed(['a', '']));
  });
});

describe('RecordIndex.ip', () => {
  it('gives the same name after ten thousand other addresses', () => {
    const index = new RecordIndex(OLD, 'acme');
    const first = index.ip('203.0.113.9');
    const names = new Set(Array.from({ length: 10_000 }, (_, n) => index.ip(`10.0.${n >> 8}.${n & 255}`).index));
    expect(names.size).toBe(10_000);
    expect(index.ip('203.0.113.9')).toEqual(first);
  });
});
