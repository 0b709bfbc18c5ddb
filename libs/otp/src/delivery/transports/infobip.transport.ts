import { acceptedWith, failureOfStatus, type HttpsAnswer } from '../https/answer.js';
import { OptionCheck } from '../https/check-options.js';
import { type Credential, readCredential } from '../https/credential.js';
import { jsonAt } from '../https/json-at.js';
import { type ProviderOptions, type ProviderRequest, providerTransport } from '../https/provider-transport.js';
import { type Sender, senderFor } from '../https/sender.js';
import { sendFailure } from '../read-send-result.js';
import { type InfobipReceiptOptions, infobipReceipts } from '../receipts/infobip-receipts.js';
import type { OutgoingMessage, SendFailureReason, SendResult, SmsTransport } from '../sms-transport.js';

export type { InfobipReceiptOptions };

export interface InfobipOptions extends ProviderOptions {
  /** The account's own address, `https://….api.infobip.com`, as the portal shows it. */
  readonly baseUrl: string;
  /** An API key of the scope `sms:message:send`; a function is called for each message. */
  readonly apiKey: Credential;
  /** A number, or a name of at most 11 characters; one for all countries or one for each. */
  readonly sender: Sender;
  /** Delivery reports. @default none are asked for; their address is 404 */
  readonly receipts?: InfobipReceiptOptions | undefined;
}

/**
 * Sends by Infobip's SMS API (`POST /sms/3/messages`), with the lifetime of the code as the message's validity.
 *
 * @throws TypeError when an option is wrong; it names the option and the mend.
 * @example
 * infobip({ baseUrl: 'https://abc123.api.infobip.com', apiKey: () => vault.read('infobip'), sender: 'Acme' })
 */
export function infobip(options: InfobipOptions): SmsTransport {
  const check = new OptionCheck('infobip');
  check.given(options);
  const { name = 'infobip', baseUrl, timeoutSeconds = 10, receipts } = options;
  check.name(name);
  check.baseUrl(baseUrl);
  check.demand('baseUrl', isInfobip(baseUrl), 'must be the account’s own, e.g. "https://abc123.api.infobip.com"');
  check.timeoutSeconds(timeoutSeconds);
  check.credential('apiKey', options.apiKey);
  check.sender('sender', options.sender);
  return providerTransport({
    name,
    channels: ['sms'],
    timeoutSeconds,
    receipts: receipts && infobipReceipts(receipts, check),
    request: (message, { receiptUrl }) => requestOf(options, message, receiptUrl),
    read: readAnswer,
  });
}

/** An address of Infobip's and nothing behind it. Plain HTTP was allowed for loopback hosts only. */
function isInfobip(baseUrl: string): boolean {
  return /^(?:https:\/\/(?:[a-z0-9-]{1,63}\.){1,4}infobip\.com|http:\/\/[^/?#]+)\/?$/.test(baseUrl);
}

async function requestOf(
  { baseUrl, apiKey, sender }: InfobipOptions,
  message: OutgoingMessage,
  receiptUrl: string | undefined,
): Promise<ProviderRequest> {
  return {
    url: new URL('/sms/3/messages', baseUrl).href,
    headers: { authorization: `App ${await readCredential(apiKey)}`, accept: 'application/json' },
    body: {
      messages: [
        {
          sender: senderFor(sender, message.country),
          destinations: [{ to: message.to.slice(1) }],
          content: { text: message.text },
          options: { validityPeriod: { amount: Math.ceil(message.ttlSeconds), timeUnit: 'SECONDS' } },
          ...(receiptUrl === undefined
            ? {}
            : { webhooks: { delivery: { url: receiptUrl }, contentType: 'application/json' } }),
        },
      ],
    },
  };
}

/** By the names of the statuses in the group REJECTED: what was rejected was not sent. */
const REASONS: ReadonlyMap<string, SendFailureReason> = new Map<string, SendFailureReason>([
  ['REJECTED_PREFIX_MISSING', 'invalid-recipient'],
  ['REJECTED_DESTINATION', 'invalid-recipient'],
  ['MISSING_TO', 'invalid-recipient'],
  ['REJECTED_DND', 'opted-out'],
  ['REJECTED_NETWORK', 'blocked-destination'],
  ['REJECTED_DESTINATION_BLOCKLISTED', 'blocked-destination'],
  ['SIGNALS_BLOCKED', 'blocked-destination'],
  ['REJECTED_NOT_ENOUGH_CREDITS', 'quota'],
  ['REJECTED_PREPAID_PACKAGE_EXPIRED', 'quota'],
  ['REJECTED_FLOODING_FILTER', 'transient'],
  ['REJECTED_SYSTEM_ERROR', 'transient'],
]);

function readAnswer(answer: HttpsAnswer): SendResult {
  const failure = failureOfStatus(answer);
  if (failure !== undefined) {
    const code = codeOf(jsonAt(answer.body, 'errorCode'));
    return code === undefined ? failure : sendFailure(failure.reason, `Infobip ${code}`);
  }
  const status = jsonAt(answer.body, 'messages', 0, 'status');
  const group = jsonAt(status, 'groupName');
  const name = codeOf(jsonAt(status, 'name')) ?? 'status without a name';
  if (group === 'REJECTED') {
    return sendFailure(REASONS.get(name) ?? 'configuration', `Infobip ${name}`);
  }
  return group === 'PENDING' || group === 'ACCEPTED' || group === 'DELIVERED'
    ? acceptedWith(jsonAt(answer.body, 'messages', 0, 'messageId'), answer)
    : sendFailure('unknown-outcome', `Infobip ${name}`);
}

function codeOf(code: unknown): string | undefined {
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{0,63}$/.test(code) ? code : undefined;
}
