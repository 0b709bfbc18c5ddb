// Writes docs/conformance.md: what the standards ask (tools/conformance/requirements.json) and the tests that show it, read
// from their names. `--check` writes nothing and exits 1 when the page is stale. Both fail when a name has an id that does
// not exist, and when a requirement has neither a test nor a reason. A path as the last argument checks another root.
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { pageOf, problemsOf } from './conformance/page.mjs';
import { readTests } from './conformance/titles.mjs';

const args = process.argv.slice(2);
const root = resolve(args.find((arg) => !arg.startsWith('--')) ?? fileURLToPath(new URL('..', import.meta.url)));
const target = join(root, 'docs/conformance.md');

const requirements = JSON.parse(await readFile(join(root, 'tools/conformance/requirements.json'), 'utf8'));
const tests = await readTests(root);
const config = await resolveConfig(target);
const page = await format(pageOf(requirements, tests), { ...config, filepath: target });

const problems = problemsOf(requirements, tests);
if (page !== (await readFile(target, 'utf8').catch(() => ''))) {
  if (args.includes('--check')) {
    problems.push('docs/conformance.md is stale: run `npm run docs`');
  } else {
    await writeFile(target, page);
  }
}
problems.forEach((problem) => console.error(problem));
console.log(`${tests.length} tests, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
