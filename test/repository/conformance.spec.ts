import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { pageOf, problemsOf, type Requirements } from '../../tools/conformance/page.mjs';
import { readTests } from '../../tools/conformance/titles.mjs';
import { repositoryRoot, withRepository } from './tool-runner.js';

const LIST: Requirements = {
  sections: [
    {
      title: 'Codes',
      requirements: [
        { id: 'A1', statement: 'A code is long.', sources: ['NIST 1'] },
        { id: 'A2', statement: 'A code ends.', sources: ['NIST 2'] },
        { id: 'A3', statement: 'A code is blue.', sources: ['NIST 3'], absent: 'Not yet.' },
      ],
    },
  ],
  invariants: ['Nothing breaks.'],
};
const GOOD = `
describe('A1 codes', () => {
  it.each([1, 2])(\`invariant 1 of \${digits} digits\`, () => {});
  describe.each(['a'])('of %s', (name) => it('A2 cases 3 and 4 end', () => {}));
});
`;

const testsOf = (spec: string) => withRepository({ 'test/a.spec.ts': spec }, readTests);

describe('the table of requirements and their tests', () => {
  it('counts the tags of a test and of what stands around it', async () => {
    const tests = await testsOf(GOOD);
    expect(tests.map(({ title, ids, invariants, cases }) => [title, ids, invariants, cases])).toEqual([
      ['A1 codes › invariant 1 of ${digits} digits', ['A1'], [1], []],
      ['A1 codes › of %s › A2 cases 3 and 4 end', ['A1', 'A2'], [], [3, 4]],
    ]);
    expect(problemsOf(LIST, tests)).toEqual([]);
  });

  it('shows each requirement with its tests, or why there is none', async () => {
    const page = pageOf(LIST, await testsOf(GOOD));
    expect(page).toMatch(/### A1\n\nA code is long\. _\(NIST 1\)_\n\n2 tests:\n/);
    expect(page).toContain('1 test:\n\n- [a.spec.ts](../test/a.spec.ts): `A1 codes › of %s › A2 cases 3 and 4 end`');
    expect(page).toMatch(/### A3\n[^#]*\*\*Not in this release\.\*\* Not yet\./);
  });

  it('shows many tests as the counts of their files', async () => {
    const many = Array.from({ length: 7 }, (_, index) => `it('A2 ${index}', () => {});`).join('\n');
    const page = pageOf(LIST, await testsOf(many));
    expect(page).toContain('<summary>7 tests in 1 files</summary>\n\n[a.spec.ts](../test/a.spec.ts) (7)');
  });

  it('counts the rows of a table that suites run, and no other text', async () => {
    const table = `const cases = { 'A2 ends': async () => {}, other: 'A2' }; const flow = { title: 'A2 too', name: 'x' };`;
    expect((await testsOf(table)).map(({ title }) => title)).toEqual(['A2 ends', 'A2 too']);
  });

  it.each([
    ['an id that does not exist', `${GOOD} it('A9 x', () => {});`, 'test/a.spec.ts: no requirement A9: A9 x'],
    ['an id that does not stand first', `${GOOD} it('x (A2)', () => {});`, 'test/a.spec.ts: A2 must stand first'],
    ['a requirement without a test or a reason', GOOD.replace('A2 ', ''), 'A2 has no test and no reason'],
    ['an invariant without a test', GOOD.replace('invariant 1 ', ''), 'invariant 1 has no test'],
    ['an invariant that does not exist', GOOD.replace('A2', 'A2 invariant 2'), 'test/a.spec.ts: no invariant 2'],
  ])('refuses %s', async (_what, spec, problem) => {
    const problems = problemsOf(LIST, await testsOf(spec));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });

  it('has no requirement twice', async () => {
    const list = await readFile(`${repositoryRoot}tools/conformance/requirements.json`, 'utf8');
    const ids = [...list.matchAll(/"id": "(?<id>\w+)"/g)].map(({ groups }) => groups?.['id']);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
