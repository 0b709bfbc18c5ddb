import { StoreUnavailableError } from '../otp-store.js';

const CLOSED = ['Connection is closed.', 'Command aborted due to connection close'];

export function isNoScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}

/** The server has not run the command: another one has the slot. */
export function isMoved(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('MOVED ');
}

/** The command was on its way when its connection broke: whether Redis ran it is not known. */
export function isBrokenConnection(error: unknown): boolean {
  return error instanceof Error && (error.name === 'MaxRetriesPerRequestError' || CLOSED.includes(error.message));
}

/**
 * What went wrong, in the client's or the server's words, short and safe to log. The error itself is not: ioredis hangs
 * the command with all its arguments on it (for AUTH, the password), and unknown commands are answered with theirs.
 */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return 'unknown error';
  }
  if (error.name === 'MaxRetriesPerRequestError') {
    return 'the connection broke';
  }
  const [line = ''] = error.message.split(/[\r\n]|, with args/);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return line.slice(0, 200) || code;
}

export function unavailable(what: string, error: unknown): StoreUnavailableError {
  const reason = reasonOf(error);
  return new StoreUnavailableError(`${what}: ${reason}`, { cause: new Error(reason) });
}
