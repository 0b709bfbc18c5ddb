import { randomUUID } from 'node:crypto';
import { acceptedWith, failureOfStatus, type HttpsAnswer } from '../https/answer.js';
import { OptionCheck } from '../https/check-options.js';
import { type Credential, readCredential } from '../https/credential.js';
import { jsonAt } from '../https/json-at.js';
import { type ProviderOptions, type ProviderRequest, providerTransport } from '../https/provider-transport.js';
import { type Sender, senderFor } from '../https/sender.js';
import { urlBelow } from '../https/url-below.js';
import { sendFailure } from '../read-send-result.js';
import { type MessagebirdReceiptOptions, messagebirdReceipts } from '../receipts/messagebird-receipts.js';
import type { OutgoingMessage, SendFailureReason, SendResult, SmsTransport } from '../sms-transport.js';

export type { MessagebirdReceiptOptions };

export interface MessagebirdOptions extends ProviderOptions {
  /** A live access key; a function is called for each message. */
  readonly accessKey: Credential;
  /** A number, or a name of at most 11 characters; one for all countries or one for each. */
  readonly originator: Sender;
  /** Delivery reports. @default none are asked for, and their address is 404 */
  readonly receipts?: MessagebirdReceiptOptions | undefined;
}

/**
 * Sends by MessageBird's SMS API (`POST /messages`), with the lifetime of the code as the message's validity.
 *
 * @throws TypeError when an option is wrong; it names the option and the mend.
 * @example
 * messagebird({ accessKey: () => vault.read('messagebird'), originator: { default: 'Acme', US: '15005550006' } })
 */
export function messagebird(options: MessagebirdOptions): SmsTransport {
  const check = new OptionCheck('messagebird');
  check.given(options);
  const { name = 'messagebird', baseUrl = 'https://rest.messagebird.com', timeoutSeconds = 10, receipts } = options;
  check.name(name);
  check.baseUrl(baseUrl);
  check.timeoutSeconds(timeoutSeconds);
  check.credential('accessKey', options.accessKey);
  check.sender('originator', options.originator);
  return providerTransport({
    name,
    channels: ['sms'],
    timeoutSeconds,
    receipts: receipts && messagebirdReceipts(receipts, check),
    request: (message, { receiptUrl }) => requestOf({ ...options, baseUrl }, message, receiptUrl),
    read: readAnswer,
  });
}

async function requestOf(
  { baseUrl, accessKey, originator }: MessagebirdOptions & { readonly baseUrl: string },
  message: OutgoingMessage,
  receiptUrl: string | undefined,
): Promise<ProviderRequest> {
  return {
    url: urlBelow(baseUrl, 'messages'),
    headers: { authorization: `AccessKey ${await readCredential(accessKey)}`, accept: 'application/json' },
    body: {
      originator: senderFor(originator, message.country),
      recipients: [message.to.slice(1)],
      body: message.text,
      // Otherwise characters outside GSM-7 are replaced.
      datacoding: 'auto',
      validity: Math.ceil(message.ttlSeconds),
      // Reports are sent only for messages with a reference.
      ...(receiptUrl === undefined ? {} : { reference: randomUUID(), reportUrl: receiptUrl }),
    },
  };
}

/** The codes of the official SDKs; the rest goes by the status. */
const REASONS: ReadonlyMap<unknown, SendFailureReason> = new Map<unknown, SendFailureReason>([
  [2, 'configuration'],
  [9, 'configuration'],
  [10, 'configuration'],
  [20, 'configuration'],
  [25, 'quota'],
]);

function readAnswer(answer: HttpsAnswer): SendResult {
  const failure = failureOfStatus(answer);
  if (failure === undefined) {
    return acceptedWith(jsonAt(answer.body, 'id'), answer);
  }
  const code = jsonAt(answer.body, 'errors', 0, 'code');
  if (answer.status >= 500 || !REASONS.has(code)) {
    return failure;
  }
  return sendFailure(reasonOf(code, jsonAt(answer.body, 'errors', 0, 'parameter')), `MessageBird ${String(code)}`);
}

/** A missing or invalid parameter (9, 10) is our fault, unless it is the recipient. */
function reasonOf(code: unknown, parameter: unknown): SendFailureReason {
  const isRecipient = (code === 9 || code === 10) && (parameter === 'recipients' || parameter === 'recipient');
  return isRecipient ? 'invalid-recipient' : (REASONS.get(code) ?? 'configuration');
}
