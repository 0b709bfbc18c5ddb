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
        "amend 01ea3995d4eff952673c9a05edbdaf05ab1e43a2",
        "clear 1ec566ca9840e2210aafb80cd7709edb1b1bd870",
        "clearChallenges c0efa109a95ef72bffccbd2ea517ac17f00ea837",
        "count 4cbc0a1035436ae133f8f6c9b38cd52511ecc5fa",
        "countChallenges 65883037cc17b8aab962d6fa0cfde49dd387f1a0",
        "create 8dec4f4a7181671e792856468a75874c650a913a",
        "find 66ed2f04a314bcf0bb9ec4832840cdd77de18b48",
        "numberState 94138d8f7ad4fd117989f96033315908beb55e13",
        "putIfAbsent 52ac7105884085ee3e318f3b6d717807c8518c7e",
        "replaceIf 8709640aeaafae6797ae74ccc4caedf2486b03df",
        "reserveAttempt 16c3a2bc7d376dc58c5e55d8edde3801eaaa5510",
        "take dc2542a603986b5502d696e1de1fbed77ef64bc4",
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

  it('writes expressions where they are called', () => {
    const lua = [
      'local BASE = 1',
      'local function within(record, now)',
      '  return now - record[BASE]',
      'end',
      'local function age(record, at)',
      '  return math.max(0, within(record, at) % 4)',
      'end',
      'return age(list[2], now + 1)',
    ];
    expect(embedded(lua.join('\n'))).toBe('return (math.max(0, ((now + 1) - (list[2])[1]) % 4))');
  });

  it('calls functions whose arguments would be called more often, or that name what is not theirs', () => {
    const lua = [
      'local seen = {}',
      'local function twice(value)',
      '  return value + value',
      'end',
      'local function isSeen(value)',
      '  return seen[value]',
      'end',
      'return twice(read(1)), isSeen(2)',
    ];
    expect(embedded(lua.join('\n')).split('\n').at(-1)).toBe('return twice(read(1)), isSeen(2)');
  });
});
