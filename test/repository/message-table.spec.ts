import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../libs/otp/src/message/languages.js';
import { repositoryRoot, runTool } from './tool-runner.js';

describe('docs/message-table.md', () => {
  it('is what the library writes', () => {
    expect(runTool('message-table.mjs', ['--check'])).toEqual({ exitCode: 0, problems: [] });
  });

  it('U3 shows every language three times, in one segment', async () => {
    const page = await readFile(`${repositoryRoot}docs/message-table.md`, 'utf8');
    for (const [tag, { english }] of LANGUAGES) {
      const rows = page
        .split('\n')
        .filter((line) => line.startsWith(`| ${english} `) && line.includes(`| \`${tag}\` `));
      expect(rows, tag).toHaveLength(3);
      for (const row of rows) {
        expect(row).toMatch(/\| 123456.*\| +(?:GSM-7|UCS-2) +\| +\d+ +\| +1 \|$|\| <div dir="auto">123456.*\| +1 \|$/);
      }
    }
    expect(page).toContain(`# Messages in ${LANGUAGES.size} languages`);
  });
});
