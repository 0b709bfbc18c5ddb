import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type InfobipOptions, infobip } from '../../../libs/otp/src/delivery/transports/infobip.transport.js';
import type { ReceiptRequest } from '../../../libs/otp/src/delivery/receipts/receipt-reader.js';
import { expectNothingTold, KEY, NO_ABORT, OUTGOING } from '../../support/outgoing.js';
import { describeProviderFailures } from '../../support/provider-failures.js';
import { answer, ProviderServer } from '../../support/provider-server.js';

const TOKEN = 'a'.repeat(32);

let provider: ProviderServer;

beforeEach(async () => {
  provider = await ProviderServer.start();
});

afterEach(async () => {
  await provider.close();
});

const make = (options: Partial<InfobipOptions> = {}) =>
  infobip({ baseUrl: provider.url, apiKey: KEY, sender: 'Acme', ...options });

const send = (options?: Partial<InfobipOptions>) => make(options).send(OUTGOING, { signal: NO_ABORT });

const accepted = (messageId: string) => ({
  bulkId: 'bulk-1',
  messages: [
    {
      messageId,
      status: { groupId: 1, groupName: 'PENDING', id: 26, name: 'PENDING_ACCEPTED', description: 'Pending' },
      destination: '31612345678',
    },
  ],
});

const rejected = (name: string, groupName = 'REJECTED') => ({
  messages: [{ messageId: 'id-1', status: { groupId: 5, groupName, id: 1, name, description: `to ${OUTGOING.to}` } }],
});

describe('what is sent', () => {
  it('one message with its validity, and no reports', async () => {
    provider.reaction = answer(200, accepted('2250be2d4219-3af1-78856-aabe-1362af1edfd2'));
    expect(await send()).toEqual({ outcome: 'accepted', messageId: '2250be2d4219-3af1-78856-aabe-1362af1edfd2' });
    expect(provider.last).toMatchObject({ method: 'POST', url: '/sms/3/messages' });
    expect(provider.last.headers).toMatchObject({
      authorization: `App ${KEY}`,
      accept: 'application/json',
      'content-type': 'application/json',
    });
    expect(JSON.parse(provider.last.body)).toEqual({
      messages: [
        {
          sender: 'Acme',
          destinations: [{ to: '31612345678' }],
          content: { text: OUTGOING.text },
          options: { validityPeriod: { amount: 300, timeUnit: 'SECONDS' } },
        },
      ],
    });
  });

  it('where reports go, and the sender of the country', async () => {
    provider.reaction = answer(200, accepted('id-1'));
    const receiptUrl = `https://app.acme.com/otp/webhooks/infobip/${TOKEN}`;
    await make({ sender: { default: 'Acme', NL: '3197001' } }).send(OUTGOING, { signal: NO_ABORT, receiptUrl });
    const [sent] = JSON.parse(provider.last.body).messages;
    expect(sent.sender).toBe('3197001');
    expect(sent.webhooks).toEqual({ delivery: { url: receiptUrl }, contentType: 'application/json' });
  });
});

describe('what an answer means', () => {
  it.each(['PENDING', 'ACCEPTED', 'DELIVERED'])('the group %s is accepted', async (group) => {
    provider.reaction = answer(200, rejected('ANY', group));
    expect(await send()).toEqual({ outcome: 'accepted', messageId: 'id-1' });
  });

  it.each([
    ['REJECTED_PREFIX_MISSING', 'invalid-recipient'],
    ['REJECTED_DESTINATION', 'invalid-recipient'],
    ['MISSING_TO', 'invalid-recipient'],
    ['REJECTED_DND', 'opted-out'],
    ['REJECTED_NETWORK', 'blocked-destination'],
    ['REJECTED_DESTINATION_BLOCKLISTED', 'blocked-destination'],
    ['SIGNALS_BLOCKED', 'blocked-destination'],
    ['REJECTED_NOT_ENOUGH_CREDITS', 'quota'],
    ['REJECTED_PREPAID_PACKAGE_EXPIRED', 'quota'],
    ['REJECTED_FLOODING_FILTER', 'transient'],
    ['REJECTED_SYSTEM_ERROR', 'transient'],
    ['REJECTED_SOURCE', 'configuration'],
    ['REJECTED_SENDER', 'configuration'],
    ['REJECTED_DESTINATION_NOT_REGISTERED', 'configuration'],
    ['REJECTED_ROUTE_NOT_AVAILABLE', 'configuration'],
    ['REJECTED_MESSAGE_TOO_LONG', 'configuration'],
    ['REJECTED_OF_A_NEW_KIND', 'configuration'],
  ])('%s means %s', async (name, reason) => {
    provider.reaction = answer(200, rejected(name));
    const result = await send();
    expect(result).toEqual({ outcome: 'failed', reason, detail: `Infobip ${name}` });
    expectNothingTold(result);
  });

  it.each([
    ['UNDELIVERABLE', 'UNDELIVERABLE_NOT_SENT'],
    ['EXPIRED', 'EXPIRED_EXPIRED'],
    ['constructor', 'constructor'],
    ['NEW', `${OUTGOING.to} ${OUTGOING.text}`],
  ])('a group that is neither (%s): nobody knows', async (group, name) => {
    provider.reaction = answer(200, rejected(name, group));
    const result = await send();
    expect(result).toMatchObject({ outcome: 'failed', reason: 'unknown-outcome' });
    expectNothingTold(result);
  });

  it.each([
    [400, { errorCode: 'E400', description: 'Request cannot be processed.' }, 'configuration', 'Infobip E400'],
    [401, { errorCode: 'E401' }, 'configuration', 'Infobip E401'],
    [403, { errorCode: 'E403' }, 'configuration', 'Infobip E403'],
    [404, {}, 'configuration', 'HTTP 404'],
    [402, {}, 'quota', 'HTTP 402'],
    [408, {}, 'transient', 'HTTP 408'],
    [429, { errorCode: 'E429' }, 'transient', 'Infobip E429'],
    [500, { errorCode: 'E500' }, 'unknown-outcome', 'Infobip E500'],
    [503, {}, 'unknown-outcome', 'HTTP 503'],
    [400, { errorCode: `no number ${OUTGOING.to}` }, 'configuration', 'HTTP 400'],
  ])('%i with %j means %s', async (status, body, reason, detail) => {
    provider.reaction = answer(status, body);
    expect(await send()).toEqual({ outcome: 'failed', reason, detail });
  });
});

describeProviderFailures({
  make: (baseUrl, { credential, ...options }) => make({ baseUrl, apiKey: credential, ...options }),
  accept: (messageId) => answer(200, accepted(messageId)),
  authorization: (key) => `App ${key}`,
});

describe('options', () => {
  it.each<[string, object]>([
    ['baseUrl', { baseUrl: 's3cret' }],
    ['baseUrl', { baseUrl: 'http://abc.api.infobip.com' }],
    ['baseUrl', { baseUrl: 'https://s3cret.example.com' }],
    ['baseUrl', { baseUrl: 'https://api.infobip.com.s3cret.com' }],
    ['baseUrl', { baseUrl: 'https://s3cret.com/api.infobip.com' }],
    ['baseUrl', { baseUrl: 'https://api.infobip.com/s3cret' }],
    ['baseUrl', { baseUrl: 'https://api.infobip.com?s3cret' }],
    ['baseUrl', { baseUrl: 'https://s3cret:x@api.infobip.com' }],
    ['name', { name: 'S3CRET s3cret' }],
    ['apiKey', { apiKey: '' }],
    ['apiKey', { apiKey: ' s3cret' }],
    ['sender', { sender: { US: 's3cret' } }],
    ['sender', { sender: 's3cret GmbH & Co' }],
    ['timeoutSeconds', { timeoutSeconds: 0 }],
    ['receipts.tokens', { receipts: { tokens: [] } }],
    ['receipts.tokens', { receipts: {} }],
    ['receipts.tokens', { receipts: { tokens: ['s3cret'] } }],
  ])('a wrong %s is named without its value: %j', (option, wrong) => {
    const valid = { baseUrl: 'https://abc.api.infobip.com', apiKey: KEY, sender: 'Acme' };
    const attempt = () => infobip({ ...valid, ...wrong });
    expect(attempt).toThrow(new RegExp(`^infobip: option ${option.replace('.', '\\.')} `));
    expect(attempt).not.toThrow('s3cret');
  });

  it('takes the addresses that Infobip gives', () => {
    for (const baseUrl of [
      'https://abc123.api.infobip.com',
      'https://abc123.api.infobip.com/',
      'https://api.infobip.com',
    ]) {
      expect(infobip({ baseUrl, apiKey: KEY, sender: 'Acme' })).toMatchObject({ name: 'infobip', channels: ['sms'] });
    }
  });
});

describe('M1 receipts', () => {
  const reader = () => make({ receipts: { tokens: [TOKEN], allowedIps: ['192.0.2.0/24'] } }).receipts;

  const read = (body: string) => {
    const request: ReceiptRequest = {
      method: 'POST',
      url: `https://app.acme.com/otp/webhooks/infobip/${TOKEN}`,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(body),
      now: Date.now(),
    };
    return reader()?.read(request);
  };

  const result = (groupName: unknown, name: unknown, error: object = {}) => ({
    bulkId: 'bulk-1',
    messageId: 'id-1',
    to: '31612345678',
    status: { groupId: 3, groupName, id: 5, name },
    error: { groupId: 0, groupName: 'OK', id: 0, name: 'NO_ERROR', permanent: false, ...error },
  });

  it('M1 needs a token in the path, for nothing is signed', () => {
    expect(reader()).toMatchObject({
      methods: ['POST'],
      contentTypes: ['application/json'],
      maxBodyBytes: 262_144,
      answer: { status: 200 },
      tokens: [TOKEN],
      allowedIps: ['192.0.2.0/24'],
    });
    expect(make().receipts).toBeUndefined();
  });

  it.each([
    ['DELIVERED', 'DELIVERED_TO_HANDSET', {}, { state: 'delivered' }],
    ['DELIVERED', 'DELIVERED_TO_OPERATOR', {}, { state: 'sent' }],
    [
      'UNDELIVERABLE',
      'UNDELIVERABLE_NOT_DELIVERED',
      { name: 'EC_UNKNOWN_SUBSCRIBER', permanent: true },
      { state: 'failed', detail: 'Infobip EC_UNKNOWN_SUBSCRIBER, permanent' },
    ],
    [
      'UNDELIVERABLE',
      'UNDELIVERABLE_NOT_DELIVERED',
      { name: 'EC_ABSENT_SUBSCRIBER' },
      { state: 'failed', detail: 'Infobip EC_ABSENT_SUBSCRIBER' },
    ],
    ['EXPIRED', 'EXPIRED_EXPIRED', {}, { state: 'failed' }],
    ['REJECTED', 'REJECTED_DND', { name: 'to +31612345678' }, { state: 'failed' }],
  ])('%s (%s) with %j', (group, name, error, receipt) => {
    const body = JSON.stringify({ results: [result(group, name, error)] });
    expect(read(body)).toEqual({ outcome: 'read', receipts: [{ messageId: 'id-1', ...receipt }] });
  });

  it.each([
    ['PENDING', 'PENDING_ENROUTE'],
    ['ACCEPTED', 'PENDING_ACCEPTED'],
    ['EXPIRED', 'EXPIRED_DLR_UNKNOWN'],
    ['delivered', 'DELIVERED_TO_HANDSET'],
    ['__proto__', 'constructor'],
    [3, 5],
    [null, null],
  ])('%s (%s) is no receipt', (group, name) => {
    expect(read(JSON.stringify({ results: [result(group, name)] }))).toEqual({ outcome: 'read', receipts: [] });
  });

  it('a batch, of which some cannot be read', () => {
    const results = [
      result('DELIVERED', 'DELIVERED_TO_HANDSET'),
      null,
      'text',
      [],
      { ...result('DELIVERED', 'DELIVERED_TO_HANDSET'), messageId: 'a\nb' },
      { ...result('DELIVERED', 'DELIVERED_TO_HANDSET'), messageId: 7 },
      { ...result('REJECTED', 'REJECTED_DND'), messageId: 'id-2' },
    ];
    expect(read(JSON.stringify({ results }))).toEqual({
      outcome: 'read',
      receipts: [
        { messageId: 'id-1', state: 'delivered' },
        { messageId: 'id-2', state: 'failed' },
      ],
    });
  });

  it('case 76 what stands in prototypes is not read', () => {
    expect(read('{"__proto__":{"results":[]}}')).toEqual({ outcome: 'malformed' });
    expect(read('{"results":[{"__proto__":{"messageId":"id-1","status":{"groupName":"DELIVERED"}}}]}')).toEqual({
      outcome: 'read',
      receipts: [],
    });
  });

  it.each(['', '{', '[]', 'null', '{}', '{"results":{}}', '{"results":"x"}', '<results/>'])(
    '%j is malformed',
    (body) => {
      expect(read(body)).toEqual({ outcome: 'malformed' });
    },
  );

  it('reads a batch of 256 KiB', () => {
    const results = Array.from({ length: 900 }, (_, index) => ({
      ...result('DELIVERED', 'DELIVERED_TO_HANDSET'),
      messageId: `id-${index}`,
    }));
    const body = JSON.stringify({ results });
    expect(body.length).toBeLessThan(262_144);
    expect(read(body)).toMatchObject({ outcome: 'read', receipts: { length: 900 } });
  });
});
