import { OtpException } from '../otp.exception.js';

const MAX_DEPTH = 64;

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * The JSON of a value that a GraphQL scalar or a `binding` may have made, so that two values of which the handler sees a difference never
 * look the same.
 *
 * @throws OtpException `invalid_request` for half a character, also in a name, and for a number without end, which have no
 * canonical JSON (RFC 8785 §3.2.2).
 * @throws TypeError for what JSON would show as an empty object, whatever is in it: a `Map`, a promise (a file), a class
 * without `toJSON`.
 * @throws OtpException `invalid_request` for what is nested deeper than 64 levels, which only a hostile client sends.
 */
export function faithfulJson(value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH) {
    throw new OtpException('invalid_request', { detail: 'What was sent is nested too deeply.' });
  }
  switch (typeof value) {
    case 'string':
      return wholeText(value);
    case 'number':
      return finite(value);
    case 'bigint':
      return `${value}n`;
    case 'object':
      return value === null ? null : jsonOfObject(value, depth + 1);
    case 'function':
    case 'symbol':
      throw cannotBeTold(value);
    default:
      return value;
  }
}

function wholeText(text: string): string {
  if (LONE_SURROGATE.test(text)) {
    throw new OtpException('invalid_request', { detail: 'Texts must be of whole characters.' });
  }
  return text;
}

/** A parser makes infinity of `1e400`, which JSON has no word for. */
function finite(number: number): number {
  if (!Number.isFinite(number)) {
    throw new OtpException('invalid_request', { detail: 'Numbers must be finite.' });
  }
  return number;
}

function jsonOfObject(value: object, depth: number): unknown {
  if (Array.isArray(value)) {
    return value.map((entry) => faithfulJson(entry, depth));
  }
  if (hasToJson(value)) {
    return faithfulJson(value.toJSON(), depth);
  }
  if (!isPlain(value)) {
    throw cannotBeTold(value);
  }
  const members = Object.entries(value);
  return Object.fromEntries(members.map(([name, member]) => [wholeText(name), faithfulJson(member, depth)]));
}

function hasToJson(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

/** Also of another realm, whose prototype has none itself either. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function cannotBeTold(value: unknown): TypeError {
  const kind = Object.prototype.toString.call(value).slice(1, -1);
  return new TypeError(
    `@RequireOtp() cannot tell two values that are ${kind} apart: give them toJSON(), or take plain ones`,
  );
}
