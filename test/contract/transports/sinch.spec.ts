import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ReceiptRequest } from '../../../libs/otp/src/delivery/receipts/receipt-reader.js';
import { sinch, type SinchOptions } from '../../../libs/otp/src/delivery/transports/sinch.transport.js';
import { KEY, NO_ABORT, OUTGOING } from '../../support/outgoing.js';
import { describeProviderFailures } from '../../support/provider-failures.js';
import { changedTexts } from '../../support/changed-bytes.js';
import { answer, ProviderServer } from '../../support/provider-server.js';
import { SinchClient, SmsCallbackWebhooks } from '../../support/sinch-sdk.js';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const TOKEN = 'a'.repeat(32);

let provider: ProviderServer;

beforeEach(async () => {
  provider = await ProviderServer.start();
});

afterEach(async () => {
  vi.useRealTimers();
  await provider.close();
});

const make = (options: Partial<SinchOptions> = {}) =>
  sinch({
    baseUrl: provider.url,
    region: 'eu',
    servicePlanId: 'plan_1-a',
    apiToken: KEY,
    from: 'Acme',
    ...options,
  });

const send = (options?: Partial<SinchOptions>) => make(options).send(OUTGOING, { signal: NO_ABORT });

const accepted = (id: string) => ({
  id,
  to: ['31612345678'],
  from: 'Acme',
  canceled: false,
  body: OUTGOING.text,
  type: 'mt_text',
  created_at: '2026-03-01T12:00:00.000Z',
  modified_at: '2026-03-01T12:00:00.000Z',
});

describe('what is sent', () => {
  it('a batch of one that expires with the code, and no reports', async () => {
    vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
    provider.reaction = answer(201, accepted('01FC66621XXXXX119Z8PMV1QPU'));
    expect(await send()).toEqual({ outcome: 'accepted', messageId: '01FC66621XXXXX119Z8PMV1QPU' });
    expect(provider.last).toMatchObject({ method: 'POST', url: '/xms/v1/plan_1-a/batches' });
    expect(provider.last.headers).toMatchObject({ authorization: `Bearer ${KEY}`, 'content-type': 'application/json' });
    expect(JSON.parse(provider.last.body)).toEqual({
      type: 'mt_text',
      to: ['+31612345678'],
      from: 'Acme',
      body: OUTGOING.text,
      expire_at: '2026-03-01T12:05:00.000Z',
      delivery_report: 'none',
    });
  });

  it('where reports go, and the sender of the country', async () => {
    provider.reaction = answer(201, accepted('id-1'));
    const receiptUrl = 'https://app.acme.com/otp/webhooks/sinch';
    await make({ from: { default: 'Acme', NL: '+3197001' } }).send(OUTGOING, { signal: NO_ABORT, receiptUrl });
    expect(JSON.parse(provider.last.body)).toMatchObject({
      from: '+3197001',
      delivery_report: 'per_recipient',
      callback_url: receiptUrl,
    });
  });

  it('what the official SDK sends for the same message', async () => {
    vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
    provider.reaction = answer(201, accepted('id-1'));
    const callback_url = 'https://app.acme.com/otp/webhooks/sinch';
    const sdk = new SinchClient({ servicePlanId: 'plan_1-a', apiToken: KEY, smsHostname: provider.url });
    await sdk.sms.batches.send({
      sendSMSRequestBody: {
        type: 'mt_text',
        to: [OUTGOING.to],
        from: 'Acme',
        body: OUTGOING.text,
        expire_at: new Date(NOW + 300_000),
        delivery_report: 'per_recipient',
        callback_url,
      },
    });
    await make().send(OUTGOING, { signal: NO_ABORT, receiptUrl: callback_url });
    const [theirs, ours] = provider.seen;
    expect(ours?.url).toBe(theirs?.url);
    expect(ours?.headers.authorization).toBe(theirs?.headers.authorization);
    expect(JSON.parse(ours?.body ?? '')).toEqual(JSON.parse(theirs?.body ?? '{}'));
  });
});

describe('what an answer means', () => {
  it.each([
    [400, { code: 'syntax_invalid_json', text: 'x' }, 'configuration', 'Sinch syntax_invalid_json'],
    [400, { code: 'syntax_invalid_parameter_format' }, 'configuration', 'Sinch syntax_invalid_parameter_format'],
    [400, { code: 'syntax_constraint_violation' }, 'configuration', 'Sinch syntax_constraint_violation'],
    [403, { code: 'unknown_group' }, 'configuration', 'Sinch unknown_group'],
    [403, { code: 'unknown_campaign' }, 'configuration', 'Sinch unknown_campaign'],
    [403, { code: 'missing_callback_url' }, 'configuration', 'Sinch missing_callback_url'],
    [401, '', 'configuration', 'HTTP 401'],
    [402, '', 'quota', 'HTTP 402'],
    [404, '', 'configuration', 'HTTP 404'],
    [408, '', 'transient', 'HTTP 408'],
    [429, '', 'transient', 'HTTP 429'],
    [500, { code: 'internal_error' }, 'unknown-outcome', 'Sinch internal_error'],
    [503, '', 'unknown-outcome', 'HTTP 503'],
    [400, { code: `to ${OUTGOING.to}` }, 'configuration', 'HTTP 400'],
    [400, { code: ['syntax_invalid_json'] }, 'configuration', 'HTTP 400'],
  ])('%i with %j means %s', async (status, body, reason, detail) => {
    provider.reaction = answer(status, body);
    expect(await send()).toEqual({ outcome: 'failed', reason, detail });
  });
});

describeProviderFailures({
  make: (baseUrl, { credential, ...options }) => make({ baseUrl, apiToken: credential, ...options }),
  accept: (id) => answer(201, accepted(id)),
  authorization: (key) => `Bearer ${key}`,
});

describe('options', () => {
  it.each<[string, object]>([
    ['region', { region: 's3cret.example.com/' }],
    ['region', { region: 'EU' }],
    ['region', { region: '' }],
    ['servicePlanId', { servicePlanId: '../s3cret' }],
    ['servicePlanId', { servicePlanId: 's3cret?x' }],
    ['servicePlanId', { servicePlanId: '' }],
    ['baseUrl', { baseUrl: 'http://s3cret.example.com' }],
    ['name', { name: 'S3CRET s3cret' }],
    ['apiToken', { apiToken: '' }],
    ['from', { from: '' }],
    ['from', { from: 's3cret GmbH & Co' }],
    ['timeoutSeconds', { timeoutSeconds: 61 }],
    ['receipts.tokens', { receipts: {} }],
    ['receipts.tokens', { receipts: { tokens: ['s3cret'] } }],
    ['receipts.tokens', { receipts: { secrets: ['x'], tokens: ['s3cret'] } }],
    ['receipts.secrets', { receipts: { secrets: [] } }],
    ['receipts.secrets', { receipts: { secrets: [''] } }],
  ])('a wrong %s is named without its value: %j', (option, wrong) => {
    const attempt = () => sinch({ region: 'eu', servicePlanId: 'plan', apiToken: KEY, from: 'Acme', ...wrong });
    expect(attempt).toThrow(new RegExp(`^sinch: option ${option.replace('.', '\\.')} `));
    expect(attempt).not.toThrow('s3cret');
  });

  it('the region is where it sends to', async () => {
    const called = vi.spyOn(globalThis, 'fetch').mockResolvedValue(Response.json(accepted('id-1')));
    await sinch({ region: 'br', servicePlanId: 'plan', apiToken: KEY, from: 'Acme' }).send(OUTGOING, {
      signal: NO_ABORT,
    });
    const [request] = called.mock.calls[0] ?? [];
    called.mockRestore();
    expect(request).toMatchObject({ url: 'https://br.sms.api.sinch.com/xms/v1/plan/batches' });
  });
});

describe('M1 receipts', () => {
  const SECRET = 'webhook-secret';
  const NONCE = '01FJA8B4A7BM43YGWSG9GBV067';
  const TIMESTAMP = String(NOW / 1000);

  const report = (changes: object = {}) => ({
    applied_originator: 'Acme',
    at: '2026-03-01T12:00:00.000Z',
    batch_id: '01FC66621XXXXX119Z8PMV1QPU',
    code: 0,
    operator_status_at: '2026-03-01T12:00:00.000Z',
    recipient: '31612345678',
    status: 'Delivered',
    type: 'recipient_delivery_report_sms',
    ...changes,
  });

  interface Signed {
    readonly body: string;
    readonly secret?: string;
    readonly timestamp?: string;
    readonly nonce?: string;
  }

  const signed = ({ body, secret = SECRET, timestamp = TIMESTAMP, nonce = NONCE }: Signed) => ({
    'content-type': 'application/json',
    'x-sinch-webhook-signature-algorithm': 'HmacSHA256',
    'x-sinch-webhook-signature-nonce': nonce,
    'x-sinch-webhook-signature-timestamp': timestamp,
    'x-sinch-webhook-signature': createHmac('sha256', secret).update(`${body}.${nonce}.${timestamp}`).digest('base64'),
  });

  const read = (
    body: string,
    headers: Readonly<Record<string, string>>,
    receipts: SinchOptions['receipts'] = { secrets: [SECRET] },
  ) => {
    const request: ReceiptRequest = {
      method: 'POST',
      url: 'https://app.acme.com/otp/webhooks/sinch',
      headers,
      body: Buffer.from(body, 'latin1'),
      now: NOW,
    };
    return make({ receipts }).receipts?.read(request);
  };

  const BODY = JSON.stringify(report());
  const GENUINE = { outcome: 'read', receipts: [{ messageId: '01FC66621XXXXX119Z8PMV1QPU', state: 'delivered' }] };

  it('is a JSON POST', () => {
    expect(make({ receipts: { secrets: [SECRET], allowedIps: ['192.0.2.1'] } }).receipts).toMatchObject({
      methods: ['POST'],
      contentTypes: ['application/json'],
      answer: { status: 200 },
      tokens: undefined,
      allowedIps: ['192.0.2.1'],
    });
    expect(make().receipts).toBeUndefined();
  });

  it('M1 accepts what the official SDK accepts', () => {
    const headers = signed({ body: BODY });
    expect(new SmsCallbackWebhooks(SECRET).validateAuthenticationHeader(headers, BODY, '', 'POST')).toBe(true);
    expect(read(BODY, headers)).toEqual(GENUINE);
  });

  it('M1 refuses each changed byte of body, signature, nonce and time, as the official SDK does', () => {
    const sdk = new SmsCallbackWebhooks(SECRET);
    const headers = signed({ body: BODY });
    const names = ['', '-nonce', '-timestamp'].map(
      (part) => `x-sinch-webhook-signature${part}` as keyof typeof headers,
    );
    const changes = [
      ...[...changedTexts(BODY)].map((body) => [body, headers] as const),
      ...names.flatMap((name) =>
        [...changedTexts(headers[name])].map((value) => [BODY, { ...headers, [name]: value }] as const),
      ),
    ];
    expect(changes.length).toBeGreaterThan(300);
    for (const [body, changed] of changes) {
      expect(sdk.validateAuthenticationHeader(changed, body, '', 'POST')).toBe(false);
      expect(read(body, changed)).toEqual({ outcome: 'forged' });
    }
  });

  it('case 76 stripped, truncated, of another key, of another scheme', () => {
    const headers = signed({ body: BODY });
    const signature = headers['x-sinch-webhook-signature'];
    const without = (name: string) => Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));
    const attempts = [
      {},
      without('x-sinch-webhook-signature'),
      without('x-sinch-webhook-signature-nonce'),
      without('x-sinch-webhook-signature-timestamp'),
      { ...headers, 'x-sinch-webhook-signature': '' },
      { ...headers, 'x-sinch-webhook-signature': signature.slice(0, -1) },
      { ...headers, 'x-sinch-webhook-signature': signature.toLowerCase() },
      { ...headers, 'x-sinch-webhook-signature': `${signature}, ${signature}` },
      { ...headers, 'x-sinch-webhook-signature-algorithm': 'none' },
      { ...headers, 'x-sinch-webhook-signature-algorithm': 'HmacSHA1' },
      signed({ body: BODY, secret: 'another' }),
      signed({ body: BODY, secret: '' }),
      signed({ body: BODY, timestamp: '' }),
      signed({ body: BODY, timestamp: 'NaN' }),
      signed({ body: BODY, nonce: '' }),
      // The end of the body pretends to be the nonce.
      { ...signed({ body: BODY }), 'x-sinch-webhook-signature-nonce': `x.${NONCE}` },
    ];
    for (const attempt of attempts) {
      expect(read(BODY, attempt)).toEqual({ outcome: 'forged' });
    }
  });

  it('case 76 a body cannot lend its end to the nonce', () => {
    const body = '{"type":"mo_text","body":"hello"}';
    const headers = signed({ body: `${body}.more` });
    expect(read(body, { ...headers, 'x-sinch-webhook-signature-nonce': `more.${NONCE}` })).toEqual({
      outcome: 'forged',
    });
  });

  it.each([-301, 301, -86_400, 86_400])('case 77 signed %i seconds from now is stale', (seconds) => {
    const timestamp = String(NOW / 1000 + seconds);
    expect(read(BODY, signed({ body: BODY, timestamp }))).toEqual({ outcome: 'stale' });
  });

  it.each([-300, 300])('case 77 signed %i seconds from now is fresh', (seconds) => {
    const timestamp = String(NOW / 1000 + seconds);
    expect(read(BODY, signed({ body: BODY, timestamp }))).toEqual(GENUINE);
  });

  it('case 78 the same JSON in other bytes is refused', () => {
    const headers = signed({ body: BODY });
    for (const body of [JSON.stringify(report(), null, 2), ` ${BODY}`, `${BODY}\n`]) {
      expect(JSON.parse(body)).toEqual(report());
      expect(read(body, headers)).toEqual({ outcome: 'forged' });
    }
  });

  it('each of several secrets is good', () => {
    for (const secret of ['old', 'new']) {
      expect(read(BODY, signed({ body: BODY, secret }), { secrets: ['old', 'new'] })).toEqual(GENUINE);
    }
  });

  it('without secrets the token in the path is required, and headers are not asked', () => {
    expect(make({ receipts: { tokens: [TOKEN] } }).receipts?.tokens).toEqual([TOKEN]);
    expect(read(BODY, {}, { tokens: [TOKEN] })).toEqual(GENUINE);
  });

  it.each([
    ['Dispatched', 401, { state: 'sent', detail: 'Sinch 401' }],
    ['Delivered', 0, { state: 'delivered' }],
    ['DELIVERED', 0, { state: 'delivered' }],
    ['Aborted', 412, { state: 'failed', detail: 'Sinch 412' }],
    ['Cancelled', 407, { state: 'failed', detail: 'Sinch 407' }],
    ['Rejected', 402, { state: 'failed', detail: 'Sinch 402' }],
    ['Deleted', 0, { state: 'failed' }],
    ['Failed', 11, { state: 'failed', detail: 'Sinch 11' }],
    ['Expired', 406, { state: 'failed', detail: 'Sinch 406' }],
    ['Failed', '+31612345678', { state: 'failed' }],
    ['Failed', 31_612_345_678, { state: 'failed' }],
  ])('%s with code %j', (status, code, receipt) => {
    const body = JSON.stringify(report({ status, code }));
    expect(read(body, signed({ body }))).toEqual({
      outcome: 'read',
      receipts: [{ messageId: '01FC66621XXXXX119Z8PMV1QPU', ...receipt }],
    });
  });

  it.each([
    { status: 'Queued', code: 400 },
    { status: 'Unknown' },
    { status: 'of a new kind' },
    { status: '__proto__' },
    { status: 'constructor' },
    { type: 'recipient_delivery_report_mms' },
    { type: 'delivery_report_sms' },
    { type: 'mo_text' },
  ])('%j is no receipt', (changes) => {
    const body = JSON.stringify(report(changes));
    expect(read(body, signed({ body }))).toEqual({ outcome: 'read', receipts: [] });
  });

  it.each([
    '',
    '{',
    '[]',
    'null',
    '{}',
    '{"type":7}',
    '{"__proto__":{"type":"recipient_delivery_report_sms"}}',
    JSON.stringify(report({ batch_id: undefined })),
    JSON.stringify(report({ batch_id: 'a\nb' })),
    JSON.stringify(report({ batch_id: ['x'] })),
    JSON.stringify(report({ status: undefined })),
  ])('%s, though signed, is malformed', (body) => {
    expect(read(body, signed({ body }))).toEqual({ outcome: 'malformed' });
  });
});
