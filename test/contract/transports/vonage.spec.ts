import { Auth } from '@vonage/auth';
import { SMS } from '@vonage/sms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OutgoingMessage } from '../../../libs/otp/src/delivery/sms-transport.js';
import { vonage, type VonageOptions } from '../../../libs/otp/src/delivery/transports/vonage.transport.js';
import { NO_ABORT, OUTGOING } from '../../support/outgoing.js';
import { describeProviderFailures } from '../../support/provider-failures.js';
import { answer, ProviderServer } from '../../support/provider-server.js';

const basic = (user: string, password: string) => `Basic ${btoa(`${user}:${password}`)}`;
const part = (status: unknown, id: unknown = '0A0000000123ABCD1') => ({ to: '31612345678', 'message-id': id, status });
const parts = (...messages: readonly object[]) => ({ 'message-count': String(messages.length), messages });

const accept = (id: string) => answer(200, parts(part('0', id)));

let provider: ProviderServer;

beforeEach(async () => {
  provider = await ProviderServer.start();
  provider.reaction = accept('0A00000');
});
afterEach(() => provider.close());

const made = (options: Partial<VonageOptions> = {}) =>
  vonage({ apiKey: 'abcd1234', apiSecret: 's3cret', from: 'Acme', baseUrl: provider.url, ...options });

async function sent(transport = made(), message: Partial<OutgoingMessage> = {}, receiptUrl?: string) {
  const result = await transport.send({ ...OUTGOING, ...message }, { signal: NO_ABORT, receiptUrl });
  expect(result.outcome).toBe('accepted');
  return { ...provider.last, form: Object.fromEntries(new URLSearchParams(provider.last.body)) };
}

describe('what is sent', () => {
  it('an SMS, as Vonage documents it', async () => {
    const request = await sent(made(), {}, 'https://app.example.com/otp/webhooks/vonage');
    expect(request).toMatchObject({ method: 'POST', url: '/sms/json' });
    expect(request.headers['authorization']).toBe(basic('abcd1234', 's3cret'));
    expect(request.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
    expect(request.form).toEqual({
      from: 'Acme',
      to: '31612345678',
      text: OUTGOING.text,
      type: 'text',
      ttl: '300000',
      'status-report-req': 'true',
      callback: 'https://app.example.com/otp/webhooks/vonage',
    });
  });

  it('with the sender of the country, without its plus', async () => {
    const transport = made({ from: { default: 'Acme', US: '+15005550006' } });
    expect((await sent(transport)).form['from']).toBe('Acme');
    expect((await sent(transport, { country: 'US' })).form['from']).toBe('15005550006');
  });

  it.each([
    [OUTGOING.text, 'text'],
    ['code 918273 [€]', 'text'],
    ['ваш код 918273', 'unicode'],
    ['918273 ist Ihr Code für „Acme“', 'unicode'],
  ])('%j as %s, so that no character is replaced', async (text, type) => {
    const { form } = await sent(made(), { text });
    expect([form['type'], form['text']]).toEqual([type, text]);
  });

  it.each([
    [1, '20000'],
    [20.0001, '20001'],
    [600, '600000'],
    [9_999_999, '604800000'],
  ])('a lifetime of %d s as %s ms', async (ttlSeconds, ttl) => {
    expect((await sent(made(), { ttlSeconds })).form['ttl']).toBe(ttl);
  });

  it('the official SDK sends the same fields to the same place', async () => {
    const auth = new Auth({ apiKey: 'abcd1234', apiSecret: 's3cret' });
    const callback = 'https://app.example.com/otp/webhooks/vonage';
    await new SMS(auth, { restHost: provider.url }).send({
      from: 'Acme',
      to: '31612345678',
      text: OUTGOING.text,
      ttl: 300_000,
      statusReportReq: true,
      callback,
    });
    const theirs = provider.last;
    const { form, ...ours } = await sent(made(), {}, callback);
    expect([ours.method, ours.url, ours.headers.authorization]).toEqual([
      theirs.method,
      theirs.url,
      theirs.headers.authorization,
    ]);
    const fields: unknown = JSON.parse(theirs.body);
    const texts = Object.entries(fields ?? {}).map(([name, value]) => [name, String(value)]);
    expect(form).toEqual({ ...Object.fromEntries(texts), type: 'text' });
  });
});

describe('what an answer means', () => {
  const send = async (body: object, status = 200) => {
    provider.reaction = answer(status, body);
    return made().send(OUTGOING, { signal: NO_ABORT });
  };

  it('one part, or several that were all accepted', async () => {
    expect(await send(parts(part('0')))).toEqual({ outcome: 'accepted', messageId: '0A0000000123ABCD1' });
    expect(await send(parts(part('0', 'one'), part('0', 'two')))).toEqual({ outcome: 'accepted', messageId: 'one' });
  });

  it.each([
    ['1', 'transient'],
    ['5', 'transient'],
    ['10', 'transient'],
    ['6', 'invalid-recipient'],
    ['33', 'invalid-recipient'],
    ['7', 'blocked-destination'],
    ['9', 'quota'],
    ...['2', '3', '4', '8', '11', '12', '14', '15', '22', '23', '29', '32'].map((code) => [code, 'configuration']),
  ])('A6 status %s is %s', async (status, reason) => {
    const item = { ...part(status), 'error-text': `${OUTGOING.text} to ${OUTGOING.to}` };
    const expected = { outcome: 'failed', reason, detail: `Vonage ${status}` };
    expect(await send(parts(item))).toEqual(expected);
    expect(await send(parts(item, item))).toEqual(expected);
  });

  it.each<[string, object, string]>([
    ['a part accepted and one not', parts(part('0'), part('1')), 'Vonage 0, 1'],
    ['a part refused and one accepted', parts(part('9'), part('0')), 'Vonage 9, 0'],
    ['a status that nobody knows', parts(part('77')), 'Vonage 77'],
    ['a status that is a number', parts(part(0)), 'Vonage without a status'],
    ['a status that repeats the text', parts(part(OUTGOING.text)), 'Vonage without a status'],
    ['no status', parts({ to: '31612345678' }), 'Vonage without a status'],
    ['no parts', parts(), 'HTTP 200 that could not be read'],
    ['fewer parts than counted', { 'message-count': '2', messages: [part('0')] }, 'HTTP 200 that could not be read'],
    ['no count', { messages: [part('0')] }, 'HTTP 200 that could not be read'],
    [
      'parts that are no list',
      { 'message-count': '1', messages: { 0: part('0'), length: 1 } },
      'HTTP 200 that could not be read',
    ],
    ['accepted without an id', parts(part('0', null)), 'HTTP 200 without a message id'],
    ['accepted with a strange id', parts(part('0', 'a b')), 'HTTP 200 without a message id'],
  ])('case 56: %s is an unknown outcome', async (_case, body, detail) => {
    expect(await send(body)).toEqual({ outcome: 'failed', reason: 'unknown-outcome', detail });
  });

  it('another HTTP status is judged before the parts', async () => {
    expect(await send(parts(part('0')), 503)).toMatchObject({ reason: 'unknown-outcome', detail: 'HTTP 503' });
    expect(await send(parts(part('4')), 401)).toMatchObject({ reason: 'configuration', detail: 'HTTP 401' });
  });
});

describe('options', () => {
  it.each<[string, object]>([
    ['apiKey', { apiKey: '' }],
    ['apiSecret', { apiSecret: undefined }],
    ['apiSecret', { apiSecret: 's3cret\n' }],
    ['from', { from: { US: 's3cret' } }],
    ['from', { from: 's3cret GmbH & Co' }],
    ['baseUrl', { baseUrl: 'http://rest.example.com/s3cret' }],
    ['timeoutSeconds', { timeoutSeconds: 61 }],
    ['name', { name: 'S3cret s3cret' }],
    ['receipts.tokens', { receipts: {} }],
    ['receipts.tokens', { receipts: { tokens: ['s3cret'] } }],
    ['receipts.signatureSecrets', { receipts: { signatureSecrets: [] } }],
    ['receipts.signatureMethod', { receipts: { signatureSecrets: ['s3cret'], signatureMethod: 's3cret' } }],
  ])('a wrong %s is named with its mend and without its value: %j', (option, wrong) => {
    const options: VonageOptions = Object.assign({ apiKey: 'abcd1234', apiSecret: 's3cret', from: 'Acme' }, wrong);
    expect(() => vonage(options)).toThrow(new RegExp(`^vonage: option ${option.replace('.', '\\.')} `));
    expect(() => vonage(options)).not.toThrow('s3cret');
  });
});

describeProviderFailures({
  make: (baseUrl, { credential, ...rest }) =>
    vonage({ apiKey: 'abcd1234', apiSecret: credential, from: 'Acme', baseUrl, ...rest }),
  accept,
  authorization: (secret) => basic('abcd1234', secret),
});
