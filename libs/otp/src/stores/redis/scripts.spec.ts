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
        "amend bd79a927ab5f0b58603a3eb9f677337ebd223fa5",
        "clear b3772b6026c22deb661157d00a9a186a0d9ce0b9",
        "clearChallenges 460f4b0c60c61be129bcd767588fb9f0bdc6adf4",
        "count 1ba8af93216605a6dd377e300b348a207990a3fd",
        "countChallenges 8ab41487e877a6a5daf2eef730a2cc7c14e8e7fa",
        "create 30480209273e16faa5ddf9e886bc467cae15c596",
        "find 75dbf1f1f94325b8023815158c58b96c861563ca",
        "putIfAbsent 52ac7105884085ee3e318f3b6d717807c8518c7e",
        "replaceIf 31b267b8aa6bb63ba4ae9523d2b24fa55c15e5d9",
        "reserveAttempt cb55535b0027c12b49be83a7c09301fdef4f27cf",
        "take e20d37e66f1109acbcd1fecfd9b1b473ee68a5cc",
      ]
    `);
  });
});
