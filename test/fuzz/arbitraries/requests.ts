import * as fc from 'fast-check';
import type { Route } from '../../support/routes.js';
import { TOKEN } from '../../support/receipts.js';
import { PROVIDERS } from '../providers.js';
import type { Framing, WireRequest } from '../wire/wire-request.js';
import { bodyText, encoded } from './bodies.js';
import { headers } from './headers.js';
import { anyText, nearly } from './texts.js';

/** Values that a parameter of a path may well have, by its name. */
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  id: ['{id}', '{id}', '{other}', 'A'.repeat(84)],
  transport: [...PROVIDERS.map(({ name }) => name), 'recording'],
  token: [TOKEN, TOKEN, 'x'.repeat(32)],
  account: ['{id}', 'a%2fb', '1'],
};

const METHODS = [
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'CONNECT',
  'QUERY',
  'get',
  'X',
];

const framing: fc.Arbitrary<Framing> = fc.oneof(
  { weight: 20, arbitrary: fc.constant('length' as const) },
  { weight: 2, arbitrary: fc.constantFrom('chunked' as const, 'untold' as const) },
  { weight: 1, arbitrary: fc.constantFrom('short' as const, 'long' as const) },
);

/** A request to one of the routes, lawful in most of its parts. */
export function requests(routes: readonly Route[]): fc.Arbitrary<WireRequest> {
  return fc.constantFrom(...routes).chain(requestOf);
}

function requestOf({ method, pattern }: Route): fc.Arbitrary<WireRequest> {
  return fc.record({
    method: fc.oneof(
      { weight: 20, arbitrary: fc.constant(method) },
      { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
    ),
    path: pathOf(pattern),
    headers,
    body: method === 'GET' || method === 'HEAD' ? rarely(bodyOf(pattern)) : bodyOf(pattern),
    framing,
  });
}

function bodyOf(pattern: string): fc.Arbitrary<Buffer> {
  return bodyText(pattern).chain((text) => encoded(text));
}

function rarely(body: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> {
  return fc.oneof({ weight: 9, arbitrary: fc.constant(Buffer.alloc(0)) }, { weight: 1, arbitrary: body });
}

function pathOf(pattern: string): fc.Arbitrary<string> {
  const parts = pattern.split('/').map((part) => (part.startsWith(':') ? parameter(part.slice(1)) : fc.constant(part)));
  const path = fc.tuple(...parts).map((texts) => texts.join('/'));
  return fc.oneof(
    { weight: 8, arbitrary: path },
    { weight: 2, arbitrary: fc.tuple(path, query).map((texts) => texts.join('?')) },
    { weight: 1, arbitrary: path.chain((text) => nearly(text)).map(escapeSpaces) },
  );
}

function parameter(name: string): fc.Arbitrary<string> {
  const usual = fc.constantFrom(...(PARAMETERS[name] ?? ['1']));
  return fc.oneof(
    { weight: 10, arbitrary: usual },
    { weight: 1, arbitrary: usual.chain((text) => nearly(text)).map(escapeSpaces) },
    { weight: 1, arbitrary: anyText.map(escaped) },
    { weight: 1, arbitrary: fc.base64String({ maxLength: 120 }).map((text) => text.replaceAll('/', '_')) },
  );
}

const query = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        'code',
        'phoneNumber',
        'id',
        'status',
        'messageId',
        'a[]',
        '__proto__[polluted]',
        'bodySHA256',
        '',
      ),
      anyText,
    ),
    { maxLength: 4 },
  )
  .map((pairs) => pairs.map(([name, value]) => `${name}=${escaped(value)}`).join('&'));

/** Half a character has no escape. */
function escaped(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Cs}/gu, '\ufffd'));
}

/** What would end the request line is a matter of raw bytes, not of paths. */
function escapeSpaces(path: string): string {
  return path.replaceAll(/[\s\0]/g, (space) => encodeURIComponent(space));
}
