import { basicAuthorization, readCredential } from '../https/credential.js';
import { type FormFields, formOf } from '../https/form.js';
import type { ProviderRequest } from '../https/provider-transport.js';
import { senderFor } from '../https/sender.js';
import { urlBelow } from '../https/url-below.js';
import type { OutgoingMessage } from '../sms-transport.js';
import { isApiKey, type TwilioOptions } from './twilio-options.js';
import { findVoice } from './twilio-voices.js';

/** Seconds that Twilio takes for a message's validity. */
const VALIDITY = { shortest: 1, longest: 36_000 };

/** The request that sends one message. */
export async function twilioSend(
  options: TwilioOptions,
  message: OutgoingMessage,
  receiptUrl: string | undefined,
): Promise<ProviderRequest> {
  const { resource, fields } = sendingOf(options, message);
  return twilioPost(options, resource, { ...fields, StatusCallback: receiptUrl });
}

/** `resource`: below the account. */
export async function twilioPost(
  options: TwilioOptions,
  resource: string,
  fields: FormFields,
): Promise<ProviderRequest> {
  const { accountSid, baseUrl = 'https://api.twilio.com' } = options;
  return {
    url: urlBelow(baseUrl, `2010-04-01/Accounts/${accountSid}/${resource}.json`),
    headers: { authorization: await authorization(options), accept: 'application/json' },
    body: formOf(fields),
  };
}

async function authorization({ accountSid, apiKey, authToken = '' }: TwilioOptions): Promise<string> {
  if (apiKey === undefined) {
    return basicAuthorization(accountSid, await readCredential(authToken));
  }
  const key = await readCredential(apiKey);
  if (!isApiKey(key)) {
    throw new TypeError('not an API key');
  }
  const [sid = '', secret = ''] = key.split(':');
  return basicAuthorization(sid, secret);
}

function sendingOf(options: TwilioOptions, message: OutgoingMessage): { resource: string; fields: FormFields } {
  const { whatsapp, voice, feedback } = options;
  const { channel, country, to, text } = message;
  const sender = smsSender(options, country);
  if (channel === 'sms' && sender !== undefined) {
    const fields = {
      ...sender,
      To: to,
      Body: text,
      SmartEncoded: false,
      ...(feedback ? { ProvideFeedback: true } : {}),
    };
    return { resource: 'Messages', fields: { ...fields, ...commonFields(options, message) } };
  }
  if (channel === 'whatsapp' && whatsapp !== undefined) {
    const addresses = { From: `whatsapp:${senderFor(whatsapp.from, country)}`, To: `whatsapp:${to}` };
    const content = contentOf(whatsapp.contentSid, message);
    return { resource: 'Messages', fields: { ...addresses, ...content, ...commonFields(options, message) } };
  }
  if (channel === 'voice' && voice !== undefined) {
    return { resource: 'Calls', fields: { From: senderFor(voice.from, country), To: to, Twiml: spoken(message) } };
  }
  throw new TypeError(`no sender for channel ${channel}`);
}

function smsSender({ from, messagingServiceSid }: TwilioOptions, country: string): FormFields | undefined {
  if (messagingServiceSid !== undefined) {
    return { MessagingServiceSid: messagingServiceSid };
  }
  return from === undefined ? undefined : { From: senderFor(from, country) };
}

function contentOf(contentSid: string | undefined, { text, code }: OutgoingMessage): FormFields {
  return contentSid === undefined
    ? { Body: text }
    : { ContentSid: contentSid, ContentVariables: JSON.stringify({ 1: code }) };
}

/** A code that is no longer good is not worth delivering. */
function commonFields(options: TwilioOptions, { ttlSeconds }: OutgoingMessage): FormFields {
  return {
    ValidityPeriod: Math.min(Math.max(Math.ceil(ttlSeconds), VALIDITY.shortest), VALIDITY.longest),
    RiskCheck: options.riskCheck,
    ContentRetention: options.contentRetention,
    AddressRetention: options.addressRetention,
  };
}

/**
 * Said twice: the first time people look for a pen.
 *
 * @throws RangeError for a language that Twilio does not speak: nobody understands a text read in another
 */
function spoken({ text, locale }: OutgoingMessage): string {
  const voice = findVoice(locale);
  if (voice === undefined) {
    throw new RangeError('Twilio does not speak this language');
  }
  const say = `<Say language="${voice}">${escapeXml(text)}</Say>`;
  return `<Response>${say}<Pause length="1"/>${say}</Response>`;
}

const XML_ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
]);

function escapeXml(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').replace(/[&<>"']/g, (character) => XML_ENTITIES.get(character) ?? '');
}
