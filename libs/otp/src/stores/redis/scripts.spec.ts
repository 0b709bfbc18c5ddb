import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { scripts } from './scripts.generated.js';

const tool = fileURLToPath(new URL('../../../../../tools/embed-lua.mjs', import.meta.url));

describe('the Lua scripts', () => {
  it('are embedded as they stand in lua/', () => {
    expect(() => execFileSync(process.execPath, [tool, '--check'], { stdio: 'pipe' })).not.toThrow();
  });

  it('have the digest that Redis computes', () => {
    for (const { lua, sha1 } of Object.values(scripts)) {
      expect(createHash('sha1').update(lua).digest('hex')).toBe(sha1);
    }
  });

  /**
   * Instances of two versions share one Redis while an application is rolled out. Whoever changes a script changes a digest
   * here and asks: does the old script read what the new one writes, and the other way round?
   */
  it('have the digests that were reviewed', () => {
    expect(Object.entries(scripts).map(([name, { sha1 }]) => `${name} ${sha1}`)).toMatchInlineSnapshot(`
      [
        "amend db1002561b9212bf870feddb66be30f30957fb4b",
        "clear 58fcc01dd862009fec1a5ddda58d7b6f2f5beaf7",
        "clearChallenges fb39f15346bfc7b7b40f95102390bd4e3e2ecb8c",
        "count 20c6200c61fa17528b3c08a14dd2684a7ba1ea3c",
        "countChallenges 020a294f8bf087e13de93d18b3a34498f832f334",
        "create 56a8556bb966216a75974a1ee245455b588e950c",
        "find 2e1aeccfa57ac52bf719218a0d593b9903bf27c7",
        "putIfAbsent 52ac7105884085ee3e318f3b6d717807c8518c7e",
        "replaceIf 931c0ca3421d37a1a40005a4650f8593b1bc05a0",
        "reserveAttempt 70ff3e5a342bb36b683eb511a414492cbc903557",
        "take 3d2e7c151ff624e96a12f165654ca88c8b093f31",
      ]
    `);
  });
});
