import { METHODS } from 'node:http';

export type Framing =
  /** As the body is long. */
  | 'length'
  | 'chunked'
  /** Tells of a longer body than it sends, and ends. */
  | 'short'
  /** Tells of a shorter one: the rest is taken for another request. */
  | 'long'
  /** Sends a body and does not tell of one. */
  | 'untold';

/** One request as it goes over the wire; nothing is normalised, so nothing need be lawful. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  readonly framing: Framing;
}

/** Headers after which a connection may be used for something else, or for nothing. */
const FRAMING_HEADER = /^(?:content-length|transfer-encoding|connection|upgrade|expect|te|trailer|host)$/i;
// The control characters are what it looks for.
// oxlint-disable-next-line no-control-regex
const UNLAWFUL = /[\0-\x08\x0a-\x1f\x7f]/;

/** Whether a server must answer it and may leave the connection open. */
export function isWellFramed({ method, path, headers, body, framing }: WireRequest): boolean {
  return (
    (framing === 'length' || (framing === 'untold' && body.length === 0)) &&
    METHODS.includes(method) &&
    method !== 'CONNECT' &&
    /^\/[\x21-\x7e]*$/.test(path) &&
    headers.every(([name, value]) => /^[\w-]+$/.test(name) && !FRAMING_HEADER.test(name) && !UNLAWFUL.test(value))
  );
}

/** What is sent. A name in braces, such as `{id}`, stands for what only a running application knows. */
export function toBytes(request: WireRequest, known: ReadonlyMap<string, string>): Buffer {
  const fill = (text: string) => text.replaceAll(/\{\w+\}/g, (name) => known.get(name) ?? name);
  const isText = request.body.includes('{');
  const body = isText ? Buffer.from(fill(request.body.toString('latin1')), 'latin1') : request.body;
  const lines = [
    `${request.method} ${fill(request.path)} HTTP/1.1`,
    'Host: fuzz',
    ...request.headers.map(([name, value]) => `${name}: ${fill(value)}`),
    ...framingOf(request.framing, body.length),
  ];
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
  return Buffer.concat([head, request.framing === 'chunked' ? chunked(body) : body]);
}

function framingOf(framing: Framing, length: number): readonly string[] {
  switch (framing) {
    case 'length':
      return [`Content-Length: ${length}`];
    case 'chunked':
      return ['Transfer-Encoding: chunked'];
    case 'short':
      return [`Content-Length: ${length + 7}`];
    case 'long':
      return [`Content-Length: ${Math.floor(length / 2)}`];
    case 'untold':
      return [];
  }
}

function chunked(body: Buffer): Buffer {
  const middle = Math.floor(body.length / 2);
  const parts = [body.subarray(0, middle), body.subarray(middle)].filter(({ length }) => length > 0);
  const chunks = parts.flatMap((part) => [Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]);
  return Buffer.concat([...chunks, Buffer.from('0\r\n\r\n')]);
}
