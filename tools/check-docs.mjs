// Keeps README.md and docs/ true. An example is a copy of code that is compiled and tested:
//
//   <!-- example: test/examples/second-factor.ts#controller -->      the line before a code block
//   // #region controller … // #endregion controller                 around the code; without `#…` the whole file
//
// Fails when a block differs from its source or a relative link leads nowhere; `--write` updates the blocks. A path as
// the last argument checks another root.
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const EXAMPLE = /^<!-- example: (?<path>[^\s#]+)(?:#(?<region>[\w-]+))? -->\n\n?(?<open>```\w*\n)(?<code>[^]*?)^```$/gm;
const LINK = /\]\((?<target>[^)\s]+)\)/g;
const CODE = /^```[^]*?^```$|`[^`\n]+`/gm;

const args = process.argv.slice(2);
const write = args.includes('--write');
const root = resolve(args.find((arg) => !arg.startsWith('--')) ?? fileURLToPath(new URL('..', import.meta.url)));

const pages = await findPages();
const problems = (await Promise.all(pages.map(checkPage))).flat();
problems.forEach((problem) => console.error(problem));
console.log(`${pages.length} pages, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;

async function findPages() {
  const top = await readdir(root);
  const docs = existsSync(join(root, 'docs')) ? await readdir(join(root, 'docs'), { recursive: true }) : [];
  return [...top, ...docs.map((file) => join('docs', file))].filter((file) => file.endsWith('.md')).toSorted();
}

async function checkPage(page) {
  const text = await readFile(join(root, page), 'utf8');
  return [...brokenLinks(page, text), ...(await staleExamples(page, text))];
}

function brokenLinks(page, text) {
  return [...text.replace(CODE, '').matchAll(LINK)]
    .map(({ groups }) => decodeURI(groups.target.split('#')[0]))
    .filter((target) => target !== '' && !/^[a-z]+:/i.test(target))
    .filter((target) => !existsSync(resolve(root, dirname(page), target)))
    .map((target) => `${page}: ${target} does not exist`);
}

async function staleExamples(page, text) {
  const stale = [];
  let current = text;
  for (const { 0: block, groups } of text.matchAll(EXAMPLE)) {
    const code = await readExample(groups);
    const name = groups.region === undefined ? groups.path : `${groups.path}#${groups.region}`;
    if (code === undefined) {
      stale.push(`${page}: example ${name} does not exist`);
    } else if (code !== groups.code) {
      stale.push(`${page}: differs from ${name} (node tools/check-docs.mjs --write updates it)`);
      const marker = block.slice(0, block.indexOf(groups.open));
      current = current.replace(block, () => `${marker}${groups.open}${code}\`\`\``);
    }
  }
  const unread = text.split('<!-- example:').length - 1 - [...text.matchAll(EXAMPLE)].length;
  if (unread > 0) {
    stale.push(`${page}: ${unread} example comment(s) without a code block on the next line`);
  }
  if (!write || current === text) {
    return stale;
  }
  await writeFile(join(root, page), current);
  return stale.filter((problem) => !problem.includes('differs from'));
}

/** The text of a file or of one region in it, moved to the left edge; `undefined` when there is none. */
async function readExample({ path, region }) {
  const file = join(root, path);
  if (relative(root, file).startsWith('..') || !existsSync(file)) {
    return undefined;
  }
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  const start = region === undefined ? -1 : lines.findIndex((line) => line.trim() === `// #region ${region}`);
  const end =
    region === undefined ? lines.length : lines.findIndex((line) => line.trim() === `// #endregion ${region}`);
  if ((region !== undefined && start === -1) || end <= start) {
    return undefined;
  }
  const body = lines.slice(start + 1, end).filter((line) => !/^\s*\/\/ #(end)?region /.test(line));
  const indents = body.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const indent = Math.min(...indents);
  return `${body.map((line) => line.slice(indent)).join('\n')}\n`;
}
