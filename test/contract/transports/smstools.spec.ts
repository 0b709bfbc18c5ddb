import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReceiptRequest } from '../../../libs/otp/src/delivery/receipts/receipt-reader.js';
import { smstools, type SmstoolsOptions } from '../../../libs/otp/src/delivery/transports/smstools.transport.js';
import { expectNothingTold, KEY, NO_ABORT, OUTGOING } from '../../support/outgoing.js';
import { describeProviderFailures } from '../../support/provider-failures.js';
import { answer, ProviderServer } from '../../support/provider-server.js';

let provider: ProviderServer;

beforeEach(async () => {
  provider = await ProviderServer.start();
});

afterEach(async () => {
  await provider.close();
});

const valid = { clientId: 'client-1', clientSecret: KEY, sender: 'Acme' };
const make = (options: Partial<SmstoolsOptions> = {}) => smstools({ baseUrl: provider.url, ...valid, ...options });
const send = (options?: Partial<SmstoolsOptions>) => make(options).send(OUTGOING, { signal: NO_ABORT });

describe('what is sent', () => {
  it('one message, the number without its plus', async () => {
    provider.reaction = answer(200, { messageid: 'msg-1' });
    expect(await send()).toEqual({ outcome: 'accepted', messageId: 'msg-1' });
    expect(provider.last).toMatchObject({ method: 'POST', url: '/message/send' });
    expect(provider.last.headers).toMatchObject({
      'x-client-id': 'client-1',
      'x-client-secret': KEY,
      'content-type': 'application/json',
    });
    expect(provider.last.headers.authorization).toBeUndefined();
    expect(JSON.parse(provider.last.body)).toEqual({ message: OUTGOING.text, to: '31612345678', sender: 'Acme' });
  });

  it('as a test, with the sender of the country, below a path', async () => {
    provider.reaction = answer(200, { messageid: 'msg-1' });
    await send({ test: true, sender: { default: 'Acme', NL: '31970001' }, baseUrl: `${provider.url}/v1/` });
    expect(provider.last.url).toBe('/v1/message/send');
    expect(JSON.parse(provider.last.body)).toMatchObject({ test: true, sender: '31970001' });
  });
});

describe('what an answer means', () => {
  const table: [number, string][] = [
    [103, 'invalid-recipient'],
    [106, 'invalid-recipient'],
    [131, 'opted-out'],
    [105, 'transient'],
    [108, 'quota'],
    ...[102, 118, 121].map((code): [number, string] => [code, 'configuration']),
    ...[104, 109, 110, 111, 112, 114, 116, 134, 137, 138, 139, 200, 1002, 1403].map((code): [number, string] => [
      code,
      'configuration',
    ]),
  ];

  it.each(table)('error %i means %s, as text and as number, whatever the status', async (code, reason) => {
    for (const [status, error] of [
      [400, `${code}`],
      [401, code],
      [500, `${code}`],
      [200, `${code}`],
    ] as const) {
      provider.reaction = answer(status, { error, errorMsg: `${OUTGOING.to} ${OUTGOING.text}` });
      expect(await send()).toEqual({ outcome: 'failed', reason, detail: `Smstools ${code}` });
    }
  });

  it.each([
    [400, 'configuration'],
    [401, 'configuration'],
    [402, 'quota'],
    [408, 'transient'],
    [429, 'transient'],
    [409, 'unknown-outcome'],
    [500, 'unknown-outcome'],
    [503, 'unknown-outcome'],
  ])('status %i with an error that is no known code means %s', async (status, reason) => {
    for (const error of ['999', 999, `Invalid number ${OUTGOING.to}`, '', null, {}, 'constructor']) {
      provider.reaction = answer(status, { error });
      expect(await send()).toEqual({ outcome: 'failed', reason, detail: `HTTP ${status}` });
    }
  });

  it('case 56 an id beside an error was accepted; without either nobody knows', async () => {
    provider.reaction = answer(200, { messageid: 'msg-1', error: '105' });
    expect(await send()).toEqual({ outcome: 'accepted', messageId: 'msg-1' });
    for (const body of [{ messageids: ['msg-1'] }, { messageid: 7 }, { messageid: null }, { error: 'maintenance' }]) {
      provider.reaction = answer(200, body);
      const result = await send();
      expect(result).toMatchObject({ outcome: 'failed', reason: 'unknown-outcome' });
      expectNothingTold(result);
    }
    provider.reaction = answer(500, { messageid: 'msg-1' });
    expect(await send()).toMatchObject({ reason: 'unknown-outcome' });
  });
});

describeProviderFailures({
  make: (baseUrl, { credential, ...options }) => make({ baseUrl, clientSecret: credential, ...options }),
  accept: (messageid) => answer(200, { messageid }),
  authorization: (key) => key,
  shown: (headers) => headers['x-client-secret'],
});

describe('options', () => {
  it.each<[string, object]>([
    ['clientId', { clientId: '' }],
    ['clientSecret', { clientSecret: ' s3cret' }],
    ['sender', { sender: '' }],
    ['sender', { sender: 'twelve chars' }],
    ['sender', { sender: 's3cretS3cret' }],
    ['sender', { sender: 'S3 cret' }],
    ['sender', { sender: '123456789012345' }],
    ['sender', { sender: { default: 'Acme', US: '+s3cret' } }],
    ['sender', { sender: { US: 's3cret' } }],
    ['baseUrl', { baseUrl: 'http://s3cret.example.com' }],
    ['name', { name: 's3cret S3CRET' }],
    ['timeoutSeconds', { timeoutSeconds: 61 }],
    ['receipts.secrets', { receipts: { secrets: [] } }],
    ['receipts.secrets', { receipts: { secrets: [''] } }],
    ['receipts.secrets', { receipts: {} }],
    ['receipts.tokens', { receipts: { secrets: ['x'], tokens: ['s3cret'] } }],
  ])('a wrong %s is named without its value: %j', (option, wrong) => {
    const attempt = () => smstools({ ...valid, ...wrong });
    expect(attempt).toThrow(new RegExp(`^smstools: option ${option.replace('.', '\\.')} `));
    expect(attempt).not.toThrow('s3cret');
  });

  it('goes to the address of the SDKs, takes SMS, and needs no receipts', () => {
    const transport = smstools({ ...valid, sender: '12345678901234' });
    expect(transport).toMatchObject({ name: 'smstools', channels: ['sms'] });
    expect(transport.receipts).toBeUndefined();
    expect(transport.confirm).toBeUndefined();
  });
});

describe('M1 receipts', () => {
  const NOW = 1_800_000_000_000;
  const SECRET = 'webhook-secret';
  const reader = smstools({
    ...valid,
    receipts: { secrets: ['the-next', SECRET], allowedIps: ['192.0.2.0/24'] },
  }).receipts;

  const report = (members: object = {}) =>
    JSON.stringify({
      webhook_id: 'wh-1',
      webhook_type: 'delivery_report',
      username: 'acme',
      message: {
        messageid: 'msg-1',
        receiver: '31612345678',
        delivery_code: '1',
        delivery_status: 'delivered',
        delivery_code_detail: '0',
        delivery_status_datetime: '2027-01-15 08:00:00',
        ...members,
      },
    });

  const sign = (body: string, { secret = SECRET, seconds = NOW / 1000 } = {}) =>
    `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;

  const read = (body: string | Buffer, signature: string | undefined) => {
    const request: ReceiptRequest = {
      method: 'POST',
      url: 'https://app.acme.com/otp/webhooks/smstools',
      headers: { 'content-type': 'application/json', 'x-smstools-signature': signature },
      body: Buffer.from(body),
      now: NOW,
    };
    return reader?.read(request);
  };

  const delivered = {
    outcome: 'read',
    receipts: [{ messageId: 'msg-1', state: 'delivered', detail: 'Smstools 1 (0)' }],
  };

  it('says what it takes', () => {
    expect(reader).toMatchObject({
      methods: ['POST'],
      contentTypes: ['application/json'],
      answer: { status: 200 },
      allowedIps: ['192.0.2.0/24'],
    });
  });

  it('M1 takes what one of the secrets signed', () => {
    expect(read(report(), sign(report()))).toEqual(delivered);
    expect(read(report(), sign(report(), { secret: 'the-next' }))).toEqual(delivered);
    expect(read(report(), sign(report(), { secret: 'the-last' }))).toEqual({ outcome: 'forged' });
  });

  it('case 76 refuses every changed byte of the body and of the header', () => {
    const body = Buffer.from(report());
    const signature = sign(report());
    for (let at = 0; at < body.length; at += 1) {
      const changed = Buffer.from(body);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(read(changed, signature)).toEqual({ outcome: 'forged' });
    }
    for (let at = 0; at < signature.length; at += 1) {
      for (const bit of [1, 32]) {
        const changed = Buffer.from(signature);
        changed[at] = (changed[at] ?? 0) ^ bit;
        expect(read(body, changed.toString('latin1'))).toEqual({ outcome: 'forged' });
      }
    }
  });

  it.each([
    ['none', () => undefined],
    ['an empty one', () => ''],
    ['a truncated one', (right: string) => right.slice(0, -1)],
    ['one without its time', (right: string) => right.replace(/^t=\d+,/, '')],
    ['one without its signature', (right: string) => right.replace(/,v1=.*/, '')],
    ['an empty signature', (right: string) => right.replace(/v1=.*/, 'v1=')],
    ['two of them', (right: string) => `${right}, ${right}`],
    ['another version', (right: string) => right.replace('v1=', 'v0=')],
    ['a time that is no number', (right: string) => right.replace(/t=\d+/, 't=NaN')],
  ])('case 76 %s: forged', (_case, of) => {
    expect(read(report(), of(sign(report())))).toEqual({ outcome: 'forged' });
  });

  it.each([
    [-301, 'stale'],
    [-300, 'read'],
    [300, 'read'],
    [301, 'stale'],
  ])('case 77 signed %i seconds from now: %s', (offset, outcome) => {
    expect(read(report(), sign(report(), { seconds: NOW / 1000 + offset }))).toMatchObject({ outcome });
  });

  it('case 78 a body that was written anew', () => {
    const pretty = JSON.stringify(JSON.parse(report()), undefined, 2);
    expect(read(pretty, sign(report()))).toEqual({ outcome: 'forged' });
    expect(read(pretty, sign(pretty))).toEqual(delivered);
  });

  it.each([
    ['0', 'sent'],
    ['1', 'delivered'],
    ['2', 'failed'],
    ['4', 'failed'],
    ['5', 'failed'],
    [0, 'sent'],
    [1, 'delivered'],
    [2, 'failed'],
  ])('delivery code %j is %s', (code, state) => {
    const body = report({ delivery_code: code, delivery_code_detail: 10 });
    const receipts = [{ messageId: 'msg-1', state, detail: `Smstools ${code} (10)` }];
    expect(read(body, sign(body))).toEqual({ outcome: 'read', receipts });
  });

  it.each([
    ['buffered', report({ delivery_code: '3' })],
    ['unknown', report({ delivery_code: '9' })],
    ['a code of no kind', report({ delivery_code: 'constructor' })],
    ['no code', report({ delivery_code: undefined })],
    ['an id that breaks lines', report({ messageid: 'a\nb' })],
    ['an id that is a number', report({ messageid: 7 })],
    ['no id', report({ messageid: undefined })],
    ['what stands in a prototype', '{"webhook_type":"delivery_report","__proto__":{"message":{"messageid":"a"}}}'],
    ['no message', '{"webhook_type":"delivery_report"}'],
    ...['read_report', 'inbox_message', 'add_optout', 'delete_optout', 'insufficient_funds', 'new'].map((type) => [
      type,
      report().replace('delivery_report', type),
    ]),
  ])('%s: read, and no receipt', (_case, body) => {
    expect(read(body, sign(body))).toEqual({ outcome: 'read', receipts: [] });
  });

  it('A6 a detail holds codes only', () => {
    const body = report({ delivery_code: '2', delivery_code_detail: 'to 31612345678' });
    expect(read(body, sign(body))).toMatchObject({ receipts: [{ detail: 'Smstools 2' }] });
  });

  it.each(['', '{', '[]', 'null', '{}', '<xml/>'])('%j, rightly signed, is malformed', (body) => {
    expect(read(body, sign(body))).toEqual({ outcome: 'malformed' });
  });
});
