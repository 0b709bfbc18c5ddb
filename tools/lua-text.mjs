// What of a Lua script is embedded: as little as it needs, for Redis runs it all at each call and every byte of it travels
// when Redis lost it. The sources stay readable; the text need not be.
import { readFile } from 'node:fs/promises';

/** Includes are looked for from `root` on. */
export async function embeddedText(url, root) {
  return shake(inline(fold(await read(url, root))))
    .map(({ code }) => code)
    .join('\n');
}

/** One script with its includes, line by line, without comments and indentation. */
async function read(url, root) {
  const lines = [];
  for (const line of (await readFile(url, 'utf8')).split('\n')) {
    const code = line.trim();
    const include = /^-- @include (?<path>[\w/-]+\.lua)$/.exec(code)?.groups?.path;
    if (include) {
      lines.push(...(await read(new URL(include, root), root)));
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

/**
 * Writes functions of a single expression where they are called. They may name nothing but their parameters, what is
 * global, and constants; what stands for a parameter is written as often as the parameter, so it may call nothing.
 */
function inline(lines) {
  const expressions = new Map();
  return lines.map(({ code, isTop }, index) => {
    const written = replaceCalls(code, expressions);
    const { name, parameters } = (isTop && FUNCTION.exec(code)?.groups) || {};
    const body = lines[index + 1]?.code ?? '';
    if (name && lines[index + 2]?.code === 'end' && body.startsWith('return ')) {
      const expression = replaceCalls(body.slice('return '.length), expressions);
      const words = expression.match(/(?<!\.)\b[a-z_]\w*/gi) ?? [];
      const isClosed = words.every((word) => GLOBALS.has(word) || parameters.split(', ').includes(word));
      if (isClosed && splitArguments(expression).length === 1) {
        expressions.set(name, { expression, parameters: parameters.split(', ') });
      }
    }
    return { code: written, isTop };
  });
}

const GLOBALS = new Set(['and', 'or', 'not', 'nil', 'true', 'false', 'math', 'string', 'EMPTY']);
const FUNCTION = /^local function (?<name>\w+)\((?<parameters>[\w, ]*)\)$/;

function replaceCalls(code, expressions) {
  if (FUNCTION.test(code)) {
    return code;
  }
  for (const call of code.matchAll(/(?<![\w.'])(?<name>\w+)\(/g)) {
    const inlined = expressions.get(call.groups.name);
    const end = inlined && closingOf(code, call.index + call[0].length);
    const given = inlined && splitArguments(code.slice(call.index + call[0].length, end));
    if (given && given.length === inlined.parameters.length && given.every((argument) => !/\w\(/.test(argument))) {
      const values = new Map(inlined.parameters.map((parameter, index) => [parameter, grouped(given[index])]));
      const text = inlined.expression.replaceAll(/(?<!\.)\b[a-z]\w*/gi, (word) => values.get(word) ?? word);
      return replaceCalls(`${code.slice(0, call.index)}(${text})${code.slice(end + 1)}`, expressions);
    }
  }
  return code;
}

const grouped = (argument) => (/^[\w.]+$/.test(argument) ? argument : `(${argument})`);

/** Where the bracket closes that is open at `start`. */
function closingOf(code, start) {
  let depth = 1;
  for (let index = start; index < code.length; index++) {
    depth += Number('([{'.includes(code[index])) - Number(')]}'.includes(code[index]));
    if (depth === 0) {
      return index;
    }
  }
  throw new Error(`A call that goes on in the next line: ${code}`);
}

function splitArguments(text) {
  let depth = 0;
  const parts = [''];
  for (const letter of text) {
    depth += Number('([{'.includes(letter)) - Number(')]}'.includes(letter));
    if (letter === ',' && depth === 0) {
      parts.push('');
    } else {
      parts[parts.length - 1] += letter;
    }
  }
  return parts.map((part) => part.trim());
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
