import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../packaging/built-library.js';

const FOLDER = 'test/examples';
const read = (path: string) => readFile(`${repositoryRoot}${path}`, 'utf8');

const files = (await readdir(`${repositoryRoot}${FOLDER}`, { recursive: true })).filter((file) => file.endsWith('.ts'));
const texts = new Map(await Promise.all(files.map(async (file) => [file, await read(`${FOLDER}/${file}`)] as const)));
const docs = (await readdir(`${repositoryRoot}docs`, { recursive: true })).filter((file) => file.endsWith('.md'));
const pages = await Promise.all(['README.md', ...docs.map((file) => `docs/${file}`)].map(read));

/** `second-factor.ts#example`, as a page names what it shows. */
const shown = new Set(
  pages.flatMap((page) => [...page.matchAll(/^<!-- example: test\/examples\/(\S+) -->$/gm)].map(([, name]) => name)),
);
const regions = [...texts].flatMap(([file, text]) =>
  [...text.matchAll(/^\s*\/\/ #region (\S+)$/gm)].map(([, region]) => `${file}#${region}`),
);

describe('examples', () => {
  it.each(regions)('%s is shown in the docs', (region) => {
    expect(shown).toContain(region);
  });

  it.each(files.filter((file) => !file.endsWith('.spec.ts')))('%s is run by a test, or part of one that is', (file) => {
    const itself = `'./${basename(file, '.ts')}.js'`;
    expect([...texts.values()].some((text) => text.includes(itself))).toBe(true);
  });
});
