import { createHmac } from 'node:crypto';
import { assert, constantFrom, dictionary, property, string } from 'fast-check';
import { Client, validateSignature, validateV3Signature } from 'plivo';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plivo, type PlivoOptions } from '../../../libs/otp/src/delivery/transports/plivo.transport.js';
import { expectNothingTold, KEY, NO_ABORT, OUTGOING } from '../../support/outgoing.js';
import { describeProviderFailures } from '../../support/provider-failures.js';
import { changedTexts } from '../../support/changed-bytes.js';
import { answer, ProviderServer } from '../../support/provider-server.js';

const AUTH_ID = 'MAXXXXXXXXXXXXXXXXXX';
const TOKEN = 'a'.repeat(32);

let provider: ProviderServer;

beforeEach(async () => {
  provider = await ProviderServer.start();
});

afterEach(async () => {
  await provider.close();
});

const make = (options: Partial<PlivoOptions> = {}) =>
  plivo({ baseUrl: provider.url, authId: AUTH_ID, authToken: KEY, src: '14155550100', ...options });

const send = (options?: Partial<PlivoOptions>) => make(options).send(OUTGOING, { signal: NO_ABORT });

const accepted = (id: string) => ({ api_id: 'api-1', message: 'message(s) queued', message_uuid: [id] });

const basic = (authToken: string) => `Basic ${Buffer.from(`${AUTH_ID}:${authToken}`).toString('base64')}`;

describe('what is sent', () => {
  it('one message that expires with the code and is not logged, and no reports', async () => {
    provider.reaction = answer(202, accepted('db3ce55a-7f1d-11e1-8ea7-1231380bc196'));
    expect(await send()).toEqual({ outcome: 'accepted', messageId: 'db3ce55a-7f1d-11e1-8ea7-1231380bc196' });
    expect(provider.last).toMatchObject({ method: 'POST', url: `/v1/Account/${AUTH_ID}/Message/` });
    expect(provider.last.headers).toMatchObject({ authorization: basic(KEY), 'content-type': 'application/json' });
    expect(JSON.parse(provider.last.body)).toEqual({
      src: '14155550100',
      dst: '31612345678',
      text: OUTGOING.text,
      type: 'sms',
      log: false,
      message_expiry: 300,
    });
  });

  it('where reports go, the sender of the country, and what may be logged', async () => {
    provider.reaction = answer(202, accepted('id-1'));
    const receiptUrl = `https://app.acme.com/otp/webhooks/plivo/${TOKEN}`;
    const transport = make({
      src: { default: 'Acme', NL: '3197001' },
      log: 'number_only',
      baseUrl: `${provider.url}/`,
    });
    await transport.send(OUTGOING, { signal: NO_ABORT, receiptUrl });
    expect(provider.last.url).toBe(`/v1/Account/${AUTH_ID}/Message/`);
    expect(JSON.parse(provider.last.body)).toMatchObject({
      src: '3197001',
      url: receiptUrl,
      method: 'POST',
      log: 'number_only',
    });
  });

  it.each([
    [1, 5],
    [600, 600],
    [20_000, 10_799],
  ])('a code for %i seconds expires within what Plivo takes: %i', async (ttlSeconds, expiry) => {
    provider.reaction = answer(202, accepted('id-1'));
    await make().send({ ...OUTGOING, ttlSeconds }, { signal: NO_ABORT });
    expect(JSON.parse(provider.last.body)).toMatchObject({ message_expiry: expiry });
  });

  it('what the official SDK sends for the same message', async () => {
    provider.reaction = answer(202, accepted('id-1'));
    const url = `https://app.acme.com/otp/webhooks/plivo/${TOKEN}`;
    const sdk = new Client(AUTH_ID, KEY, { url: `${provider.url}/v1/Account/${AUTH_ID}` });
    await sdk.messages.create('14155550100', '31612345678', OUTGOING.text, {
      type: 'sms',
      log: false,
      message_expiry: 300,
      url,
      method: 'POST',
    });
    await make().send(OUTGOING, { signal: NO_ABORT, receiptUrl: url });
    const [theirs, ours] = provider.seen;
    expect(ours?.url).toBe(theirs?.url);
    expect(ours?.headers.authorization).toBe(theirs?.headers.authorization);
    expect(JSON.parse(ours?.body ?? '')).toEqual(JSON.parse(theirs?.body ?? '{}'));
  });
});

describe('what an answer means', () => {
  it.each([
    [400, 'configuration'],
    [401, 'configuration'],
    [402, 'quota'],
    [403, 'blocked-destination'],
    [404, 'configuration'],
    [405, 'configuration'],
    [406, 'configuration'],
    [408, 'transient'],
    [429, 'transient'],
    [500, 'unknown-outcome'],
    [501, 'configuration'],
    [503, 'unknown-outcome'],
  ])('%i means %s', async (status, reason) => {
    provider.reaction = answer(status, { api_id: 'api-1', error: `${OUTGOING.to} ${OUTGOING.text}` });
    const result = await send();
    expect(result).toEqual({ outcome: 'failed', reason, detail: `Plivo ${status}` });
    expectNothingTold(result);
  });

  it.each([[[]], [[7]], ['id-1 and more'], [{}], [null]])(
    'a success with the ids %j: nobody knows',
    async (message_uuid) => {
      provider.reaction = answer(202, { message_uuid, invalid_number: ['31612345678'] });
      const result = await send();
      expect(result).toMatchObject({ outcome: 'failed', reason: 'unknown-outcome' });
      expectNothingTold(result);
    },
  );
});

describeProviderFailures({
  make: (baseUrl, { credential, ...options }) => make({ baseUrl, authToken: credential, ...options }),
  accept: (id) => answer(202, accepted(id)),
  authorization: basic,
  statuses: { 403: 'blocked-destination' },
  detail: (status) => `Plivo ${status}`,
});

describe('options', () => {
  it.each<[string, object]>([
    ['baseUrl', { baseUrl: 'http://s3cret.example.com' }],
    ['name', { name: 'S3CRET s3cret' }],
    ['authId', { authId: '../s3cret' }],
    ['authId', { authId: '' }],
    ['authId', { authId: 'MAXXXXXXXXXX/Call' }],
    ['authToken', { authToken: '' }],
    ['src', { src: { US: 's3cret' } }],
    ['src', { src: 's3cret GmbH & Co' }],
    ['log', { log: 's3cret' }],
    ['timeoutSeconds', { timeoutSeconds: Number.NaN }],
    ['receipts.authTokens', { receipts: { tokens: [TOKEN] } }],
    ['receipts.authTokens', { receipts: { tokens: [TOKEN], authTokens: [] } }],
    ['receipts.tokens', { receipts: { authTokens: ['x'] } }],
    ['receipts.tokens', { receipts: { authTokens: ['x'], tokens: [] } }],
    ['receipts.tokens', { receipts: { authTokens: ['x'], tokens: ['s3cret'] } }],
  ])('a wrong %s is named without its value: %j', (option, wrong) => {
    const attempt = () => plivo({ authId: AUTH_ID, authToken: KEY, src: 'Acme', ...wrong });
    expect(attempt).toThrow(new RegExp(`^plivo: option ${option.replace('.', '\\.')} `));
    expect(attempt).not.toThrow('s3cret');
  });
});

describe('M1 receipts', () => {
  const AUTH_TOKEN = 'webhook-auth-token';
  const NONCE = '05429567804466091622';
  const ADDRESS = `https://app.acme.com/otp/webhooks/plivo/${TOKEN}`;
  const FORM = {
    MessageUUID: 'db3ce55a-7f1d-11e1-8ea7-1231380bc196',
    To: '31612345678',
    From: '14155550100',
    Type: 'sms',
    Status: 'delivered',
    Units: '1',
    ErrorCode: '000',
    MessageTime: '2026-03-01 12:00:00.000000+00:00',
  };
  const GENUINE = { outcome: 'read', receipts: [{ messageId: FORM.MessageUUID, state: 'delivered' }] };
  const FORGED = { outcome: 'forged' };

  type Form = Readonly<Record<string, string>>;
  type Headers = Readonly<Record<string, string>>;

  const hmac = (text: string, key = AUTH_TOKEN) => createHmac('sha256', key).update(text).digest('base64');

  const v2 = (key?: string, nonce = NONCE): Headers => ({
    'x-plivo-signature-v2': hmac(`${ADDRESS}${nonce}`, key),
    'x-plivo-signature-v2-nonce': nonce,
  });

  /** As the documents of the signature tell it, for an address without query. */
  const v3 = (form: Form, key?: string, nonce = NONCE): Headers => {
    const fields = Object.keys(form).toSorted();
    const signed = `${ADDRESS}?${fields.map((name) => `${name}${form[name]}`).join('')}.${nonce}`;
    return { 'x-plivo-signature-v3': hmac(signed, key), 'x-plivo-signature-v3-nonce': nonce };
  };

  interface Call {
    readonly headers: Headers;
    readonly body?: string;
    readonly url?: string;
    readonly authTokens?: readonly string[];
  }

  const bodyOf = (form: Form) => new URLSearchParams(form).toString();

  const read = ({ headers, body = bodyOf(FORM), url = ADDRESS, authTokens = [AUTH_TOKEN] }: Call) =>
    make({ receipts: { authTokens, tokens: [TOKEN] } }).receipts?.read({
      method: 'POST',
      url,
      headers,
      body: Buffer.from(body),
      now: Date.now(),
    });

  const isGoodForSdk = (headers: Headers, form: Form = FORM, url = ADDRESS) =>
    validateV3Signature(
      'POST',
      url,
      headers['x-plivo-signature-v3-nonce'] ?? '',
      AUTH_TOKEN,
      headers['x-plivo-signature-v3'] ?? '',
      form,
    );

  const isGoodForSdkV2 = (headers: Headers, url = ADDRESS) =>
    validateSignature(
      url,
      headers['x-plivo-signature-v2-nonce'] ?? '',
      headers['x-plivo-signature-v2'] ?? '',
      AUTH_TOKEN,
    );

  it('M1 is a form with a token in the path, for V2 does not cover what is reported', () => {
    const receipts = { authTokens: [AUTH_TOKEN], tokens: [TOKEN], allowedIps: ['192.0.2.1'] };
    expect(make({ receipts }).receipts).toMatchObject({
      methods: ['POST'],
      contentTypes: ['application/x-www-form-urlencoded'],
      answer: { status: 200 },
      tokens: [TOKEN],
      allowedIps: ['192.0.2.1'],
    });
    expect(make().receipts).toBeUndefined();
  });

  it('M1 accepts what the official SDK accepts, V2 and V3, of the account and of its main account', () => {
    expect(isGoodForSdkV2(v2())).toBe(true);
    expect(read({ headers: v2() })).toEqual(GENUINE);
    expect(isGoodForSdk(v3(FORM))).toBe(true);
    expect(read({ headers: v3(FORM) })).toEqual(GENUINE);
    expect(read({ headers: { ...v2(), ...v3(FORM) } })).toEqual(GENUINE);
    const asMain = (headers: Headers) =>
      Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.replace(/signature-(v\d)$/, 'signature-ma-$1'), value]),
      );
    expect(read({ headers: asMain(v2()) })).toEqual(GENUINE);
    expect(read({ headers: asMain(v3(FORM)) })).toEqual(GENUINE);
  });

  it('M1 signs as the official SDK does, whatever the form and the query', () => {
    const word = string({ unit: constantFrom(...Array.from('abzAZ019-_. :+&=%/é')), maxLength: 8 });
    const name = string({ unit: constantFrom(...Array.from('abzAZ019_')), minLength: 1, maxLength: 6 });
    assert(
      property(dictionary(name, word), dictionary(name, word), (more, query) => {
        const form = { ...more, ...FORM };
        const search = new URLSearchParams(query).toString();
        const url = search === '' ? ADDRESS : `${ADDRESS}?${search}`;
        const nonce = '123';
        // The SDK only compares, so the signature is looked for among those that may be right.
        const fields = Object.entries(form)
          .toSorted(byName)
          .map(([key, value]) => `${key}${value}`);
        const sorted = Object.entries(query)
          .toSorted(byName)
          .map(([key, value]) => `${key}=${value}`);
        const signed = `${ADDRESS}?${sorted.join('&')}${sorted.length > 0 ? '.' : ''}${fields.join('')}.${nonce}`;
        const headers = { 'x-plivo-signature-v3': hmac(signed), 'x-plivo-signature-v3-nonce': nonce };
        expect(isGoodForSdk(headers, form, url)).toBe(true);
        expect(read({ headers, body: bodyOf(form), url })).toEqual(GENUINE);
      }),
    );
  });

  it('M1 refuses each changed byte of signature, nonce and fields with V3, as the official SDK does', () => {
    const headers = v3(FORM);
    for (const name of Object.keys(headers)) {
      for (const value of changedTexts(headers[name] ?? '')) {
        const changed = { ...headers, [name]: value };
        expect(isGoodForSdk(changed)).toBe(false);
        expect(read({ headers: changed })).toEqual(FORGED);
      }
    }
    for (const [name, text] of Object.entries(FORM)) {
      for (const value of changedTexts(text)) {
        const form = { ...FORM, [name]: value };
        expect(isGoodForSdk(headers, form)).toBe(false);
        expect(read({ headers, body: bodyOf(form) })).toEqual(FORGED);
      }
    }
  });

  it('M1 refuses each changed byte of signature, nonce and address with V2, as the official SDK does', () => {
    const headers = v2();
    for (const name of Object.keys(headers)) {
      for (const value of changedTexts(headers[name] ?? '')) {
        const changed = { ...headers, [name]: value };
        expect(isGoodForSdkV2(changed)).toBe(false);
        expect(read({ headers: changed })).toEqual(FORGED);
      }
    }
    for (const url of [...changedTexts(ADDRESS)].slice('https://'.length)) {
      expect(read({ headers, url })).toEqual(FORGED);
    }
  });

  it('M1 a V3 signature that is wrong is not saved by a right V2', () => {
    const delivered = v3(FORM);
    const failed = bodyOf({ ...FORM, Status: 'failed' });
    expect(read({ headers: { ...v2(), ...delivered }, body: failed })).toEqual(FORGED);
    expect(read({ headers: { ...v2(), 'x-plivo-signature-v3': 'x' } })).toEqual(FORGED);
    expect(read({ headers: { ...v2(), 'x-plivo-signature-v3-nonce': NONCE } })).toEqual(FORGED);
    expect(read({ headers: { ...v2(), 'x-plivo-signature-ma-v3': '' } })).toEqual(FORGED);
  });

  it('case 76 stripped, truncated, of another key', () => {
    for (const headers of [v2(), v3(FORM)]) {
      for (const name of Object.keys(headers)) {
        const { [name]: value = '', ...rest } = headers;
        expect(read({ headers: rest })).toEqual(FORGED);
        expect(read({ headers: { ...rest, [name]: '' } })).toEqual(FORGED);
        expect(read({ headers: { ...rest, [name]: value.slice(0, -1) } })).toEqual(FORGED);
      }
    }
    expect(read({ headers: {} })).toEqual(FORGED);
    expect(read({ headers: v2('another') })).toEqual(FORGED);
    expect(read({ headers: v3(FORM, 'another') })).toEqual(FORGED);
    expect(read({ headers: v3(FORM, '') })).toEqual(FORGED);
    // The end of what is signed pretends to be the nonce.
    expect(read({ headers: { ...v3({ ...FORM, Units: '1.9' }), 'x-plivo-signature-v3-nonce': `9.${NONCE}` } })).toEqual(
      FORGED,
    );
  });

  it('each of several tokens, and each of several signatures in a header, is good', () => {
    for (const key of ['old', 'new']) {
      expect(read({ headers: v3(FORM, key), authTokens: ['old', 'new'] })).toEqual(GENUINE);
      expect(read({ headers: v2(key), authTokens: ['old', 'new'] })).toEqual(GENUINE);
    }
    const several = { ...v3(FORM), 'x-plivo-signature-v3': `${hmac('other')},${v3(FORM)['x-plivo-signature-v3']}` };
    expect(isGoodForSdk(several)).toBe(true);
    expect(read({ headers: several })).toEqual(GENUINE);
  });

  it('case 78 of V3 fields are signed and not bytes: another order or writing of the same fields is the same report', () => {
    const headers = v3(FORM);
    const reversed = new URLSearchParams(Object.entries(FORM).toReversed()).toString();
    expect(read({ headers, body: reversed })).toEqual(GENUINE);
    expect(read({ headers, body: bodyOf(FORM).replaceAll('+', '%20') })).toEqual(GENUINE);
    expect(read({ headers, body: `${bodyOf(FORM)}&Status=failed` })).toEqual(FORGED);
    expect(read({ headers, body: JSON.stringify(FORM) })).toEqual(FORGED);
  });

  const readForm = (changes: Form, body = bodyOf({ ...FORM, ...changes })) =>
    read({ headers: v3({ ...FORM, ...changes }), body });

  it.each([
    ['sent', '000', { state: 'sent' }],
    ['delivered', '', { state: 'delivered' }],
    ['failed', '420', { state: 'failed', detail: 'Plivo 420' }],
    ['undelivered', '50', { state: 'failed', detail: 'Plivo 50' }],
    ['undelivered', '+31612345678', { state: 'failed' }],
  ])('%s with code %j', (Status, ErrorCode, receipt) => {
    expect(readForm({ Status, ErrorCode })).toEqual({
      outcome: 'read',
      receipts: [{ messageId: FORM.MessageUUID, ...receipt }],
    });
  });

  it.each(['queued', 'read', 'rejected', 'DELIVERED', 'constructor', '__proto__', ''])('%j is no receipt', (Status) => {
    expect(readForm({ Status })).toEqual({ outcome: 'read', receipts: [] });
  });

  it.each([
    '',
    'Status=delivered',
    'MessageUUID=id-1',
    'MessageUUID=&Status=delivered',
    'MessageUUID=a%0Ab&Status=delivered',
    'MessageUUID=id-1&MessageUUID=id-2&Status=delivered',
    'MessageUUID=id-1&Status=sent&Status=delivered',
    'messageuuid=id-1&status=delivered',
    '__proto__[MessageUUID]=id-1&Status=delivered',
    '{"MessageUUID":"id-1","Status":"delivered"}',
  ])('%s, though signed by V2, is malformed', (body) => {
    expect(read({ headers: v2(), body })).toEqual({ outcome: 'malformed' });
  });
});

const byName = ([left]: readonly [string, string], [right]: readonly [string, string]) => (left < right ? -1 : 1);
