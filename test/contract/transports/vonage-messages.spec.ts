import { Auth } from '@vonage/auth';
import { verifySignature } from '@vonage/jwt';
import { Messages, SMS, WhatsAppText } from '@vonage/messages';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OutgoingMessage } from '../../../libs/otp/src/delivery/sms-transport.js';
import {
  vonageMessages,
  type VonageMessagesOptions,
} from '../../../libs/otp/src/delivery/transports/vonage-messages.transport.js';
import { NO_ABORT, OUTGOING } from '../../support/outgoing.js';
import { describeProviderFailures } from '../../support/provider-failures.js';
import { answer, ProviderServer } from '../../support/provider-server.js';

const APPLICATION = '78d335fa-323d-0114-9c3d-d6f0d48968cf';
const RECEIPTS = 'https://app.example.com/otp/webhooks/vonage-messages';
const pemOf = (pair: { publicKey: KeyObject; privateKey: KeyObject }, type: 'pkcs8' | 'pkcs1' = 'pkcs8') => ({
  publicKey: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  privateKey: pair.privateKey.export({ type, format: 'pem' }).toString(),
});
const keyOf = (modulusLength: number) => pemOf(generateKeyPairSync('rsa', { modulusLength }));
const key = keyOf(2048);
const basic = (user: string, password: string) => `Basic ${btoa(`${user}:${password}`)}`;
const uuid = (count: number) => `aaaaaaaa-bbbb-4ccc-8ddd-${String(count).padStart(12, '0')}`;

const accept = (message_uuid: string) => answer(202, { message_uuid });

let provider: ProviderServer;

beforeEach(async () => {
  provider = await ProviderServer.start();
  provider.reaction = accept(uuid(0));
});
afterEach(() => provider.close());

const withKey = (options: Partial<VonageMessagesOptions> = {}) =>
  vonageMessages({
    applicationId: APPLICATION,
    privateKey: key.privateKey,
    from: 'Acme',
    baseUrl: provider.url,
    ...options,
  });
const withBasic = (options: Partial<VonageMessagesOptions> = {}) =>
  vonageMessages({ apiKey: 'abcd1234', apiSecret: 's3cret', from: 'Acme', baseUrl: provider.url, ...options });

async function sent(transport = withBasic(), message: Partial<OutgoingMessage> = {}, receiptUrl?: string) {
  const result = await transport.send({ ...OUTGOING, ...message }, { signal: NO_ABORT, receiptUrl });
  expect(result.outcome).toBe('accepted');
  const json: unknown = JSON.parse(provider.last.body);
  return { ...provider.last, json };
}

const bearer = (authorization: string | undefined) => /^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '';

describe('what is sent', () => {
  it('an SMS, as Vonage documents it', async () => {
    const request = await sent(withBasic(), {}, RECEIPTS);
    expect(request).toMatchObject({ method: 'POST', url: '/v1/messages' });
    expect(request.headers['authorization']).toBe(basic('abcd1234', 's3cret'));
    expect(request.headers['content-type']).toBe('application/json');
    expect(request.json).toEqual({
      message_type: 'text',
      channel: 'sms',
      to: '31612345678',
      from: 'Acme',
      text: OUTGOING.text,
      ttl: 300,
      sms: { encoding_type: 'auto' },
      webhook_url: RECEIPTS,
      webhook_version: 'v1',
    });
  });

  it('under a token of its own, which lives for two minutes and which Vonage’s library accepts', async () => {
    const before = Math.floor(Date.now() / 1000);
    const transport = withKey();
    const tokens = [await sent(transport), await sent(transport)].map(({ headers }) => bearer(headers.authorization));
    const claims = tokens.map((token) => decodeJwt(token));
    for (const [at, { application_id, iat = 0, exp, jti }] of claims.entries()) {
      expect(verifySignature(tokens[at] ?? '', key.publicKey)).toBe(true);
      expect(decodeProtectedHeader(tokens[at] ?? '')).toEqual({ alg: 'RS256', typ: 'JWT' });
      expect(application_id).toBe(APPLICATION);
      expect(jti).toMatch(/^[\da-f-]{36}$/);
      expect(iat).toBeGreaterThanOrEqual(before);
      expect(exp).toBe(iat + 120);
    }
    expect(new Set(claims.map(({ jti }) => jti)).size).toBe(2);
    expect(Object.keys(claims[0] ?? {}).toSorted()).toEqual(['application_id', 'exp', 'iat', 'jti']);
  });

  it('with the key of this moment; PKCS #1 is read as well', async () => {
    const next = keyOf(2048);
    const old = pemOf(generateKeyPairSync('rsa', { modulusLength: 2048 }), 'pkcs1');
    const keys = [key, next, old];
    const privateKeys = keys.map(({ privateKey }) => privateKey);
    const transport = withKey({ privateKey: async () => privateKeys.shift() ?? '' });
    for (const { publicKey } of keys) {
      const { headers } = await sent(transport);
      expect(verifySignature(bearer(headers.authorization), publicKey)).toBe(true);
    }
  });

  it('what is no RSA key sends nothing', async () => {
    const ec = pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' })).privateKey;
    for (const wrong of ['s3cret', ec, keyOf(1024).privateKey, key.publicKey]) {
      const result = await withKey({ privateKey: () => wrong }).send(OUTGOING, { signal: NO_ABORT });
      expect(result).toEqual({ outcome: 'failed', reason: 'configuration', detail: 'the request could not be made' });
    }
    expect(provider.seen).toHaveLength(0);
  });

  it('with the sender of the country, without its plus', async () => {
    const transport = withBasic({ from: { default: 'Acme', US: '+15005550006' } });
    expect((await sent(transport)).json).toMatchObject({ from: 'Acme' });
    expect((await sent(transport, { country: 'US' })).json).toMatchObject({ from: '15005550006' });
  });

  it.each([
    [1, 20],
    [59.5, 60],
    [9_999_999, 604_800],
  ])('a lifetime of %d s as %d', async (ttlSeconds, ttl) => {
    expect((await sent(withBasic(), { ttlSeconds })).json).toMatchObject({ ttl });
  });

  it('a WhatsApp message: the text, or an approved template whose button copies the code', async () => {
    const whatsapp = { from: '+15005550006' };
    expect((await sent(withBasic({ whatsapp }), { channel: 'whatsapp' })).json).toEqual({
      message_type: 'text',
      channel: 'whatsapp',
      to: '31612345678',
      from: '15005550006',
      text: OUTGOING.text,
    });
    const template = { name: 'login_code', language: 'en_US' };
    const { json } = await sent(withBasic({ whatsapp: { ...whatsapp, template } }), { channel: 'whatsapp' });
    const carries = (options: typeof whatsapp & { template?: typeof template }, binding?: { amount: string }) =>
      withBasic({ whatsapp: options }).carries?.({ ...OUTGOING, channel: 'whatsapp', ...(binding && { binding }) });
    expect(carries({ ...whatsapp, template })).toBe(true);
    expect(carries({ ...whatsapp, template }, { amount: '12.00 EUR' })).toBe(false);
    expect(carries(whatsapp, { amount: '12.00 EUR' })).toBe(true);
    const parameters = [{ type: 'text', text: '918273' }];
    expect(json).toEqual({
      message_type: 'custom',
      channel: 'whatsapp',
      to: '31612345678',
      from: '15005550006',
      custom: {
        type: 'template',
        template: {
          name: 'login_code',
          language: { policy: 'deterministic', code: 'en_US' },
          components: [
            { type: 'body', parameters },
            { type: 'button', sub_type: 'url', index: '0', parameters },
          ],
        },
      },
    });
  });

  it('declares the channels that are configured, and sends by no other', async () => {
    const whatsapp = { from: '+15005550006' };
    const other = vonageMessages({ apiKey: 'abcd1234', apiSecret: 's3cret', whatsapp, baseUrl: provider.url });
    expect([withBasic().channels, withBasic({ whatsapp }).channels, other.channels]).toEqual([
      ['sms'],
      ['sms', 'whatsapp'],
      ['whatsapp'],
    ]);
    for (const [transport, channel] of [
      [withBasic(), 'whatsapp'],
      [withBasic(), 'voice'],
      [other, 'sms'],
    ] as const) {
      const result = await transport.send({ ...OUTGOING, channel }, { signal: NO_ABORT });
      expect(result).toMatchObject({ outcome: 'failed', reason: 'configuration' });
    }
    expect(provider.seen).toHaveLength(0);
  });

  it('the official SDK sends the same', async () => {
    const auth = { apiKey: 'abcd1234', apiSecret: 's3cret' };
    const client = new Messages(new Auth(auth), { apiHost: provider.url });
    const shared = { to: '31612345678', text: OUTGOING.text, webhookUrl: RECEIPTS, webhookVersion: 'v1' } as const;
    await client.send(
      new SMS({
        ...shared,
        channel: 'sms',
        messageType: 'text',
        from: 'Acme',
        ttl: 300,
        sms: { encodingType: 'auto' },
      }),
    );
    const sms = provider.last;
    const ours = await sent(withBasic(), {}, RECEIPTS);
    expect([ours.method, ours.url, ours.headers.authorization]).toEqual([
      sms.method,
      sms.url,
      sms.headers.authorization,
    ]);
    expect(ours.json).toEqual(JSON.parse(sms.body));
    await client.send(new WhatsAppText({ ...shared, from: '15005550006' }));
    const theirs: unknown = JSON.parse(provider.last.body);
    const whatsapp = withBasic({ whatsapp: { from: '+15005550006' } });
    expect((await sent(whatsapp, { channel: 'whatsapp' }, RECEIPTS)).json).toEqual(theirs);
  });
});

describe('what an answer means', () => {
  const send = async (status: number, body: object) => {
    provider.reaction = answer(status, body);
    return withBasic().send(OUTGOING, { signal: NO_ABORT });
  };
  const type = (code: string) => `https://developer.vonage.com/api-errors/messages#${code}`;

  it('202 with an id is accepted', async () => {
    expect(await send(202, { message_uuid: uuid(1) })).toEqual({ outcome: 'accepted', messageId: uuid(1) });
  });

  it.each([
    ...['1000', '1030', '1100', '1180', '1220', '1230', '1331'].map((code) => [code, 'transient']),
    ...['1040', '1170', '1190', '1260', '1280', '1300', '1310'].map((code) => [code, 'invalid-recipient']),
    ['1050', 'blocked-destination'],
    ['1240', 'opted-out'],
  ])('A6 code %s is %s, as title or in the type', async (code = '', reason) => {
    const detail = `${OUTGOING.text} to ${OUTGOING.to}`;
    const expected = { outcome: 'failed', reason, detail: `Vonage ${code}` };
    for (const status of [400, 422, 500]) {
      expect(await send(status, { type: 'https://example.com', title: code, detail, instance: 'i' })).toEqual(expected);
      expect(await send(status, { type: type(code), title: 'Rejected', detail, instance: 'i' })).toEqual(expected);
    }
  });

  it.each([
    [401, '1120', 'configuration'],
    [402, '1070', 'quota'],
    [429, '1999', 'transient'],
    [500, '1999', 'unknown-outcome'],
  ])('status %i with the unknown code %s is %s', async (status, title, reason) => {
    expect(await send(status, { title })).toEqual({ outcome: 'failed', reason, detail: `Vonage ${title}` });
  });

  it.each(['918273', '31612345678', 1050, 'Unauthorized', '', null])(
    'A6 a title that is no code is not repeated: %j',
    async (title) => {
      const result = await send(401, { title, type: `${type('1050')}31612345678` });
      expect(result).toEqual({ outcome: 'failed', reason: 'configuration', detail: 'HTTP 401' });
    },
  );
});

describe('options', () => {
  const valid: VonageMessagesOptions = { applicationId: APPLICATION, privateKey: key.privateKey, from: 'Acme' };

  it.each<[string, object]>([
    ['applicationId', { apiKey: 's3cret' }],
    ['applicationId', { applicationId: undefined }],
    ['applicationId', { applicationId: '' }],
    ['privateKey', { privateKey: 's3cret' }],
    ['privateKey', { privateKey: keyOf(1024).privateKey }],
    ['privateKey', { privateKey: undefined }],
    ['apiSecret', { applicationId: undefined, apiKey: 's3cret' }],
    ['apiKey', { applicationId: undefined, apiKey: '', apiSecret: 's3cret' }],
    ['from', { from: undefined }],
    ['from', { from: { NL: 's3cret' } }],
    ['from', { from: 's3cret GmbH & Co' }],
    ['whatsapp.from', { whatsapp: { from: '' } }],
    ['whatsapp.from', { whatsapp: { from: 's3cret' } }],
    ['whatsapp.template.name', { whatsapp: { from: '15005550006', template: { language: 'en' } } }],
    ['whatsapp.template.language', { whatsapp: { from: '15005550006', template: { name: 's3cret' } } }],
    ['baseUrl', { baseUrl: 'ftp://s3cret' }],
    ['timeoutSeconds', { timeoutSeconds: -1 }],
    ['name', { name: 's3cret S3CRET' }],
    ['receipts.signatureSecrets', { receipts: { signatureSecrets: [''] } }],
    ['receipts.tokens', { receipts: { signatureSecrets: ['s3cret'], tokens: ['s3cret'] } }],
  ])('a wrong %s is named with its mend and without its value', (option, wrong) => {
    const options: VonageMessagesOptions = Object.assign({ ...valid }, wrong);
    expect(() => vonageMessages(options)).toThrow(
      new RegExp(`^vonageMessages: option ${option.replaceAll('.', '\\.')} `),
    );
    expect(() => vonageMessages(options)).not.toThrow(/s3cret|PRIVATE/);
  });
});

describeProviderFailures({
  make: (baseUrl, { credential, ...rest }) =>
    vonageMessages({ apiKey: 'abcd1234', apiSecret: credential, from: 'Acme', baseUrl, ...rest }),
  accept,
  messageId: uuid,
  authorization: (secret) => basic('abcd1234', secret),
});
