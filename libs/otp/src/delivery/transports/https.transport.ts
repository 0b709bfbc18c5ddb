import type { Channel } from '../../phone/channel.js';
import { type HttpsAnswer, resultOf } from '../https/answer.js';
import { OptionCheck } from '../https/check-options.js';
import { CredentialError } from '../https/credential.js';
import { type ProviderRequest, providerTransport } from '../https/provider-transport.js';
import type { ReceiptReader } from '../receipts/receipt-reader.js';
import type { OutgoingMessage, SendFailureReason, SmsTransport } from '../sms-transport.js';

export { type HmacSignature, type JsonReceiptOptions, jsonReceipts } from '../receipts/json-receipts.js';

export interface HttpsTransportOptions {
  /** Shown in events and logs: lower-case letters, digits and hyphens. @default 'https' */
  readonly name?: string | undefined;
  /** The provider's address: `https:`, and `http:` for loopback hosts only. Without credentials. */
  readonly url: string;
  /** @default 'POST' */
  readonly method?: 'POST' | 'PUT' | undefined;
  /**
   * Request headers, such as `authorization`. A function is called for each message, so that keys can be rotated; when it
   * fails the message is not sent (`transient`).
   */
  readonly headers?: Readonly<Record<string, string>> | (() => HeaderRecord | Promise<HeaderRecord>) | undefined;
  /** The request's body: an object is sent as JSON, `URLSearchParams` as a form, a string as it is. */
  readonly body: (message: OutgoingMessage) => string | object;
  /**
   * Finds the provider's message id in the answer's body (parsed where it is JSON). When it finds none the outcome is
   * unknown. @default an id made here, which no delivery report will match
   */
  readonly messageId?: ((body: unknown) => string | undefined) | undefined;
  /**
   * Classes an answer that the status alone does not explain, also one with status 2xx; `undefined` leaves it to the
   * table below.
   */
  readonly classify?: ((answer: HttpsAnswer) => SendFailureReason | undefined) | undefined;
  /**
   * Longest wait for the whole answer, in seconds, above 0 and at most 60. The module's `sendTimeoutSeconds` (10) bounds it as
   * well: the shorter of the two counts. @default 10
   */
  readonly timeoutSeconds?: number | undefined;
  /** @default ['sms'] */
  readonly channels?: readonly Channel[] | undefined;
  /** Reads the provider's delivery reports: `jsonReceipts({ … })`, or a reader of your own. @default none */
  readonly receipts?: ReceiptReader | undefined;
}

type HeaderRecord = Readonly<Record<string, string>>;

/**
 * Sends by any provider's HTTPS interface. Without `classify` an answer means:
 *
 * | answer | result |
 * |---|---|
 * | 2xx | accepted |
 * | 402 | `quota` |
 * | 408, 425, 429 | `transient` |
 * | 409, 5xx (but 501) | `unknown-outcome`: a gateway's error tells nothing about what is behind it |
 * | other 3xx and 4xx, 501 | `configuration`: whether the recipient is to blame only `classify` can tell |
 * | name not found, connection refused | `transient` |
 * | certificate refused | `configuration` |
 * | time over, connection broken, half an answer | `unknown-outcome` |
 *
 * Redirects are not followed. No result names the address, a header, the number or the code.
 *
 * @throws TypeError when an option is wrong; it names the option and the mend.
 * @example
 * httpsTransport({
 *   url: 'https://sms.example.com/v1/messages',
 *   headers: () => ({ authorization: `Bearer ${keys.current}` }),
 *   body: ({ to, text }) => ({ to, text }),
 * })
 */
export function httpsTransport(options: HttpsTransportOptions): SmsTransport {
  const check = new OptionCheck('httpsTransport');
  check.given(options);
  checkOptions(options, check);
  const { name = 'https', channels = ['sms'], timeoutSeconds = 10, receipts } = options;
  return providerTransport({
    name,
    channels,
    timeoutSeconds,
    receipts,
    request: async (message) => requestOf(options, message),
    read: (answer) => resultOf(answer, options),
  });
}

async function requestOf(
  { url, method = 'POST', headers, body }: HttpsTransportOptions,
  message: OutgoingMessage,
): Promise<ProviderRequest> {
  return { url, method, headers: await readHeaders(headers), body: body(message) };
}

async function readHeaders(headers: HttpsTransportOptions['headers'] = {}): Promise<HeaderRecord> {
  if (typeof headers !== 'function') {
    return headers;
  }
  try {
    return Object.fromEntries(new Headers(await headers()));
  } catch {
    throw new CredentialError('headers() failed');
  }
}

function checkOptions(options: HttpsTransportOptions, check: OptionCheck): void {
  const { name = 'https', method = 'POST', headers, body, timeoutSeconds = 10, channels = ['sms'] } = options;
  check.name(name);
  check.url('url', options.url);
  check.demand('method', method === 'POST' || method === 'PUT', 'must be "POST" or "PUT"');
  check.demand(
    'headers',
    typeof headers === 'function' || isHeaders(headers),
    'must be names and values that HTTP allows',
  );
  check.demand('body', typeof body === 'function', 'must be a function from the message to the request’s body');
  check.timeoutSeconds(timeoutSeconds);
  check.channels(channels);
  check.demand(
    'messageId',
    options.receipts === undefined || options.messageId !== undefined,
    'is missing; receipts name messages by the id that the provider gave',
  );
  check.receipts(options.receipts ?? {}, { required: false });
}

function isHeaders(headers: HeaderRecord | undefined): boolean {
  try {
    return new Headers(headers) instanceof Headers;
  } catch {
    return false;
  }
}
