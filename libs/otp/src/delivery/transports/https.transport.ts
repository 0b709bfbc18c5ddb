import type { Channel } from '../../phone/channel.js';
import { sendFailure } from '../read-send-result.js';
import type { OutgoingMessage, SendFailure, SendFailureReason, SmsTransport } from '../sms-transport.js';
import { withDeadline } from '../with-deadline.js';
import { failureOf, readAnswer, resultOf, type HttpsAnswer } from './https-answer.js';
import { checkHttpsOptions } from './https-options.js';

export interface HttpsTransportOptions {
  /** Shown in events and logs: lower-case letters, digits and hyphens. @default 'https' */
  readonly name?: string;
  /** The provider's address: `https:`, and `http:` for loopback hosts only. Without credentials. */
  readonly url: string;
  /** @default 'POST' */
  readonly method?: 'POST' | 'PUT';
  /**
   * Request headers, such as `authorization`. A function is called for each message, so that keys can be rotated; when it
   * fails the message is not sent (`transient`).
   */
  readonly headers?: Readonly<Record<string, string>> | (() => HeaderRecord | Promise<HeaderRecord>);
  /** The request's body: an object is sent as JSON, `URLSearchParams` as a form, a string as it is. */
  readonly body: (message: OutgoingMessage) => string | object;
  /**
   * Finds the provider's message id in the answer's body (parsed where it is JSON). When it finds none the outcome is
   * unknown. @default an id made here, which no delivery report will match
   */
  readonly messageId?: (body: unknown) => string | undefined;
  /**
   * Classes an answer that the status alone does not explain, also one with status 2xx; `undefined` leaves it to the
   * table below.
   */
  readonly classify?: (answer: HttpsAnswer) => SendFailureReason | undefined;
  /** Longest wait for the whole answer, in seconds, above 0 and at most 60. @default 10 */
  readonly timeoutSeconds?: number;
  /** @default ['sms'] */
  readonly channels?: readonly Channel[];
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
  checkHttpsOptions(options);
  const { name = 'https', channels = ['sms'], timeoutSeconds = 10 } = options;

  return {
    name,
    channels: [...channels],
    send: async (message, { signal }) => {
      if (signal.aborted) {
        return sendFailure('transient', 'stopped before the request');
      }
      const prepared = await prepare(options, message, signal);
      if ('outcome' in prepared) {
        return prepared;
      }
      let answer: HttpsAnswer;
      try {
        answer = await withDeadline({ timeoutSeconds, signal }, (deadline) => exchange(options, prepared, deadline));
      } catch (error) {
        return failureOf(error);
      }
      return resultOf(answer, options);
    },
  };
}

interface PreparedRequest {
  readonly headers: Headers;
  readonly body: string | URLSearchParams;
}

/** All that may fail before anything is sent, and so fails definitely. */
async function prepare(
  { headers, body, timeoutSeconds = 10 }: HttpsTransportOptions,
  message: OutgoingMessage,
  signal: AbortSignal,
): Promise<PreparedRequest | SendFailure> {
  let sent: Headers;
  try {
    sent = new Headers(
      typeof headers === 'function' ? await withDeadline({ timeoutSeconds, signal }, async () => headers()) : headers,
    );
  } catch {
    return sendFailure('transient', 'headers() failed');
  }
  try {
    const content = body(message);
    if (typeof content === 'string' || content instanceof URLSearchParams) {
      return { headers: sent, body: content };
    }
    if (!sent.has('content-type')) {
      sent.set('content-type', 'application/json');
    }
    return { headers: sent, body: JSON.stringify(content) };
  } catch {
    return sendFailure('configuration', 'body() failed');
  }
}

async function exchange(
  { url, method = 'POST' }: HttpsTransportOptions,
  request: PreparedRequest,
  signal: AbortSignal,
): Promise<HttpsAnswer> {
  // A redirect would carry number, code and credentials to another place.
  return readAnswer(await fetch(url, { ...request, method, signal, redirect: 'manual' }));
}
