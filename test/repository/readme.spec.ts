import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { OPTIONS_SCHEMA } from '../../libs/otp/src/otp.options-schema.js';

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('README', () => {
  it('lists every option of the module and no other', async () => {
    const [, table = ''] = (await read('README.md')).split('## Options');
    const listed = [...(table.split('\nA purpose takes')[0]?.matchAll(/^\| `(?<name>\w+)` +\|/gm) ?? [])].map(
      ({ groups }) => groups?.['name'],
    );
    expect(new Set(listed)).toEqual(new Set(Object.keys(OPTIONS_SCHEMA.shape)));
  });

  it('names commands that exist', async () => {
    const commands = [...(await read('README.md')).matchAll(/npm (?:run (?<run>[\w:]+)|(?<test>test))\b/g)].map(
      ({ groups }) => groups?.['run'] ?? 'test',
    );
    const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> };
    expect(commands).toContain('demo');
    for (const command of commands) {
      expect(scripts).toHaveProperty(command);
    }
  });
});
