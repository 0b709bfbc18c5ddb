import type { Channel } from '../../phone/channel.js';
import { sendFailure } from '../read-send-result.js';
import type { ReceiptReader } from '../receipts/receipt-reader.js';
import type { OutgoingMessage, SendFailure, SendOptions, SendResult, SmsTransport } from '../sms-transport.js';
import { DeadlineError, withDeadline } from '../with-deadline.js';
import { failureOf, type HttpsAnswer, readAnswer } from './answer.js';
import { CredentialError } from './credential.js';

/** One call of a provider's interface. */
export interface ProviderRequest {
  readonly url: string;
  /** @default 'POST' */
  readonly method?: 'POST' | 'PUT' | 'GET';
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, `URLSearchParams` as a form, a string as it is. */
  readonly body?: string | object;
}

/** Options that every provider's transport has. */
export interface ProviderOptions {
  /** Shown in events and logs, and in the address of receipts; for two accounts at one provider. @default the provider's name */
  readonly name?: string | undefined;
  /** Where the provider's interface is; `https:`, and `http:` for loopback hosts only. @default the provider's own */
  readonly baseUrl?: string | undefined;
  /**
   * Longest wait for the whole answer, in seconds, above 0 and at most 60. The module's `sendTimeoutSeconds` (10) bounds it as
   * well: the shorter of the two counts. @default 10
   */
  readonly timeoutSeconds?: number | undefined;
}

/** What is a provider's own. */
export interface ProviderAdapter {
  readonly name: string;
  readonly channels: readonly Channel[];
  /** Longest wait for the whole answer, in seconds. */
  readonly timeoutSeconds: number;
  readonly carries?: SmsTransport['carries'];
  /** What it throws happens before anything is sent: `CredentialError` and no end in time are `transient`, all else `configuration`. */
  readonly request: (
    message: OutgoingMessage,
    options: { readonly receiptUrl?: string | undefined },
  ) => Promise<ProviderRequest>;
  /** What a complete answer means. What it throws is an unknown outcome. */
  readonly read: (answer: HttpsAnswer, message: OutgoingMessage) => SendResult;
  readonly receipts?: ReceiptReader | undefined;
  readonly confirm?: SmsTransport['confirm'];
  readonly feedbackChannels?: SmsTransport['feedbackChannels'];
}

/** A transport that sends each message by one request. Redirects are not followed; no result names what was sent. */
export function providerTransport(adapter: ProviderAdapter): SmsTransport {
  const { name, channels, carries, receipts, confirm, feedbackChannels } = adapter;
  return {
    name,
    channels: [...channels],
    ...(carries === undefined ? {} : { carries }),
    ...(receipts === undefined ? {} : { receipts }),
    ...(confirm === undefined ? {} : { confirm }),
    ...(feedbackChannels === undefined ? {} : { feedbackChannels }),
    send: async (message, options) => {
      if (options.signal.aborted) {
        return sendFailure('transient', 'stopped before the request');
      }
      const prepared = await prepare(adapter, message, options);
      if ('outcome' in prepared) {
        return prepared;
      }
      return send(adapter, prepared, { message, signal: options.signal });
    },
  };
}

/** All that may fail before anything is sent, and so fails definitely. */
async function prepare(
  { request, timeoutSeconds }: ProviderAdapter,
  message: OutgoingMessage,
  { signal, receiptUrl }: SendOptions,
): Promise<Request | SendFailure> {
  try {
    return encode(await withDeadline({ timeoutSeconds, signal }, async () => request(message, { receiptUrl })));
  } catch (error) {
    return error instanceof CredentialError || error instanceof DeadlineError
      ? sendFailure('transient', 'the credential could not be read')
      : sendFailure('configuration', 'the request could not be made');
  }
}

async function send(
  { read, timeoutSeconds }: ProviderAdapter,
  request: Request,
  { message, signal }: { readonly message: OutgoingMessage; readonly signal: AbortSignal },
): Promise<SendResult> {
  let answer: HttpsAnswer;
  try {
    answer = await withDeadline({ timeoutSeconds, signal }, (deadline) => exchange(request, deadline));
  } catch (error) {
    return failureOf(error);
  }
  try {
    return read(answer, message);
  } catch {
    return sendFailure('unknown-outcome', `HTTP ${answer.status}, which could not be read`);
  }
}

/** @throws TypeError for an address, header or body that cannot be sent */
export function encode({ url, method = 'POST', headers, body }: ProviderRequest): Request {
  const sent = new Headers(headers);
  const isJson = typeof body === 'object' && !(body instanceof URLSearchParams);
  if (isJson && !sent.has('content-type')) {
    sent.set('content-type', 'application/json');
  }
  const content = isJson ? JSON.stringify(body) : body;
  // A redirect would carry number, code and credentials to another place.
  return new Request(url, {
    method,
    headers: sent,
    redirect: 'manual',
    ...(content === undefined ? {} : { body: content }),
  });
}

/**
 * Sends one request and reads its whole answer. Connections are kept open and used again (Node's own pool).
 *
 * @throws what `failureOf` classes
 */
export async function exchange(request: Request, signal: AbortSignal): Promise<HttpsAnswer> {
  return readAnswer(await fetch(request, { signal }));
}
