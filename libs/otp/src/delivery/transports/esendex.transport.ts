import { acceptedWith, failureOfStatus, type HttpsAnswer } from '../https/answer.js';
import { OptionCheck, type SenderForm } from '../https/check-options.js';
import { basicAuthorization, type Credential, readCredential } from '../https/credential.js';
import { jsonAt } from '../https/json-at.js';
import { type ProviderOptions, type ProviderRequest, providerTransport } from '../https/provider-transport.js';
import { type Sender, senderFor } from '../https/sender.js';
import { urlBelow } from '../https/url-below.js';
import { sendFailure } from '../read-send-result.js';
import { type EsendexReceiptOptions, esendexReceipts } from '../receipts/esendex-receipts.js';
import type { OutgoingMessage, SendFailureReason, SendResult, SmsTransport } from '../sms-transport.js';

export type { EsendexReceiptOptions };

export interface EsendexOptions extends ProviderOptions {
  /** The user's e-mail address. */
  readonly email: Credential;
  /** The user's API password. A function is called for each message. */
  readonly password: Credential;
  /** The account that pays, e.g. `EX0000000`. */
  readonly accountReference: string;
  /** At most 11 letters, digits and `*$?!"#%&_-,.@'+`, or at most 20 digits; by country or for all. @default the account's */
  readonly from?: Sender | undefined;
  /**
   * Takes messages of the channel `voice` too. Esendex speaks English, French, German and Spanish; for a message in another
   * language it is passed over. @default false
   */
  readonly voice?: boolean | undefined;
  /** @default 'https://api.esendex.com' */
  readonly baseUrl?: string | undefined;
  /** Push notifications; needs the package `fast-xml-parser`. @default none */
  readonly receipts?: EsendexReceiptOptions | undefined;
}

const BASE_URL = 'https://api.esendex.com';
const FROM: SenderForm = {
  form: /^(?:[A-Za-z0-9*$?!"#%&_,.@'+-]{1,11}|\d{1,20})$/,
  mend: 'must be at most 11 letters, digits and *$?!"#%&_-,.@\'+, or at most 20 digits',
};
const MAX_HOURS = 72;
const VOICES = ['en-GB', 'en-AU', 'fr-FR', 'es-ES', 'de-DE'];

const REASONS: ReadonlyMap<number, SendFailureReason> = new Map<number, SendFailureReason>([
  [408, 'transient'],
  [500, 'transient'],
  [503, 'transient'],
]);

/**
 * Sends by Esendex (United Kingdom and Europe; Esendex US is another service).
 *
 * @throws TypeError when an option is wrong; it names the option and the mend.
 * @example
 * esendex({ email: env.ESENDEX_EMAIL, password: env.ESENDEX_PASSWORD, accountReference: 'EX0000000', from: 'Acme' })
 */
export function esendex(options: EsendexOptions): SmsTransport {
  const check = new OptionCheck('esendex');
  check.given(options);
  checkOptions(options, check);
  const { name = 'esendex', timeoutSeconds = 10, voice = false, receipts } = options;
  const authorization = async () =>
    basicAuthorization(await readCredential(options.email), await readCredential(options.password));
  const baseUrl = options.baseUrl ?? BASE_URL;
  return providerTransport({
    name,
    channels: voice ? ['sms', 'voice'] : ['sms'],
    timeoutSeconds,
    receipts: receipts && esendexReceipts(receipts, { baseUrl, authorization, timeoutSeconds, check }),
    carries: ({ channel, locale }) => channel !== 'voice' || findVoice(locale) !== undefined,
    request: async (message): Promise<ProviderRequest> => ({
      url: urlBelow(baseUrl, 'v1.0/messagedispatcher'),
      headers: { accept: 'application/json', authorization: await authorization() },
      body: bodyOf(options, message),
    }),
    read,
  });
}

function bodyOf({ accountReference, from }: EsendexOptions, message: OutgoingMessage): object {
  const { to, text, country, channel, locale, ttlSeconds } = message;
  const hours = Math.min(Math.max(Math.ceil(ttlSeconds / 3600), 1), MAX_HOURS);
  return {
    accountreference: accountReference,
    ...(from === undefined ? {} : { from: senderFor(from, country) }),
    characterset: 'Auto',
    ...(channel === 'voice' ? { type: 'Voice', lang: voiceOf(locale) } : { validity: hours }),
    messages: [{ to: to.slice(1), body: text }],
  };
}

/** @throws RangeError for a language that Esendex does not speak: nobody understands a text read in another */
function voiceOf(locale: string): string {
  const voice = findVoice(locale);
  if (voice === undefined) {
    throw new RangeError('Esendex does not speak this language');
  }
  return voice;
}

function findVoice(locale: string): string | undefined {
  const language = locale.split('-')[0];
  return VOICES.find((tag) => tag === locale) ?? VOICES.find((tag) => tag.split('-')[0] === language);
}

function read(answer: HttpsAnswer): SendResult {
  const reason = REASONS.get(answer.status);
  const failure = reason === undefined ? failureOfStatus(answer) : sendFailure(reason, `HTTP ${answer.status}`);
  if (failure !== undefined) {
    const code = codeOf(answer.body);
    return code === undefined ? failure : sendFailure(failure.reason, `Esendex ${answer.status} ${code}`);
  }
  const id = jsonAt(answer.body, 'batch', 'messageheaders', 0, 'id');
  // Push notifications may write it in other letters.
  return acceptedWith(typeof id === 'string' ? id.toLowerCase() : id, answer);
}

/** A code like `accountreference_invalid`, which holds nothing of the message. */
function codeOf(body: unknown): string | undefined {
  const code = jsonAt(body, 'errors', 0, 'code');
  return typeof code === 'string' && /^[a-z]+(?:_[a-z]+){1,4}$/.test(code) && code.length <= 60 ? code : undefined;
}

function checkOptions(options: EsendexOptions, check: OptionCheck): void {
  const { name = 'esendex', baseUrl = BASE_URL, timeoutSeconds = 10, email, password, from } = options;
  check.name(name);
  check.baseUrl(baseUrl);
  check.timeoutSeconds(timeoutSeconds);
  check.credential('email', email);
  // A colon would end the name (RFC 7617).
  check.demand('email', typeof email === 'function' || !email.includes(':'), 'must not hold a colon');
  check.credential('password', password);
  check.pattern('accountReference', options.accountReference, { form: /^\w{1,32}$/, mend: 'must be like "EX0000000"' });
  if (from !== undefined) {
    check.sender('from', from, FROM);
  }
}
