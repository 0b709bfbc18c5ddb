import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
        "amend 0195dfe3ca94f584ab646935319859016931567d",
        "clear 745f7ec5386ffec6e485180a33d832e77d605c57",
        "clearChallenges 697e0030b7a6d746ece59768f5df9305c32b81e2",
        "count 15dab512aa8f629e32e50f75c692124994aece60",
        "countChallenges 38343b145aad6dedcd1007fe73039fc4c189e7b1",
        "create 508b944d97c6187cc7b945ed4dfeb920686a3706",
        "find 3d4e630d10c02612d8c1a7a535d63742e5da476c",
        "numberState bd6f3924897c72e2bf8605d28211ceb5d2894f90",
        "putIfAbsent 52ac7105884085ee3e318f3b6d717807c8518c7e",
        "replaceIf 5cd20b362eec99b948ba32ba16ac6a55a7bcb273",
        "reserveAttempt eda7516fb20e93d9ea4c3479a5540d21bc544f8c",
        "take 6786411a53c00526fd59771621308686452cfff0",
      ]
    `);
  });
});

describe('embedding a script', () => {
  function embedded(lua: string): string {
    const folder = mkdtempSync(join(tmpdir(), 'otp-lua-'));
    try {
      const file = join(folder, 'script.lua');
      writeFileSync(file, lua);
      return execFileSync(process.execPath, [tool, '--print', file], { encoding: 'utf8', stdio: 'pipe' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  it('writes constants where they are used, and nowhere else', () => {
    const lua = [
      '-- A comment.',
      "local HOUR_MS, NONE, HOURS, NAME = 60 * 60000, -1, 24, 'HOURS'",
      'local DAY_MS = HOURS * HOUR_MS',
      "local values = redis.call(NAME, KEYS[1], DAY_MS, 'HOURS')",
      'if NONE == values then',
      '  return HOUR_MS, MY_HOURS',
      'end',
    ];
    expect(embedded(lua.join('\n')).split('\n')).toEqual([
      "local values = redis.call('HOURS', KEYS[1], 86400000, 'HOURS')",
      'if -1 == values then',
      'return 3600000, MY_HOURS',
      'end',
    ]);
  });

  it('refuses what only looks like constants', () => {
    expect(() => embedded('local NOW = now')).toThrow('Not a list of constants: local NOW = now');
  });

  it('leaves out functions that nothing calls, and what only they called', () => {
    const lua = [
      'local function used(list)',
      '  list[1] = 1',
      'end',
      'local function inner(list)',
      '  list[2] = 2',
      'end',
      'local function unused(list)',
      '  if list then',
      '    inner(list)',
      '  end',
      'end',
      'used({})',
    ];
    expect(embedded(lua.join('\n')).split('\n')).toEqual([
      'local function used(list)',
      'list[1] = 1',
      'end',
      'used({})',
    ]);
  });
});
