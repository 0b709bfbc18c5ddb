import { generateKeyPairSync } from 'node:crypto';
import { httpsTransport, jsonReceipts, type Receipt, type SmsTransport } from 'nestjs-sms-otp';
import { aws } from 'nestjs-sms-otp/transports/aws';
import { esendex } from 'nestjs-sms-otp/transports/esendex';
import { infobip } from 'nestjs-sms-otp/transports/infobip';
import { messagebird } from 'nestjs-sms-otp/transports/messagebird';
import { plivo } from 'nestjs-sms-otp/transports/plivo';
import { sinch } from 'nestjs-sms-otp/transports/sinch';
import { smstools } from 'nestjs-sms-otp/transports/smstools';
import { twilio } from 'nestjs-sms-otp/transports/twilio';
import { vonage } from 'nestjs-sms-otp/transports/vonage';
import { vonageMessages } from 'nestjs-sms-otp/transports/vonage-messages';
import { isMessageId } from '../../libs/otp/src/delivery/read-send-result.js';
import { TOKEN } from '../support/receipts.js';

/** In every secret that the transports are given, so that one look finds any of them. */
export const PROVIDER_SECRET = 'canary-secret-q7Zt';
/** Nobody listens there, so that nothing is ever asked of a provider. */
const NOWHERE = 'http://127.0.0.1:1';

const tokens = [TOKEN];
const keys = [`${PROVIDER_SECRET}-01`, `${PROVIDER_SECRET}-02`];
const [key = ''] = keys;
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** One shipped transport: how it is made, of what options; and whether its provider signs. */
export interface Provider {
  readonly name: string;
  /** As a JavaScript caller sees it: anything may be given. */
  readonly create: (options: unknown) => SmsTransport;
  readonly options: object;
}

const voiceAndWhatsapp = { voice: { from: '+31612345678' }, whatsapp: { from: '+31612345678' } };

export const PROVIDERS: readonly Provider[] = [
  provider('twilio', twilio, {
    accountSid: `AC${'0'.repeat(32)}`,
    authToken: key,
    from: 'Acme',
    ...voiceAndWhatsapp,
    receipts: { authTokens: keys },
  }),
  provider('vonage', vonage, {
    apiKey: 'abc',
    apiSecret: key,
    from: { default: 'Acme', US: '12025550100' },
    receipts: { tokens },
  }),
  provider('vonage-messages', vonageMessages, {
    applicationId: 'app',
    privateKey,
    from: 'Acme',
    whatsapp: { from: '+31612345678', template: { name: 'code', language: 'en_US' } },
    receipts: { signatureSecrets: keys },
  }),
  provider('sinch', sinch, { region: 'eu', servicePlanId: 'plan', apiToken: key, from: 'Acme', receipts: { tokens } }),
  provider('plivo', plivo, {
    authId: 'MA12345678',
    authToken: key,
    src: 'Acme',
    receipts: { authTokens: keys, tokens },
  }),
  provider('messagebird', messagebird, { accessKey: key, originator: 'Acme', receipts: { signingKeys: keys } }),
  provider('infobip', infobip, {
    baseUrl: 'https://abc123.api.infobip.com',
    apiKey: key,
    sender: 'Acme',
    receipts: { tokens, allowedIps: ['127.0.0.0/8', '10.0.0.0/8'] },
  }),
  provider('esendex', esendex, {
    email: 'ops@acme.example',
    password: key,
    accountReference: 'EX0000000',
    baseUrl: NOWHERE,
    receipts: { tokens },
  }),
  provider('smstools', smstools, { clientId: key, clientSecret: key, sender: 'Acme', receipts: { secrets: keys } }),
  provider('aws', aws, {
    region: 'eu-west-1',
    originationIdentity: 'Acme',
    credentials: { accessKeyId: key, secretAccessKey: key },
    receipts: {
      topicArn: 'arn:aws:sns:eu-west-1:123456789012:receipts',
      certificateOf: () => Promise.reject(new Error('no certificate')),
    },
  }),
  provider('https', httpsTransport, {
    url: `${NOWHERE}/send`,
    headers: { authorization: key },
    body: ({ to, text }: { readonly to: string; readonly text: string }) => ({ to, text }),
    messageId: () => 'id',
    receipts: jsonReceipts({ tokens, read: receiptsOf }),
  }),
];

function provider<T>(name: string, create: (options: T) => SmsTransport, options: T & object): Provider {
  return { name, options, create: (given) => Reflect.apply(create, undefined, [given]) };
}

/** Names and codes as an application reads them, with no more care than it takes. */
function receiptsOf(body: unknown): readonly Receipt[] {
  const id: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'id') : undefined;
  return isMessageId(id) ? [{ messageId: id, state: 'delivered' }] : [];
}
