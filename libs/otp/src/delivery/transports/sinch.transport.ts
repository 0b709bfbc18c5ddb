import { acceptedWith, failureOfStatus, type HttpsAnswer } from '../https/answer.js';
import { OptionCheck } from '../https/check-options.js';
import { type Credential, readCredential } from '../https/credential.js';
import { jsonAt } from '../https/json-at.js';
import { type ProviderOptions, type ProviderRequest, providerTransport } from '../https/provider-transport.js';
import { type Sender, senderFor } from '../https/sender.js';
import { urlBelow } from '../https/url-below.js';
import { sendFailure } from '../read-send-result.js';
import { type SinchReceiptOptions, sinchReceipts } from '../receipts/sinch-receipts.js';
import type { OutgoingMessage, SendResult, SmsTransport } from '../sms-transport.js';

export type { SinchReceiptOptions };

export interface SinchOptions extends ProviderOptions {
  /** Where the service plan lives: `us`, `eu`, `au`, `br` or `ca`. Numbers and texts stay in that region. */
  readonly region: string;
  readonly servicePlanId: string;
  /** The plan's API token; a function is called for each message. */
  readonly apiToken: Credential;
  /** A number, a short code, or a name of at most 11 characters; one for all countries or one for each. */
  readonly from: Sender;
  /** Delivery reports. @default none are asked for, and their address is 404 */
  readonly receipts?: SinchReceiptOptions | undefined;
}

/**
 * Sends by Sinch's SMS API (`POST /xms/v1/{plan}/batches`), a batch of one; it is given up when the code has expired.
 *
 * @throws TypeError when an option is wrong; it names the option and the mend.
 * @example
 * sinch({ region: 'eu', servicePlanId: 'a1b2c3', apiToken: () => vault.read('sinch'), from: 'Acme' })
 */
export function sinch(options: SinchOptions): SmsTransport {
  const check = new OptionCheck('sinch');
  check.given(options);
  const { name = 'sinch', region, servicePlanId, timeoutSeconds = 10, receipts } = options;
  check.name(name);
  check.pattern('region', region, { form: /^[a-z]{2}$/, mend: 'must be two small letters, e.g. "eu"' });
  check.pattern('servicePlanId', servicePlanId, {
    form: /^[A-Za-z0-9_-]{1,64}$/,
    mend: 'must be the plan’s id: letters, digits, hyphens and underscores',
  });
  const baseUrl = options.baseUrl ?? `https://${region}.sms.api.sinch.com`;
  check.baseUrl(baseUrl);
  check.timeoutSeconds(timeoutSeconds);
  check.credential('apiToken', options.apiToken);
  check.sender('from', options.from);
  return providerTransport({
    name,
    channels: ['sms'],
    timeoutSeconds,
    receipts: receipts && sinchReceipts(receipts, check),
    request: (message, { receiptUrl }) => requestOf({ ...options, baseUrl }, message, receiptUrl),
    read: readAnswer,
  });
}

async function requestOf(
  { baseUrl, servicePlanId, apiToken, from }: SinchOptions & { readonly baseUrl: string },
  message: OutgoingMessage,
  receiptUrl: string | undefined,
): Promise<ProviderRequest> {
  return {
    url: urlBelow(baseUrl, `xms/v1/${servicePlanId}/batches`),
    headers: { authorization: `Bearer ${await readCredential(apiToken)}` },
    body: {
      type: 'mt_text',
      to: [message.to],
      from: senderFor(from, message.country),
      body: message.text,
      expire_at: new Date(Date.now() + message.ttlSeconds * 1000).toISOString(),
      ...(receiptUrl === undefined
        ? { delivery_report: 'none' }
        : { delivery_report: 'per_recipient', callback_url: receiptUrl }),
    },
  };
}

/** No code of Sinch's tells more than its status does; it is kept for the operator. */
function readAnswer(answer: HttpsAnswer): SendResult {
  const failure = failureOfStatus(answer);
  if (failure === undefined) {
    return acceptedWith(jsonAt(answer.body, 'id'), answer);
  }
  const code = jsonAt(answer.body, 'code');
  return typeof code === 'string' && /^[a-z_]{1,48}$/.test(code)
    ? sendFailure(failure.reason, `Sinch ${code}`)
    : failure;
}
