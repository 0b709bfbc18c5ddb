import { readdir, readFile, stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { pictureNames } from '../screenshots/shots.js';

const root = new URL('../../', import.meta.url);
const images = new URL('docs/images/', root);
const MOST_BYTES = 120_000;
const MOST_BYTES_OF_ALL = 1_500_000;

describe('the pictures of the demo', () => {
  it('show every page of the tour, and there are no others', async () => {
    expect((await readdir(images)).toSorted()).toEqual(pictureNames().toSorted());
  });

  it('are light enough for a repository', async () => {
    const sizes = await Promise.all(
      (await readdir(images)).map(async (name) => ({ name, size: (await stat(new URL(name, images))).size })),
    );
    expect(sizes.filter(({ size }) => size > MOST_BYTES)).toEqual([]);
    expect(sizes.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(MOST_BYTES_OF_ALL);
  });

  it('stand with a description where they are shown', async () => {
    const pages = ['README.md', 'docs/demo.md'];
    for (const page of pages) {
      const text = await readFile(new URL(page, root), 'utf8');
      const shown = [...text.matchAll(/!\[(?<words>[^\]]*)\]\((?<path>[^)]+)\)/g)].map(({ groups }) => groups);
      expect(shown.length, page).toBeGreaterThan(0);
      for (const picture of shown) {
        expect(picture?.['words']).toMatch(/\w{3}/);
        expect(pictureNames()).toContain(picture?.['path']?.split('/').at(-1));
      }
    }
  });

  it('one of them and the command that starts the demo open the README', async () => {
    const [title = '', opening = ''] =
      (await readFile(new URL('README.md', root), 'utf8')).split(/\n## /, 1)[0]?.split('\n\n') ?? [];
    expect(title).toBe('# nestjs-sms-otp');
    expect(opening).toMatch(/^!\[[^\]]+\]\(docs\/images\/[\w-]+\.png\)$/);
    expect(await readFile(new URL('README.md', root), 'utf8')).toMatch(/^# .+\n\n!\[.+\n\n```sh\nnpm run demo\b/);
  });
});
