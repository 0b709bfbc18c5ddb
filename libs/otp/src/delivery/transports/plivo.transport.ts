import { acceptedWith, failureOfStatus, type HttpsAnswer } from '../https/answer.js';
import { OptionCheck } from '../https/check-options.js';
import { basicAuthorization, type Credential, readCredential } from '../https/credential.js';
import { jsonAt } from '../https/json-at.js';
import { type ProviderOptions, type ProviderRequest, providerTransport } from '../https/provider-transport.js';
import { type Sender, senderFor } from '../https/sender.js';
import { urlBelow } from '../https/url-below.js';
import { sendFailure } from '../read-send-result.js';
import { type PlivoReceiptOptions, plivoReceipts } from '../receipts/plivo-receipts.js';
import type { OutgoingMessage, SendResult, SmsTransport } from '../sms-transport.js';

export type { PlivoReceiptOptions };

export interface PlivoOptions extends ProviderOptions {
  /** The Auth ID of an account or, better, of a subaccount. */
  readonly authId: string;
  /** Its Auth Token; a function is called for each message. */
  readonly authToken: Credential;
  /** A number, a short code, or a name of at most 11 characters; one for all countries or one for each. */
  readonly src: Sender;
  /**
   * Whether Plivo may keep text and number in its logs: both (`true`), neither (`false`), or one of them.
   *
   * @default false
   */
  readonly log?: boolean | 'content_only' | 'number_only' | undefined;
  /** Delivery reports. @default none are asked for, and their address is 404 */
  readonly receipts?: PlivoReceiptOptions | undefined;
}

/**
 * Sends by Plivo's Message API (`POST /v1/Account/{authId}/Message/`). A message that still waits at Plivo when its code has
 * expired is not sent any more.
 *
 * @throws TypeError when an option is wrong; it names the option and the mend.
 * @example
 * plivo({ authId: 'SAXXXXXXXXXXXXXXXXXX', authToken: () => vault.read('plivo'), src: '14155550100' })
 */
export function plivo(options: PlivoOptions): SmsTransport {
  const check = new OptionCheck('plivo');
  check.given(options);
  const { name = 'plivo', baseUrl = 'https://api.plivo.com', timeoutSeconds = 10, log = false, receipts } = options;
  check.name(name);
  check.baseUrl(baseUrl);
  check.timeoutSeconds(timeoutSeconds);
  check.pattern('authId', options.authId, {
    form: /^[A-Z0-9]{8,40}$/,
    mend: 'must be capital letters and digits, e.g. "MA…"',
  });
  check.credential('authToken', options.authToken);
  check.sender('src', options.src);
  check.demand(
    'log',
    typeof log === 'boolean' || log === 'content_only' || log === 'number_only',
    'must be true, false, "content_only" or "number_only"',
  );
  return providerTransport({
    name,
    channels: ['sms'],
    timeoutSeconds,
    receipts: receipts && plivoReceipts(receipts, check),
    request: (message, { receiptUrl }) => requestOf({ ...options, baseUrl }, message, receiptUrl),
    read: readAnswer,
  });
}

/** What Plivo takes, in seconds. */
const SHORTEST_EXPIRY = 5;
const LONGEST_EXPIRY = 10_799;

async function requestOf(
  { baseUrl, authId, authToken, src, log = false }: PlivoOptions & { readonly baseUrl: string },
  message: OutgoingMessage,
  receiptUrl: string | undefined,
): Promise<ProviderRequest> {
  return {
    url: urlBelow(baseUrl, `v1/Account/${authId}/Message/`),
    headers: { authorization: basicAuthorization(authId, await readCredential(authToken)) },
    body: {
      src: senderFor(src, message.country),
      dst: message.to.slice(1),
      text: message.text,
      type: 'sms',
      log,
      message_expiry: Math.min(Math.max(Math.ceil(message.ttlSeconds), SHORTEST_EXPIRY), LONGEST_EXPIRY),
      ...(receiptUrl === undefined ? {} : { url: receiptUrl, method: 'POST' }),
    },
  };
}

function readAnswer(answer: HttpsAnswer): SendResult {
  // For messages Plivo's SDK knows one reason: the account may not send to that country.
  if (answer.status === 403) {
    return sendFailure('blocked-destination', 'Plivo 403');
  }
  const failure = failureOfStatus(answer);
  return failure === undefined
    ? acceptedWith(jsonAt(answer.body, 'message_uuid', 0), answer)
    : sendFailure(failure.reason, `Plivo ${answer.status}`);
}
