import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readTests } from '../../tools/conformance/titles.mjs';
import { repositoryRoot } from './tool-runner.js';

const LINK = /\]\((?<file>[^)\s#]+\.spec\.ts)\)(?:\s+cases? (?<cases>\d+(?:, \d+)*))?/g;

describe('SECURITY.md', async () => {
  const page = await readFile(`${repositoryRoot}SECURITY.md`, 'utf8');
  const tests = await readTests(repositoryRoot);
  const links = [...page.matchAll(LINK)].map(({ groups }) => ({
    file: groups?.['file'] ?? '',
    cases: (groups?.['cases'] ?? '').split(', ').filter(Boolean).map(Number),
  }));

  it('names tests', () => {
    expect(links.length).toBeGreaterThan(20);
  });

  it.each(links)('has its tests in $file: cases $cases', ({ file, cases }) => {
    const own = tests.filter((test) => test.file === file);
    expect(own.length).toBeGreaterThan(0);
    const named = new Set(own.flatMap((test) => test.cases));
    expect(cases.filter((number) => !named.has(number))).toEqual([]);
  });
});
