export interface WireAnswer {
  readonly status: number;
  /** Head as it came, without the status line. */
  readonly head: string;
  readonly text: string;
}

export interface AnswerRead {
  readonly answer: WireAnswer;
  /** Bytes that it took. */
  readonly size: number;
  /** Whether the server will take another request. */
  readonly keepsAlive: boolean;
}

const HEAD_END = '\r\n\r\n';

/**
 * Reads the first answer of what a server sent so far; `undefined` while it is incomplete. `ended`: nothing more will
 * come. @throws Error when this is no HTTP.
 */
export function readAnswer(
  bytes: Buffer,
  { isHead, ended }: { readonly isHead: boolean; readonly ended: boolean },
): AnswerRead | undefined {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd === -1) {
    return undefined;
  }
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, headEnd).split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1]);
  if (Number.isNaN(status)) {
    throw new Error(`no HTTP: ${statusLine.slice(0, 80)}`);
  }
  const start = headEnd + HEAD_END.length;
  if (status < 200) {
    const next = readAnswer(bytes.subarray(start), { isHead, ended });
    return next && { ...next, size: next.size + start };
  }
  const head = lines.join('\n');
  const body = bodyOf(bytes.subarray(start), { head, ended, isEmpty: isHead || status === 204 || status === 304 });
  return (
    body && {
      answer: { status, head, text: body.text },
      size: start + body.size,
      keepsAlive: !/^connection: close$/im.test(head),
    }
  );
}

function bodyOf(
  bytes: Buffer,
  { head, ended, isEmpty }: { readonly head: string; readonly ended: boolean; readonly isEmpty: boolean },
): { readonly text: string; readonly size: number } | undefined {
  if (isEmpty) {
    return { text: '', size: 0 };
  }
  if (/^transfer-encoding: chunked$/im.test(head)) {
    return readChunks(bytes);
  }
  const length = /^content-length: (\d+)$/im.exec(head)?.[1];
  const size = length === undefined ? bytes.length : Number(length);
  const isWhole = length === undefined ? ended : bytes.length >= size;
  return isWhole ? { text: bytes.toString('utf8', 0, size), size } : undefined;
}

function readChunks(bytes: Buffer): { readonly text: string; readonly size: number } | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd === -1) {
      return undefined;
    }
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const end = lineEnd + 2 + size + 2;
    if (end > bytes.length) {
      return undefined;
    }
    if (size === 0) {
      return { text: Buffer.concat(parts).toString('utf8'), size: end };
    }
    parts.push(bytes.subarray(lineEnd + 2, end - 2));
    at = end;
  }
}
