import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Channel } from '../../phone/channel.js';
import { acceptedWith, failureOfStatus, type HttpsAnswer } from '../https/answer.js';
import { NUMBER_ONLY, OptionCheck } from '../https/check-options.js';
import { basicAuthorization, type Credential, readCredential } from '../https/credential.js';
import { jsonAt } from '../https/json-at.js';
import { readRsaKey } from '../https/private-key.js';
import { type ProviderOptions, providerTransport } from '../https/provider-transport.js';
import { type Sender, senderFor } from '../https/sender.js';
import { urlBelow } from '../https/url-below.js';
import { sendFailure } from '../read-send-result.js';
import { type VonageMessagesReceiptOptions, vonageMessagesReceipts } from '../receipts/vonage-messages-receipts.js';
import type { OutgoingMessage, SendFailureReason, SendResult, SmsTransport } from '../sms-transport.js';
import { vonageCodeOf } from './vonage-code.js';

export type { VonageMessagesReceiptOptions } from '../receipts/vonage-messages-receipts.js';

export interface VonageMessagesOptions extends ProviderOptions {
  /** The application whose private key signs the requests. Give it with `privateKey`, or `apiKey` with `apiSecret`. */
  readonly applicationId?: string | undefined;
  /** RSA, in PEM, at least 2048 bits; a function is called for each message. */
  readonly privateKey?: Credential | undefined;
  readonly apiKey?: string | undefined;
  /** A function is called for each message. */
  readonly apiSecret?: Credential | undefined;
  /** The sender of SMS: a number, or a name of at most 11 letters and digits. Not needed where `whatsapp` is all there is. */
  readonly from?: Sender | undefined;
  /**
   * Adds the channel `whatsapp`. `template`: an approved authentication template whose body and button take the code, and the
   * language that it was approved in, e.g. `en_US`; without it the text is sent, which WhatsApp takes only within 24 hours
   * after the person wrote.
   */
  readonly whatsapp?:
    | {
        readonly from: Sender;
        readonly template?: { readonly name: string; readonly language: string } | undefined;
      }
    | undefined;
  /** Reads status webhooks. @default none */
  readonly receipts?: VonageMessagesReceiptOptions | undefined;
}

/** Long enough for a clock that is off; the token is made for one request. */
const TOKEN_SECONDS = 120;
/** Seconds that Vonage takes for an SMS's lifetime. */
const TTL = { shortest: 20, longest: 604_800 };

const REASONS: ReadonlyMap<unknown, SendFailureReason> = new Map<unknown, SendFailureReason>([
  ...['1000', '1030', '1100', '1180', '1220', '1230', '1331'].map((code) => [code, 'transient'] as const),
  ...['1040', '1170', '1190', '1260', '1280', '1300', '1310'].map((code) => [code, 'invalid-recipient'] as const),
  ['1050', 'blocked-destination'],
  ['1240', 'opted-out'],
]);

/**
 * Sends by Vonage's Messages API: SMS, and WhatsApp where it is configured.
 *
 * @throws TypeError when an option is wrong; it names the option and the mend, and never the value.
 * @example
 * vonageMessages({ applicationId, privateKey: () => readFile('/run/secrets/vonage.pem', 'utf8'), from: 'Acme' })
 */
export function vonageMessages(options: VonageMessagesOptions): SmsTransport {
  const check = new OptionCheck('vonageMessages');
  check.given(options);
  const { name = 'vonage-messages', baseUrl = 'https://api.nexmo.com', timeoutSeconds = 10, receipts } = options;
  check.name(name);
  checkCredentials(check, options);
  checkSenders(check, options);
  check.baseUrl(baseUrl);
  check.timeoutSeconds(timeoutSeconds);
  return providerTransport({
    name,
    channels: channelsOf(options),
    timeoutSeconds,
    receipts: receipts && vonageMessagesReceipts(receipts, check),
    // The template has a place for the code alone.
    carries: ({ channel, binding }) =>
      channel !== 'whatsapp' || options.whatsapp?.template === undefined || binding === undefined,
    request: async (message, { receiptUrl }) => ({
      url: urlBelow(baseUrl, 'v1/messages'),
      headers: { authorization: await authorization(options), accept: 'application/json' },
      body: {
        ...bodyOf(options, message),
        ...(receiptUrl === undefined ? {} : { webhook_url: receiptUrl, webhook_version: 'v1' }),
      },
    }),
    read: resultOf,
  });
}

function channelsOf({ from, whatsapp }: VonageMessagesOptions): readonly Channel[] {
  return [
    ...(from === undefined ? [] : (['sms'] as const)),
    ...(whatsapp === undefined ? [] : (['whatsapp'] as const)),
  ];
}

async function authorization(options: VonageMessagesOptions): Promise<string> {
  const { applicationId, privateKey = '', apiKey = '', apiSecret = '' } = options;
  if (applicationId === undefined) {
    return basicAuthorization(apiKey, await readCredential(apiSecret));
  }
  const key = readRsaKey(await readCredential(privateKey));
  if (key === undefined) {
    throw new TypeError('not an RSA key');
  }
  const seconds = Math.floor(Date.now() / 1000);
  const token = new SignJWT({ application_id: applicationId, jti: randomUUID() })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + TOKEN_SECONDS);
  return `Bearer ${await token.sign(key)}`;
}

function bodyOf({ from, whatsapp }: VonageMessagesOptions, message: OutgoingMessage): object {
  const { channel, country, to, text, ttlSeconds } = message;
  const addressed = (sender: Sender) => ({
    channel,
    to: to.slice(1),
    from: senderFor(sender, country).replace(/^\+/, ''),
  });
  if (channel === 'sms' && from !== undefined) {
    const ttl = Math.min(Math.max(Math.ceil(ttlSeconds), TTL.shortest), TTL.longest);
    return { message_type: 'text', ...addressed(from), text, ttl, sms: { encoding_type: 'auto' } };
  }
  if (channel === 'whatsapp' && whatsapp !== undefined) {
    const content =
      whatsapp.template === undefined
        ? { message_type: 'text', text }
        : { message_type: 'custom', custom: templateOf(whatsapp.template, message) };
    return { ...addressed(whatsapp.from), ...content };
  }
  throw new TypeError(`no sender for channel ${channel}`);
}

/** An authentication template has a button that copies the code, so the code is given twice. */
function templateOf(template: { readonly name: string; readonly language: string }, { code }: OutgoingMessage): object {
  const parameters = [{ type: 'text', text: code }];
  return {
    type: 'template',
    template: {
      name: template.name,
      language: { policy: 'deterministic', code: template.language },
      components: [
        { type: 'body', parameters },
        { type: 'button', sub_type: 'url', index: '0', parameters },
      ],
    },
  };
}

function resultOf(answer: HttpsAnswer): SendResult {
  const failure = failureOfStatus(answer);
  if (failure === undefined) {
    return acceptedWith(jsonAt(answer.body, 'message_uuid'), answer);
  }
  const code = vonageCodeOf(answer.body);
  return code === undefined ? failure : sendFailure(REASONS.get(code) ?? failure.reason, `Vonage ${code}`);
}

function checkCredentials(check: OptionCheck, options: VonageMessagesOptions): void {
  const { applicationId, privateKey, apiKey, apiSecret } = options;
  check.demand(
    'applicationId',
    (applicationId === undefined) !== (apiKey === undefined),
    'or option apiKey is needed; give one of them, not both',
  );
  if (applicationId === undefined) {
    check.text('apiKey', apiKey);
    check.credential('apiSecret', apiSecret);
    return;
  }
  check.text('applicationId', applicationId);
  const isKey =
    typeof privateKey === 'function' || (typeof privateKey === 'string' && readRsaKey(privateKey) !== undefined);
  check.demand('privateKey', isKey, 'must be an RSA key of at least 2048 bits in PEM, or a function that reads it');
}

function checkSenders(check: OptionCheck, { from, whatsapp }: VonageMessagesOptions): void {
  check.demand('from', from !== undefined || whatsapp !== undefined, 'is missing; give the sender of SMS');
  if (from !== undefined) {
    check.sender('from', from);
  }
  if (whatsapp !== undefined) {
    check.object('whatsapp', whatsapp);
    check.sender('whatsapp.from', whatsapp.from, NUMBER_ONLY);
  }
  if (whatsapp?.template !== undefined) {
    check.object('whatsapp.template', whatsapp.template);
    check.text('whatsapp.template.name', whatsapp.template.name);
    check.text('whatsapp.template.language', whatsapp.template.language);
  }
}
