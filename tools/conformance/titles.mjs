// Reads the names of tests out of their source, without running anything: `describe`, `it` and `test` in all their
// forms, and the tables of cases that suites run (`'A3 …': (…) => …`, `{ title: 'H8 …' }`).
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';

const TREES = ['apps', 'libs', 'test'];
const IGNORED = new Set(['node_modules', 'dist', 'coverage']);
const RUNNERS = new Set(['describe', 'it', 'test']);
const TABLE_NAMES = new Set(['name', 'title']);

/** One word of a title's head: an id of a requirement, the number of an attack case or of an invariant. */
const TAG =
  /^(?:(?<id>[A-Z]\d{1,2})\b(?!-)|[Cc]ases? (?<cases>\d+(?:(?:, (?:and )?| and |[-–])\d+)*)|[Ii]nvariant (?<invariant>\d+))/;
const GAP = /^[:,]? (?:and )?|^: ?/;

/** @returns every test of the repository, in the order of its files: `{ file, title, ids, cases, invariants }` */
export async function readTests(root) {
  const files = (await Promise.all(TREES.map((tree) => sourceFiles(root, tree)))).flat().toSorted();
  return (await Promise.all(files.map((file) => testsOf(root, file)))).flat();
}

async function sourceFiles(root, folder) {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  const inside = await Promise.all(
    entries.map((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        return IGNORED.has(entry.name) ? [] : sourceFiles(root, path);
      }
      return mayHoldTests(path) ? [path] : [];
    }),
  );
  return inside.flat();
}

/** Spec files, and what stands beside them: suites and tables that several spec files run. */
function mayHoldTests(path) {
  return /\.(?:spec|test-d)\.tsx?$/.test(path) || (path.endsWith('.ts') && /(?:^|\/)test(?:ing)?\//.test(path));
}

async function testsOf(root, file) {
  const text = await readFile(join(root, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const tests = [];
  visit(source, []);
  return tests;

  function visit(node, path) {
    const runner = ts.isCallExpression(node) ? runnerOf(node.expression) : undefined;
    const title = runner === undefined ? tableTitle(node, source) : titleOf(node.arguments[0], source);
    if (title === undefined) {
      ts.forEachChild(node, (child) => visit(child, path));
      return;
    }
    const inside = [...path, title];
    if (runner !== 'describe') {
      tests.push({ file, title: inside.join(' › '), ...tagsOf(inside) });
    }
    ts.forEachChild(node, (child) => visit(child, runner === 'describe' ? inside : path));
  }
}

/** `it` of `it(…)`, `it.each(rows)(…)` and `it.skipIf(x).each(rows)(…)`. */
function runnerOf(expression) {
  if (ts.isIdentifier(expression)) {
    return RUNNERS.has(expression.text) ? expression.text : undefined;
  }
  const inner = ts.isPropertyAccessExpression(expression) || ts.isCallExpression(expression);
  return inner ? runnerOf(expression.expression) : undefined;
}

/** The name of a row in a table of cases: only those with a tag, since a table without one may be of anything. */
function tableTitle(node, source) {
  if (!ts.isPropertyAssignment(node) && !ts.isMethodDeclaration(node)) {
    return undefined;
  }
  const named = ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && TABLE_NAMES.has(node.name.text);
  const title = named ? titleOf(node.initializer, source) : ts.isStringLiteral(node.name) ? node.name.text : undefined;
  return title !== undefined && readHead(title).tags.length > 0 ? title : undefined;
}

/** A template's values are shown by their source; `undefined` when the title is not written in the call. */
function titleOf(node, source) {
  if (node === undefined) {
    return undefined;
  }
  if (ts.isStringLiteralLike(node)) {
    return node.text;
  }
  return ts.isTemplateExpression(node) ? node.getText(source).slice(1, -1) : undefined;
}

/** What the titles of a test and of what stands around it begin with. */
export function tagsOf(path) {
  const heads = path.map(readHead);
  const tags = heads.flatMap((head) => head.tags);
  return {
    ids: [...new Set(tags.flatMap(({ id }) => id ?? []))],
    cases: [...new Set(tags.flatMap(({ cases }) => (cases === undefined ? [] : numbersIn(cases))))],
    invariants: [...new Set(tags.flatMap(({ invariant }) => (invariant === undefined ? [] : Number(invariant))))],
    /** What follows the tags; an id in there counts for nothing. */
    words: heads.map(({ rest }) => rest).join(' › '),
  };
}

function readHead(title) {
  const tags = [];
  let rest = title;
  for (let tag = TAG.exec(rest); tag !== null; tag = TAG.exec(rest)) {
    tags.push(tag.groups);
    rest = rest.slice(tag[0].length).replace(GAP, '');
  }
  return { tags, rest };
}

/** `10 and 12` is two, `76-78` is three. */
function numbersIn(text) {
  const parts = text.split(/, (?:and )?| and /).map((part) => part.split(/[-–]/).map(Number));
  return parts.flatMap(([first, last = first]) => Array.from({ length: last - first + 1 }, (_, n) => first + n));
}
