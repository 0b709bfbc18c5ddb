import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { NUMBER } from '../../support/http.js';
import { mutated, strangeJson } from './mutated.js';
import { anyText, nearly } from './texts.js';

/** Bodies that some route takes, by the end of its path. */
const LAWFUL: readonly (readonly [path: RegExp, bodies: readonly object[]])[] = [
  [
    /\/challenges$/,
    [
      { phoneNumber: '{number}' },
      { phoneNumber: '06 1234 5678', country: 'NL', purpose: 'login', locale: 'nl-NL', channel: 'sms' },
      { phoneNumber: '+1 876 555 0100', purpose: 'signup', channel: 'voice' },
    ],
  ],
  [/\/resend$/, [{}, { channel: 'sms' }]],
  [/\/verify$/, [{ code: '{code}' }, { code: '{code}', rememberDevice: true }, { code: '123 456' }]],
  [/./, [{ amount: '12.00', payee: 'NL91ABNA0417164300', yearly: true, day: 3 }]],
];

/** What providers report, one of each form that a transport reads. */
const REPORTS: readonly object[] = [
  { MessageSid: `SM${'0'.repeat(32)}`, MessageStatus: 'delivered', ErrorCode: '30003' },
  { messageId: 'x', status: 'delivered', 'err-code': '0', timestamp: '1767225600', sig: 'ab' },
  {
    message_uuid: 'aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab',
    status: 'delivered',
    channel: 'sms',
    error: { title: '1010' },
  },
  { type: 'recipient_delivery_report_sms', batch_id: 'x', status: 'Delivered', code: 400, recipient: NUMBER },
  { MessageUUID: 'x', Status: 'delivered', To: NUMBER },
  { id: 'x', status: 'delivered', statusErrorCode: '1' },
  {
    results: [
      { messageId: 'x', status: { groupName: 'DELIVERED', name: 'DELIVERED_TO_HANDSET' }, error: { name: 'NO_ERROR' } },
    ],
  },
  { webhook_type: 'delivery_report', message: { messageid: 'x', delivery_code: '1', delivery_code_detail: '0' } },
  {
    Type: 'Notification',
    MessageId: 'aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab',
    TopicArn: 'arn:aws:sns:eu-west-1:123456789012:receipts',
    Message: '{"eventType":"TEXT_DELIVERED","messageId":"x"}',
    Timestamp: '2026-01-01T00:00:00.000Z',
    SignatureVersion: '1',
    Signature: 'AAAA',
    SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-a.pem',
  },
];

const XML =
  '<MessageDelivered><Id>a</Id><MessageId>aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab</MessageId></MessageDelivered>';

export function lawfulFor(pattern: string): readonly object[] {
  return pattern.includes('/webhooks/') ? REPORTS : (LAWFUL.find(([path]) => path.test(pattern))?.[1] ?? []);
}

/** Text of a body: JSON most of the time, and otherwise what only looks like it. */
export function bodyText(pattern: string): fc.Arbitrary<string> {
  const lawful = lawfulFor(pattern);
  const oneOfThem = fc.constantFrom(...lawful);
  const json = oneOfThem.map((body) => JSON.stringify(body));
  return fc.oneof(
    { weight: 4, arbitrary: json },
    { weight: 6, arbitrary: fc.oneof(...lawful.map((body) => mutated(body, strangeJson))).map(stringify) },
    { weight: 2, arbitrary: strangeJson.map(stringify) },
    { weight: 2, arbitrary: json.chain((text) => nearly(text)) },
    { weight: 1, arbitrary: fc.tuple(json, json).map(([one, other]) => duplicated(one, other)) },
    {
      weight: 1,
      arbitrary: oneOfThem.map((body) => new URLSearchParams(Object.entries(body).map(textPair)).toString()),
    },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom(XML, `<?xml version="1.0"?>${XML}`, `<!DOCTYPE a [<!ENTITY b "c">]>${XML}`)
        .chain((xml) => fc.oneof(fc.constant(xml), nearly(xml))),
    },
    { weight: 1, arbitrary: anyText },
    { weight: 1, arbitrary: fc.integer({ min: 10, max: 3000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)) },
    {
      weight: 1,
      arbitrary: fc.integer({ min: 10, max: 600 }).map((depth) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '{"__proto__":{"polluted":true},"phoneNumber":"{number}"}',
        '{"constructor":{"prototype":{"polluted":true}},"code":"{code}"}',
        '{"code":"\\ud800"}',
        '{"phoneNumber":"\\u0000"}',
        '{"code":1e400}',
        '{"amount":"12.00","payee":"x","yearly":true,"day":3,"more":-1e400}',
        '{"amount":"12.00","payee":"x","yearly":true,"day":3,"\\ud800":1}',
        '\ufeff{}',
        '{"code":"{code}"}x',
        "{'code':1}",
        '{"code":"1",}',
      ),
    },
  );
}

/** The bytes of a text in some charset and content coding, which the headers may or may not tell. */
export function encoded(text: string): fc.Arbitrary<Buffer> {
  const bytes = Buffer.from(text);
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant(bytes) },
    { weight: 1, arbitrary: fc.constantFrom(Buffer.from(text, 'utf16le'), Buffer.from(text, 'latin1')) },
    { weight: 1, arbitrary: fc.constantFrom(gzipSync(bytes), deflateSync(bytes), brotliCompressSync(bytes)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((other) => Buffer.concat([bytes, other])) },
    { weight: 1, arbitrary: fc.integer({ min: 4_000, max: 300_000 }).map((length) => padded(text, length)) },
  );
}

/** `{"a":1}` and `{"b":2}` as one object, so that a name may come twice. */
function duplicated(one: string, other: string): string {
  return `${one.slice(0, -1)},${other.slice(1)}`.replace('{,', '{').replace(',}', '}');
}

function padded(text: string, length: number): Buffer {
  return Buffer.concat([Buffer.from(text), Buffer.alloc(Math.max(0, length - text.length), ' ')]);
}

function textPair([name, value]: [string, unknown]): [string, string] {
  return [name, typeof value === 'string' ? value : JSON.stringify(value)];
}

function stringify(value: unknown): string {
  return JSON.stringify(value) ?? '';
}
