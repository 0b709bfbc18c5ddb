import { countSegments } from '../../message/segments.js';
import { acceptedWith, failureOfStatus, type HttpsAnswer } from '../https/answer.js';
import { OptionCheck } from '../https/check-options.js';
import { basicAuthorization, type Credential, readCredential } from '../https/credential.js';
import { formOf } from '../https/form.js';
import { jsonAt } from '../https/json-at.js';
import { type ProviderOptions, type ProviderRequest, providerTransport } from '../https/provider-transport.js';
import { type Sender, senderFor } from '../https/sender.js';
import { urlBelow } from '../https/url-below.js';
import { sendFailure } from '../read-send-result.js';
import { type VonageReceiptOptions, vonageReceipts } from '../receipts/vonage-receipts.js';
import type { OutgoingMessage, SendFailureReason, SendResult, SmsTransport } from '../sms-transport.js';

export type { VonageReceiptOptions, VonageSignatureMethod } from '../receipts/vonage-receipts.js';

export interface VonageOptions extends ProviderOptions {
  readonly apiKey: string;
  /** A function is called for each message. Vonage keeps two secrets valid, so that one can be replaced. */
  readonly apiSecret: Credential;
  /** A number, or a name of at most 11 letters and digits; one for all countries or one for each. */
  readonly from: Sender;
  /** Reads delivery receipts. @default none */
  readonly receipts?: VonageReceiptOptions | undefined;
}

/** Milliseconds that Vonage takes for a message's lifetime: 20 seconds to 7 days. */
const TTL = { shortest: 20_000, longest: 604_800_000 };

const REASONS: ReadonlyMap<unknown, SendFailureReason> = new Map<unknown, SendFailureReason>([
  ['1', 'transient'],
  ['5', 'transient'],
  ['10', 'transient'],
  ['6', 'invalid-recipient'],
  ['33', 'invalid-recipient'],
  ['7', 'blocked-destination'],
  ['9', 'quota'],
  ...['2', '3', '4', '8', '11', '12', '14', '15', '22', '23', '29', '32'].map(
    (code) => [code, 'configuration'] as const,
  ),
]);

/**
 * Sends by Vonage's SMS API, which needs nothing but a key. The newer Messages API is `vonageMessages`.
 *
 * @throws TypeError when an option is wrong; it names the option and the mend, and never the value.
 * @example
 * vonage({ apiKey: 'abcd1234', apiSecret: () => vault.read('vonage'), from: { default: 'Acme', US: '15005550006' } })
 */
export function vonage(options: VonageOptions): SmsTransport {
  const check = new OptionCheck('vonage');
  check.given(options);
  const { name = 'vonage', baseUrl = 'https://rest.nexmo.com', timeoutSeconds = 10, receipts } = options;
  check.name(name);
  check.text('apiKey', options.apiKey);
  check.credential('apiSecret', options.apiSecret);
  check.sender('from', options.from);
  check.baseUrl(baseUrl);
  check.timeoutSeconds(timeoutSeconds);
  return providerTransport({
    name,
    channels: ['sms'],
    timeoutSeconds,
    receipts: receipts && vonageReceipts(receipts, check),
    request: (message, { receiptUrl }) => requestOf({ ...options, baseUrl }, message, receiptUrl),
    read: resultOf,
  });
}

async function requestOf(
  { baseUrl, apiKey, apiSecret, from }: VonageOptions & { readonly baseUrl: string },
  { to, text, country, ttlSeconds }: OutgoingMessage,
  receiptUrl: string | undefined,
): Promise<ProviderRequest> {
  return {
    url: urlBelow(baseUrl, 'sms/json'),
    headers: {
      authorization: basicAuthorization(apiKey, await readCredential(apiSecret)),
      accept: 'application/json',
    },
    body: formOf({
      from: senderFor(from, country).replace(/^\+/, ''),
      to: to.slice(1),
      text,
      // Characters outside GSM-7 would be replaced.
      type: countSegments(text).encoding === 'GSM-7' ? 'text' : 'unicode',
      ttl: Math.min(Math.max(Math.ceil(ttlSeconds * 1000), TTL.shortest), TTL.longest),
      ...(receiptUrl === undefined ? {} : { 'status-report-req': true, callback: receiptUrl }),
    }),
  };
}

/** All is answered with 200; each part of the message has a status of its own. */
function resultOf(answer: HttpsAnswer): SendResult {
  const failure = failureOfStatus(answer);
  if (failure !== undefined) {
    return failure;
  }
  const parts = jsonAt(answer.body, 'messages');
  const isWhole = Array.isArray(parts) && parts.length > 0 && String(parts.length) === countOf(answer);
  const statuses: readonly unknown[] = isWhole ? parts.map((part) => jsonAt(part, 'status')) : [];
  if (statuses.length === 0) {
    return sendFailure('unknown-outcome', 'HTTP 200 that could not be read');
  }
  if (statuses.every((status) => status === '0')) {
    return acceptedWith(jsonAt(parts, 0, 'message-id'), answer);
  }
  const [first] = statuses;
  const reason = REASONS.get(first);
  // A part that was accepted may arrive; a status that nobody knows may mean anything.
  return reason !== undefined && statuses.every((status) => REASONS.has(status))
    ? sendFailure(reason, `Vonage ${String(first)}`)
    : sendFailure('unknown-outcome', describe(statuses));
}

function countOf({ body }: HttpsAnswer): string {
  return String(jsonAt(body, 'message-count'));
}

function describe(statuses: readonly unknown[]): string {
  const known = statuses.filter((status) => typeof status === 'string' && /^\d{1,3}$/.test(status));
  return `Vonage ${[...new Set(known)].join(', ') || 'without a status'}`;
}
