import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from 'nestjs-sms-otp';

const HOUR = 3600;

interface Setting {
  readonly limit: number;
  readonly windowSeconds: number;
  readonly share?: number;
}

/** As the table words it. */
function worded({ limit, windowSeconds, share }: Setting, what: string): string {
  return `${limit} ${windowSeconds === HOUR ? 'an hour' : 'a day'}${share === undefined ? '' : ` or ${share} × ${what}`}`;
}

const settings = Object.entries(DEFAULT_LIMITS).flatMap(([group, members]) =>
  Object.entries(members as Readonly<Record<string, unknown>>).flatMap(([name, value]) =>
    Array.isArray(value) && typeof value[0] === 'object' ? [[`${group}.${name}`, value as Setting[]] as const] : [],
  ),
);

describe('B7 docs/limits.md', () => {
  it.each(settings)('tells the default of %s', async (option, windows) => {
    const text = await readFile(new URL('../../docs/limits.md', import.meta.url), 'utf8');
    const row = text.split('\n').find((line) => line.includes(`| \`${option}\` `));
    const what = option.endsWith('wrongCodes') ? 'right ones' : 'answered';
    expect(row).toContain(`| ${windows.map((window) => worded(window, what)).join(', ')} `);
  });

  it('knows the cooldown', async () => {
    const text = await readFile(new URL('../../docs/limits.md', import.meta.url), 'utf8');
    expect(DEFAULT_LIMITS.number.cooldownSeconds).toEqual([30, 60, 120, 240]);
    expect(text).toContain('30, 60, 120, then 240 s');
  });
});
