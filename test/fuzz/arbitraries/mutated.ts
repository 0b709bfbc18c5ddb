import * as fc from 'fast-check';
import { anyText } from './texts.js';

/** What is given where something else is wanted. JSON has no more than a part of these. */
export const strangeJson = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, -1, 1.5, 1e308, [], {}, [[]], [null], [{}], ''),
  fc.integer(),
  fc.double(),
  anyText,
  fc.jsonValue({ maxDepth: 3 }),
  fc
    .constantFrom('__proto__', 'constructor', 'length', 'then')
    .map((name): unknown => JSON.parse(`{"${name}":{"a":1}}`)),
);

/** What a configuration, an environment or a slip gives in JavaScript. */
export const strangeValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: strangeJson },
  {
    weight: 2,
    arbitrary: fc.constantFrom<unknown>(
      undefined,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      10n,
      () => undefined,
      new Date(Number.NaN),
      new Map(),
      new Set([1]),
      /a/,
      Buffer.from('a'),
      Object.freeze([]),
      Promise.resolve(),
    ),
  },
);

type Path = readonly (string | number)[];

/** A value with one to three of its members taken out, replaced or added. */
export function mutated(valid: unknown, strange: fc.Arbitrary<unknown> = strangeValue): fc.Arbitrary<unknown> {
  const paths = pathsOf(valid);
  const change = fc.record({
    path: fc.constantFrom(...paths),
    kind: fc.constantFrom('replace', 'replace', 'remove', 'add', 'wrap', 'text'),
    value: strange,
    name: anyText,
  });
  return fc
    .array(change, { minLength: 1, maxLength: 3 })
    .map((changes) => changes.reduce<unknown>((value, one) => changeAt(value, one.path, one), valid));
}

interface Change {
  readonly kind: string;
  readonly value: unknown;
  readonly name: string;
}

function pathsOf(value: unknown, path: Path = []): Path[] {
  const members = isPlain(value) ? Object.entries(value) : [];
  return [path, ...members.flatMap(([name, member]) => pathsOf(member, [...path, name]))];
}

/** What is made of literals; other objects are taken as a whole. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return (
    Array.isArray(value) ||
    (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
  );
}

function changeAt(value: unknown, [name, ...rest]: Path, change: Change): unknown {
  if (name === undefined) {
    return changed(value, change);
  }
  if (!isPlain(value)) {
    return value;
  }
  const copy: Record<string, unknown> = Array.isArray(value) ? Object.assign([], value) : { ...value };
  if (rest.length === 0 && change.kind === 'remove') {
    delete copy[name];
  } else {
    copy[name] = changeAt(copy[name], rest, change);
  }
  return copy;
}

function changed(value: unknown, { kind, value: strange, name }: Change): unknown {
  switch (kind) {
    case 'add':
      // Defined, so that `__proto__` becomes a member like any other.
      return isPlain(value) && !Array.isArray(value)
        ? Object.defineProperty({ ...value }, name, { value: strange, enumerable: true, configurable: true })
        : strange;
    case 'wrap':
      return [value];
    case 'text':
      return typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'text';
    case 'remove':
      return undefined;
    default:
      return strange;
  }
}
