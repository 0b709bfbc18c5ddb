import { acceptedWith, failureOfStatus, type HttpsAnswer } from '../https/answer.js';
import { OptionCheck, type SenderForm } from '../https/check-options.js';
import { type Credential, readCredential } from '../https/credential.js';
import { jsonAt } from '../https/json-at.js';
import { type ProviderOptions, type ProviderRequest, providerTransport } from '../https/provider-transport.js';
import { type Sender, senderFor } from '../https/sender.js';
import { urlBelow } from '../https/url-below.js';
import { sendFailure } from '../read-send-result.js';
import { type SmstoolsReceiptOptions, smstoolsReceipts } from '../receipts/smstools-receipts.js';
import type { OutgoingMessage, SendFailureReason, SendResult, SmsTransport } from '../sms-transport.js';

export type { SmstoolsReceiptOptions };

export interface SmstoolsOptions extends ProviderOptions {
  /** Sent as `X-Client-Id`. A function is called for each message. */
  readonly clientId: Credential;
  /** Sent as `X-Client-Secret`. A function is called for each message. */
  readonly clientSecret: Credential;
  /** At most 11 letters and digits, or at most 14 digits; for all countries or by country. */
  readonly sender: Sender;
  /** Smstools checks the messages and sends and charges none. @default false */
  readonly test?: boolean | undefined;
  /** @default 'https://api.smstools.com/v1'; the documentation also names `https://api.smsgatewayapi.com/v1` */
  readonly baseUrl?: string | undefined;
  /** Delivery reports. @default none */
  readonly receipts?: SmstoolsReceiptOptions | undefined;
}

const BASE_URL = 'https://api.smstools.com/v1';
const SENDER: SenderForm = {
  form: /^(?:[A-Za-z0-9]{1,11}|\d{1,14})$/,
  mend: 'must be at most 11 letters and digits, or at most 14 digits',
};

const REASONS: ReadonlyMap<string, SendFailureReason> = new Map<string, SendFailureReason>([
  ['103', 'invalid-recipient'],
  ['106', 'invalid-recipient'],
  ['131', 'opted-out'],
  ['105', 'transient'],
  ['108', 'quota'],
  // No message, too long, a wrong date: the request is at fault, and so are all that follow.
  ...['102', '118', '121'].map((code) => [code, 'configuration'] as const),
  ...['104', '109', '110', '111', '112', '114', '116', '134', '137', '138', '139', '200', '1002', '1403'].map(
    (code) => [code, 'configuration'] as const,
  ),
]);

/**
 * Sends by Smstools.
 *
 * @throws TypeError when an option is wrong; it names the option and the mend.
 * @example
 * smstools({ clientId: env.SMSTOOLS_ID, clientSecret: env.SMSTOOLS_SECRET, sender: 'Acme' })
 */
export function smstools(options: SmstoolsOptions): SmsTransport {
  const check = new OptionCheck('smstools');
  check.given(options);
  checkOptions(options, check);
  const { name = 'smstools', timeoutSeconds = 10, receipts } = options;
  return providerTransport({
    name,
    channels: ['sms'],
    timeoutSeconds,
    receipts: receipts && smstoolsReceipts(receipts, check),
    request: async (message) => requestOf(options, message),
    read,
  });
}

async function requestOf(options: SmstoolsOptions, { to, text, country }: OutgoingMessage): Promise<ProviderRequest> {
  const { clientId, clientSecret, sender, test, baseUrl = BASE_URL } = options;
  return {
    url: urlBelow(baseUrl, 'message/send'),
    headers: {
      'x-client-id': await readCredential(clientId),
      'x-client-secret': await readCredential(clientSecret),
    },
    body: {
      message: text,
      to: to.slice(1),
      sender: senderFor(sender, country),
      ...(test === true ? { test } : {}),
    },
  };
}

/** An id means that the message was taken, whatever stands beside it. */
function read(answer: HttpsAnswer): SendResult {
  const id = jsonAt(answer.body, 'messageid');
  if (answer.status >= 200 && answer.status < 300 && id !== undefined) {
    return acceptedWith(id, answer);
  }
  const code = String(jsonAt(answer.body, 'error'));
  const reason = REASONS.get(code);
  if (reason !== undefined) {
    return sendFailure(reason, `Smstools ${code}`);
  }
  return failureOfStatus(answer) ?? acceptedWith(undefined, answer);
}

function checkOptions(options: SmstoolsOptions, check: OptionCheck): void {
  const { name = 'smstools', baseUrl = BASE_URL, timeoutSeconds = 10, clientId, clientSecret, sender } = options;
  check.name(name);
  check.baseUrl(baseUrl);
  check.timeoutSeconds(timeoutSeconds);
  check.credential('clientId', clientId);
  check.credential('clientSecret', clientSecret);
  check.sender('sender', sender, SENDER);
}
