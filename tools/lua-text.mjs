// What of a Lua script is embedded: as little as it needs, for Redis runs it all at each call and every byte of it travels
// when Redis lost it. The sources stay readable; the text need not be.
import { readFile } from 'node:fs/promises';

/** Includes are looked for from `root` on. `textOf` gives a file's text; tests that break a script put theirs there. */
export async function embeddedText(url, root, textOf = (file) => readFile(file, 'utf8')) {
  return shake(fold(await read(url, { root, textOf })))
    .map(({ code }) => code)
    .join('\n');
}

/** One script with its includes, line by line, without comments and indentation. */
async function read(url, { root, textOf }) {
  const lines = [];
  for (const line of (await textOf(url)).split('\n')) {
    const code = line.trim();
    const include = /^-- @include (?<path>[\w/-]+\.lua)$/.exec(code)?.groups?.path;
    if (include) {
      lines.push(...(await read(new URL(include, root), { root, textOf })));
    } else if (code && !code.startsWith('--')) {
      // Only what stands at the top level of a file begins at the margin.
      lines.push({ code, isTop: !/^\s/.test(line) });
    }
  }
  return lines;
}

const CONSTANTS = /^local (?<names>[A-Z][A-Z_]*(?:, [A-Z][A-Z_]*)*) = (?<values>[^{}()]+)$/;
const NAME = /'[^']*'|\b[A-Z][A-Z_]*\b/g;

/**
 * Writes constants where they are used. Redis makes all functions of a script anew at each call, and each constant is one
 * more variable that each function which uses it must bind: a fifth of the time that taking needs.
 */
function fold(lines) {
  const constants = new Map();
  const written = (code) => code.replaceAll(NAME, (name) => constants.get(name) ?? name);
  return lines.flatMap(({ code, isTop }) => {
    const found = isTop ? CONSTANTS.exec(code)?.groups : undefined;
    if (!found) {
      return [{ code: written(code), isTop }];
    }
    const values = found.values.split(', ').map(written);
    const names = found.names.split(', ');
    if (names.length !== values.length || !values.every((value) => /^(?:'[^']*'|-?\d+(?: \* \d+)*)$/.test(value))) {
      throw new Error(`Not a list of constants: ${code}`);
    }
    names.forEach((name, index) => {
      constants.set(
        name,
        values[index].split(' * ').reduce((product, factor) => (factor.startsWith("'") ? factor : product * factor), 1),
      );
    });
    return [];
  });
}

/** Leaves out the functions that a script never names, and then those that only they named. */
function shake(lines) {
  const start = lines.findIndex(({ code, isTop }, index) => {
    const name = isTop && /^local function (?<name>\w+)/.exec(code)?.groups?.name;
    const end = endOf(lines, index);
    const others = [...lines.slice(0, index), ...lines.slice(end)];
    return name && !others.some((other) => new RegExp(`\\b${name}\\b`).test(other.code));
  });
  return start === -1 ? lines : shake(lines.toSpliced(start, endOf(lines, start) - start));
}

/** The line after the `end` of what begins at `start`. */
function endOf(lines, start) {
  return lines.findIndex(({ code, isTop }, index) => index > start && isTop && code === 'end') + 1;
}
