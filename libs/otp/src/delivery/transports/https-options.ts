import { CHANNELS } from '../../phone/channel.js';
import type { HttpsTransportOptions } from './https.transport.js';

const NAME = /^[a-z][a-z0-9-]{0,31}$/;
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const MAX_TIMEOUT_SECONDS = 60;

/** @throws TypeError naming the option and the mend, and never the value: it may hold a key. */
export function checkHttpsOptions(options: HttpsTransportOptions): void {
  const { name = 'https', method = 'POST', headers, body, timeoutSeconds = 10, channels = ['sms'] } = options;
  demand('name', NAME.test(name), 'must be lower-case letters, digits and hyphens, e.g. "acme-sms"');
  checkUrl(options.url);
  demand('method', method === 'POST' || method === 'PUT', 'must be "POST" or "PUT"');
  demand('headers', typeof headers === 'function' || isHeaders(headers), 'must be names and values that HTTP allows');
  demand('body', typeof body === 'function', 'must be a function from the message to the request’s body');
  demand(
    'timeoutSeconds',
    timeoutSeconds > 0 && timeoutSeconds <= MAX_TIMEOUT_SECONDS,
    `must be above 0 and at most ${MAX_TIMEOUT_SECONDS}`,
  );
  demand(
    'channels',
    channels.length > 0 && channels.every((channel) => CHANNELS.includes(channel)),
    `must be some of ${CHANNELS.join(', ')}`,
  );
}

function checkUrl(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  demand('url', url !== undefined, 'must be an absolute address, e.g. "https://sms.example.com/send"');
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname));
  demand('url', isSafe, 'must begin with https:// (http:// is for loopback hosts only): the message carries a code');
  demand('url', url?.username === '' && url.password === '', 'must not hold credentials; put them into headers');
}

function isHeaders(headers: Readonly<Record<string, string>> | undefined): boolean {
  try {
    return new Headers(headers) instanceof Headers;
  } catch {
    return false;
  }
}

function demand(option: string, holds: boolean, mend: string): void {
  if (!holds) {
    throw new TypeError(`httpsTransport: option ${option} ${mend}`);
  }
}
