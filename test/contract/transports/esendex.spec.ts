import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReceiptRequest } from '../../../libs/otp/src/delivery/receipts/receipt-reader.js';
import { esendex, type EsendexOptions } from '../../../libs/otp/src/delivery/transports/esendex.transport.js';
import { expectNothingTold, KEY, NO_ABORT, OUTGOING } from '../../support/outgoing.js';
import { describeProviderFailures } from '../../support/provider-failures.js';
import {
  answer,
  echo,
  garbage,
  halfAnswer,
  hang,
  ProviderServer,
  type Reaction,
  redirect,
  reset,
} from '../../support/provider-server.js';

const TOKEN = 'a'.repeat(32);
const ID = '1183c73d-2e62-4f60-b610-30f160bdfbd5';

let provider: ProviderServer;

beforeEach(async () => {
  provider = await ProviderServer.start();
});

afterEach(async () => {
  await provider.close();
});

const valid = { email: 'user@example.com', password: KEY, accountReference: 'EX0000000' };
const make = (options: Partial<EsendexOptions> = {}) => esendex({ baseUrl: provider.url, ...valid, ...options });
const send = (options?: Partial<EsendexOptions>, changed: Partial<typeof OUTGOING> = {}) =>
  make(options).send({ ...OUTGOING, ...changed }, { signal: NO_ABORT });

const basic = (password: string) => `Basic ${Buffer.from(`user@example.com:${password}`).toString('base64')}`;
const accepted = (id: unknown) => ({ batch: { batchid: 'b-1', messageheaders: [{ id, uri: `/v1.0/${String(id)}` }] } });
const refused = (code: unknown) => ({ errors: [{ code, description: `${OUTGOING.to}: ${OUTGOING.text}` }] });

describe('what is sent', () => {
  it('one message with its validity in hours', async () => {
    provider.reaction = answer(200, accepted(ID.toUpperCase()));
    expect(await send({ from: 'Acme' })).toEqual({ outcome: 'accepted', messageId: ID });
    expect(provider.last).toMatchObject({ method: 'POST', url: '/v1.0/messagedispatcher' });
    expect(provider.last.headers).toMatchObject({
      authorization: basic(KEY),
      accept: 'application/json',
      'content-type': 'application/json',
    });
    expect(JSON.parse(provider.last.body)).toEqual({
      accountreference: 'EX0000000',
      from: 'Acme',
      characterset: 'Auto',
      validity: 1,
      messages: [{ to: '31612345678', body: OUTGOING.text }],
    });
  });

  it.each([
    [30, 1],
    [3600, 1],
    [3601, 2],
    [1_000_000, 72],
  ])('a code good for %i seconds is valid for %i hours', async (ttlSeconds, validity) => {
    provider.reaction = answer(200, accepted(ID));
    await send({}, { ttlSeconds });
    expect(JSON.parse(provider.last.body)).toMatchObject({ validity });
  });

  it('with the sender of the country, or none', async () => {
    provider.reaction = answer(200, accepted(ID));
    await send({ from: { default: 'Acme', NL: '31970001' } });
    expect(JSON.parse(provider.last.body)).toMatchObject({ from: '31970001' });
    await send();
    expect(JSON.parse(provider.last.body)).not.toHaveProperty('from');
  });

  it.each([
    ['en', 'en-GB'],
    ['en-AU', 'en-AU'],
    ['en-US', 'en-GB'],
    ['fr', 'fr-FR'],
    ['de-CH', 'de-DE'],
    ['es-MX', 'es-ES'],
  ])('a call in %s speaks %s', async (locale, lang) => {
    provider.reaction = answer(200, accepted(ID));
    await send({ voice: true }, { channel: 'voice', locale });
    const body: unknown = JSON.parse(provider.last.body);
    expect(body).toMatchObject({ type: 'Voice', lang });
    expect(body).not.toHaveProperty('validity');
  });

  it('no call in a language that Esendex does not speak', async () => {
    expect(await send({ voice: true }, { channel: 'voice', locale: 'nl' })).toMatchObject({ reason: 'configuration' });
    const carries = (channel: 'sms' | 'voice', locale: string) =>
      make({ voice: true }).carries?.({ ...OUTGOING, channel, locale });
    expect([carries('voice', 'nl'), carries('voice', 'fr-CA'), carries('sms', 'nl')]).toEqual([false, true, true]);
    expect(provider.seen).toHaveLength(0);
  });

  it('calls only when it is told so', () => {
    expect(make().channels).toEqual(['sms']);
    expect(make({ voice: true }).channels).toEqual(['sms', 'voice']);
  });
});

describe('what an answer means', () => {
  it.each([
    [400, 'configuration'],
    [401, 'configuration'],
    [402, 'quota'],
    [403, 'configuration'],
    [404, 'configuration'],
    [405, 'configuration'],
    [408, 'transient'],
    [429, 'transient'],
    [500, 'transient'],
    [503, 'transient'],
    [409, 'unknown-outcome'],
    [502, 'unknown-outcome'],
    [504, 'unknown-outcome'],
  ])('status %i means %s', async (status, reason) => {
    provider.reaction = answer(status, '<html></html>');
    expect(await send()).toEqual({ outcome: 'failed', reason, detail: `HTTP ${status}` });
    provider.reaction = answer(status, refused('accountreference_invalid'));
    const detail = `Esendex ${status} accountreference_invalid`;
    expect(await send()).toEqual({ outcome: 'failed', reason, detail });
  });

  it.each([OUTGOING.text, `to_${OUTGOING.to}`, 'Invalid', '', 7, null, 'x_'.repeat(50)])(
    'A6 the code %j is none, and is not told',
    async (code) => {
      provider.reaction = answer(400, refused(code));
      const result = await send();
      expect(result).toEqual({ outcome: 'failed', reason: 'configuration', detail: 'HTTP 400' });
      expectNothingTold(result);
    },
  );

  it.each([{}, { batch: {} }, { batch: { messageheaders: [] } }, accepted(7), accepted(null), []])(
    'a success with %j: nobody knows',
    async (body) => {
      provider.reaction = answer(200, body);
      expect(await send()).toMatchObject({ outcome: 'failed', reason: 'unknown-outcome' });
    },
  );
});

describeProviderFailures({
  make: (baseUrl, { credential, ...options }) => make({ baseUrl, password: credential, ...options }),
  accept: (id) => answer(200, accepted(id)),
  authorization: basic,
  statuses: { 500: 'transient' },
});

describe('options', () => {
  it.each<[string, object]>([
    ['email', { email: '' }],
    ['email', { email: 's3cret:x@example.com' }],
    ['password', { password: ' s3cret' }],
    ['accountReference', { accountReference: 'EX 0 s3cret' }],
    ['accountReference', { accountReference: '' }],
    ['from', { from: 's3cret s3cret' }],
    ['from', { from: { US: 's3cret' } }],
    ['from', { from: { default: 'Acme', US: '+123456789012345678901' } }],
    ['baseUrl', { baseUrl: 'http://s3cret.example.com' }],
    ['name', { name: 's3cret S3CRET' }],
    ['timeoutSeconds', { timeoutSeconds: 0 }],
    ['receipts.tokens', { receipts: { tokens: [] } }],
    ['receipts.tokens', { receipts: {} }],
    ['receipts.tokens', { receipts: { tokens: ['s3cret'] } }],
  ])('a wrong %s is named without its value: %j', (option, wrong) => {
    const attempt = () => esendex({ ...valid, ...wrong });
    expect(attempt).toThrow(new RegExp(`^esendex: option ${option.replace('.', '\\.')} `));
    expect(attempt).not.toThrow('s3cret');
  });

  it('takes the senders that Esendex documents', () => {
    for (const from of ['Acme', '*$?!"#%&_-,', "@'+.", '44770090012345678901']) {
      expect(esendex({ ...valid, from }).name).toBe('esendex');
    }
  });
});

describe('M1 receipts', () => {
  const push = (name = 'MessageDelivered', messageId = ID) =>
    `<?xml version="1.0" encoding="utf-8"?>\n<${name} xmlns="http://api.esendex.com/ns/"><Id>${TOKEN}</Id>` +
    `<MessageId>${messageId}</MessageId><AccountId>x</AccountId><OccurredAt>2027-01-15T08:00:00</OccurredAt></${name}>`;

  const header = (status: string, members: object = {}) => ({ id: ID.toUpperCase(), status, type: 'SMS', ...members });

  const reader = (options: Partial<EsendexOptions> = {}) =>
    make({ receipts: { tokens: [TOKEN] }, ...options }).receipts;

  const read = (body: string | Buffer, options?: Partial<EsendexOptions>) => {
    const request: ReceiptRequest = {
      method: 'POST',
      url: `https://app.acme.com/otp/webhooks/esendex/${TOKEN}`,
      headers: { 'content-type': 'application/xml' },
      body: Buffer.from(body),
      now: Date.now(),
    };
    return reader(options)?.read(request);
  };

  it('M1 needs a token in the path, for nothing is signed', () => {
    expect(reader()).toMatchObject({
      methods: ['POST'],
      contentTypes: ['application/xml', 'text/xml'],
      answer: { status: 200 },
      tokens: [TOKEN],
    });
    expect(make().receipts).toBeUndefined();
  });

  it('M1 asks Esendex what became of the message, with the account’s credentials', async () => {
    provider.reaction = answer(200, header('Delivered'));
    const receipts = [{ messageId: ID, state: 'delivered', detail: 'Esendex Delivered' }];
    expect(await read(push('MessageDelivered', ID.toUpperCase()))).toEqual({ outcome: 'read', receipts });
    expect(provider.last).toMatchObject({ method: 'GET', url: `/v1.0/messageheaders/${ID}`, body: '' });
    expect(provider.last.headers).toMatchObject({ authorization: basic(KEY), accept: 'application/json' });
  });

  it('case 79 what the notification says is no state', async () => {
    provider.reaction = answer(200, header('Sent'));
    expect(await read(push('MessageDelivered'))).toMatchObject({ receipts: [{ state: 'sent' }] });
    expect(await read(push('MessageFailed'))).toMatchObject({ receipts: [{ state: 'sent' }] });
    provider.reaction = answer(200, header('Delivered'));
    expect(await read(push('MessageFailed'))).toMatchObject({ receipts: [{ state: 'delivered' }] });
  });

  it.each([
    ['Sent', 'sent'],
    ['Delivered', 'delivered'],
    ['Acknowledged', 'delivered'],
    ['Expired', 'failed'],
    ['Failed', 'failed'],
    ['FailedAuthorisation', 'failed'],
    ['Cancelled', 'failed'],
    ['Rejected', 'failed'],
  ])('%s is %s, in JSON and in XML', async (status, state) => {
    const expected = { outcome: 'read', receipts: [{ messageId: ID, state, detail: `Esendex ${status}` }] };
    for (const body of [
      header(status),
      { messageheader: header(status) },
      `<?xml version="1.0"?><messageheader id="${ID}" xmlns="http://api.esendex.com/ns/"><status>${status}</status></messageheader>`,
    ]) {
      provider.reaction = answer(200, body);
      expect(await read(push())).toEqual(expected);
    }
  });

  it.each(['Submitted', 'Scheduled', 'Connecting', 'PartiallyDelivered', 'delivered', 'constructor', ''])(
    '%s is no receipt',
    async (status) => {
      provider.reaction = answer(200, header(status));
      expect(await read(push())).toEqual({ outcome: 'read', receipts: [] });
    },
  );

  it('a permanent failure is told as such', async () => {
    for (const permanentfailure of [true, 'true']) {
      const failurereason = { code: 7, description: `to ${OUTGOING.to}`, permanentfailure };
      provider.reaction = answer(200, header('Failed', { failurereason }));
      const receipts = [{ messageId: ID, state: 'failed', detail: 'Esendex Failed, permanent' }];
      expect(await read(push('MessageFailed'))).toEqual({ outcome: 'read', receipts });
    }
    provider.reaction = answer(200, header('Failed', { failurereason: { permanentfailure: false } }));
    expect(await read(push())).toMatchObject({ receipts: [{ detail: 'Esendex Failed' }] });
  });

  it('a message that Esendex does not know is none of ours', async () => {
    provider.reaction = answer(404);
    expect(await read(push())).toEqual({ outcome: 'read', receipts: [] });
  });

  it.each([
    ['an error', answer(500)],
    ['a wrong password', answer(401)],
    ['a limit', answer(429)],
    ['no answer', hang],
    ['half an answer', halfAnswer(200)],
    ['garbage', garbage],
    ['a broken connection', reset],
    ['what it was asked', echo(200)],
    ['another message', answer(200, { id: TOKEN, status: 'Delivered' })],
    ['no message', answer(200, {})],
    ['a web page', answer(200, '<html>captive portal</html>')],
    ['entities', answer(200, `<!DOCTYPE x><messageheader id="${ID}"><status>Delivered</status></messageheader>`)],
  ] satisfies [string, Reaction][])('L1 when Esendex answers %s, it should come again', async (_case, reaction) => {
    provider.reaction = reaction;
    expect(await read(push(), { timeoutSeconds: 0.2 })).toEqual({ outcome: 'unavailable' });
  });

  it('follows no redirect, and asks nothing without credentials', async () => {
    provider.reaction = redirect(`${provider.url}/elsewhere`);
    expect(await read(push())).toEqual({ outcome: 'unavailable' });
    expect(provider.seen).toHaveLength(1);
    const password = () => Promise.reject(new Error('vault'));
    expect(await read(push(), { password })).toEqual({ outcome: 'unavailable' });
    expect(provider.seen).toHaveLength(1);
  });

  it.each([
    '',
    'x',
    '../../v1.0/accounts',
    `${ID}/body`,
    `${ID}?x`,
    `${ID}%2f`,
    `${ID}\n`.repeat(2),
    ID.slice(1),
    `{${ID}}`,
    `<b>${ID}</b>`,
    `&#49;${ID.slice(1)}`,
  ])('the id %j gets into no address', async (id) => {
    expect(await read(push('MessageDelivered', id))).toEqual({ outcome: 'malformed' });
    expect(provider.seen).toHaveLength(0);
  });

  it.each([
    ['nothing', ''],
    ['text', 'MessageDelivered'],
    ['JSON', JSON.stringify({ MessageDelivered: { MessageId: ID } })],
    ['two roots', `${push()}<Other/>`],
    ['the same root twice', `${push()}<MessageDelivered/>`],
    ['two ids', push().replace('<AccountId>x</AccountId>', `<MessageId>${ID}</MessageId>`)],
    ['no id', push().replace(/<MessageId>.*<\/MessageId>/, '')],
    ['a document type', push().replace('<MessageDelivered', '<!DOCTYPE MessageDelivered><MessageDelivered')],
    ['entities', `<!DOCTYPE x [<!ENTITY a "${ID}">]><MessageDelivered><MessageId>&a;</MessageId></MessageDelivered>`],
    ['a document type in small letters', `<!doctype x>${push()}`],
    ['too much', push().replace('<AccountId>', `<AccountId>${'x'.repeat(16_384)}`)],
    ['a prototype', `<__proto__><MessageId>${ID}</MessageId></__proto__>`],
  ])('case 76 %s is malformed, and Esendex is not asked', async (_case, body) => {
    const outcome = await Promise.resolve(read(body)).catch(() => ({ outcome: 'malformed' }));
    expect(outcome).toEqual({ outcome: 'malformed' });
    expect(provider.seen).toHaveLength(0);
  });

  it('a message that came in is no receipt', async () => {
    expect(await read(push('InboundMessage'))).toEqual({ outcome: 'read', receipts: [] });
    expect(provider.seen).toHaveLength(0);
  });
});
