import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { mutated, type Mutation } from './mutation.js';
import { mutations } from './mutations.js';

const ROOT = new URL('../../', import.meta.url);
const SOURCE = new URL('libs/otp/src/', ROOT);
/** Cases of a contract are written once and run by the specs of several stores. */
const CONTRACT = new URL('testing/store-contract/', SOURCE);

const read = (url: URL) => readFileSync(fileURLToPath(url), 'utf8');
const contract = readdirSync(CONTRACT).map((file) => read(new URL(file, CONTRACT)));

function titlesIn({ killedBy }: Mutation): string {
  const own = read(new URL(killedBy.file, ROOT));
  return own.includes('storeContract(') ? [own, ...contract].join('\n') : own;
}

describe('the list of mutations', () => {
  it('names each once', () => {
    const names = mutations.map(({ name }) => name);
    expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
  });

  it.each(mutations)('$name follows the code and its test', (mutation) => {
    const text = read(new URL(mutation.file, SOURCE));
    expect(mutated(text, mutation)).not.toBe(text);
    expect(titlesIn(mutation)).toContain(mutation.killedBy.test);
  });

  it('refuses one whose text is gone, or stands there twice', () => {
    const mutation: Mutation = {
      name: 'example',
      guard: 'a guard',
      file: 'a.ts',
      replace: 'guard()',
      by: '',
      killedBy: { file: 'a.spec.ts', test: 'fails' },
    };
    expect(mutated('before guard() after', mutation)).toBe('before  after');
    expect(() => mutated('before after', mutation)).toThrow('example: what it replaces stands 0 times in a.ts');
    expect(() => mutated('guard() guard()', mutation)).toThrow('example: what it replaces stands 2 times in a.ts');
  });
});
