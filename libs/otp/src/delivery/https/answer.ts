import { randomUUID } from 'node:crypto';
import { isMessageId, sendFailure } from '../read-send-result.js';
import type { SendFailure, SendFailureReason, SendResult } from '../sms-transport.js';
import { DeadlineError } from '../with-deadline.js';

/** A provider's complete answer. */
export interface HttpsAnswer {
  readonly status: number;
  /** Parsed where it is JSON, otherwise the text, up to 64 KiB of it. */
  readonly body: unknown;
}

export interface AnswerReaders {
  readonly messageId?: ((body: unknown) => string | undefined) | undefined;
  readonly classify?: ((answer: HttpsAnswer) => SendFailureReason | undefined) | undefined;
}

const MAX_BODY_BYTES = 64 * 1024;

/** Reads no more than is worth reading; the rest is not awaited. */
export async function readAnswer(response: Response): Promise<HttpsAnswer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const parts: AsyncIterable<Uint8Array> | null = response.body;
  for await (const chunk of parts ?? []) {
    chunks.push(chunk.subarray(0, MAX_BODY_BYTES - size));
    size += chunk.byteLength;
    if (size >= MAX_BODY_BYTES) {
      break;
    }
  }
  return { status: response.status, body: parseBody(Buffer.concat(chunks).toString('utf8')) };
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What a complete answer means; see `httpsTransport` for the table. */
export function resultOf(answer: HttpsAnswer, { messageId, classify }: AnswerReaders): SendResult {
  const seen = `HTTP ${answer.status}`;
  try {
    const reason = classify?.(answer) ?? defaultReason(answer.status);
    if (reason !== undefined) {
      return sendFailure(reason, seen);
    }
    const id = messageId === undefined ? randomUUID() : messageId(answer.body);
    return acceptedWith(id, answer);
  } catch {
    return sendFailure('unknown-outcome', `${seen}, which classify() or messageId() could not read`);
  }
}

const REASONS_BY_STATUS: ReadonlyMap<number, SendFailureReason> = new Map<number, SendFailureReason>([
  [402, 'quota'],
  [408, 'transient'],
  [425, 'transient'],
  [429, 'transient'],
  // A conflict may be with the same message, sent before.
  [409, 'unknown-outcome'],
  [501, 'configuration'],
]);

/** What the status alone tells: `undefined` for 2xx. Providers' adapters read their error codes first. */
export function failureOfStatus({ status }: HttpsAnswer): SendFailure | undefined {
  const reason = defaultReason(status);
  return reason && sendFailure(reason, `HTTP ${status}`);
}

/** The result of an answer that should hold the id of the message. Without one nobody knows what happened. */
export function acceptedWith(id: unknown, { status }: HttpsAnswer): SendResult {
  return isMessageId(id)
    ? { outcome: 'accepted', messageId: id }
    : sendFailure('unknown-outcome', `HTTP ${status} without a message id`);
}

function defaultReason(status: number): SendFailureReason | undefined {
  if (status >= 200 && status < 300) {
    return undefined;
  }
  return REASONS_BY_STATUS.get(status) ?? (status < 500 ? 'configuration' : 'unknown-outcome');
}

/** System calls that precede a request: when they fail nothing was sent. */
const BEFORE_REQUEST: ReadonlySet<unknown> = new Set(['connect', 'getaddrinfo']);
/** The server's certificate was refused, which happens before a request as well. */
const CERTIFICATE = /^(?:CERT_|ERR_TLS_CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET_ISSUER|VERIFY))/;

/** What a request that got no complete answer means. Only what surely happened before it left is a definite failure. */
export function failureOf(error: unknown): SendFailure {
  if (error instanceof DeadlineError) {
    return sendFailure('unknown-outcome', error.message);
  }
  const { code, syscall } = rootCause(error);
  if (CERTIFICATE.test(code)) {
    return sendFailure('configuration', `the server's certificate was refused (${code})`);
  }
  if (BEFORE_REQUEST.has(syscall) || code === 'UND_ERR_CONNECT_TIMEOUT') {
    return sendFailure('transient', `no connection (${code})`);
  }
  return sendFailure('unknown-outcome', `the connection broke (${code})`);
}

/** `fetch` wraps the system's error, and several addresses that were tried become one aggregate. */
function rootCause(error: unknown): { code: string; syscall: unknown } {
  let cause = error;
  for (let depth = 0; depth < 4; depth++) {
    if (cause instanceof AggregateError && cause.errors.length > 0) {
      cause = cause.errors[0];
    } else if (cause instanceof Error && cause.cause !== undefined) {
      cause = cause.cause;
    }
  }
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'no code';
  const syscall = cause instanceof Error && 'syscall' in cause ? cause.syscall : undefined;
  return { code, syscall };
}
