import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  type HmacSignature,
  httpsTransport,
  type JsonReceiptOptions,
  jsonReceipts,
} from '../../../libs/otp/src/delivery/transports/https.transport.js';
import type { Receipt } from '../../../libs/otp/src/delivery/receipts/receipt-reader.js';
import { changedTexts } from '../../support/changed-bytes.js';

const TOKEN = 'a'.repeat(32);
const SECRET = 'webhook-secret';
const BODY = '{"id":"id-1","ok":true}';
const GENUINE = { outcome: 'read', receipts: [{ messageId: 'id-1', state: 'delivered' }] };
const FORGED = { outcome: 'forged' };

/** As an application writes it. */
function readAcme(body: unknown): readonly Receipt[] {
  const isReport = typeof body === 'object' && body !== null && 'id' in body && 'ok' in body;
  return isReport ? [{ messageId: String(body.id), state: body.ok === true ? 'delivered' : 'failed' }] : [];
}

const signature: HmacSignature = { header: 'X-Acme-Signature', secrets: [SECRET] };

const hmac = (body: string, secret = SECRET, algorithm = 'sha256', encoding: 'hex' | 'base64' = 'hex') =>
  createHmac(algorithm, secret).update(body).digest(encoding);

function readWith(options: Partial<JsonReceiptOptions>, header: string | undefined, body: string | Buffer = BODY) {
  return jsonReceipts({ read: readAcme, ...options }).read({
    method: 'POST',
    url: 'https://app.acme.com/otp/webhooks/https',
    headers: { 'x-acme-signature': header },
    body: Buffer.from(body),
    now: Date.now(),
  });
}

describe('M1 receipts of any provider that posts JSON', () => {
  it('become the transport’s', () => {
    const receipts = jsonReceipts({ read: readAcme, tokens: [TOKEN], allowedIps: ['192.0.2.1'] });
    const options = { url: 'https://sms.example.com/', body: () => '', receipts };
    const transport = httpsTransport({ ...options, messageId: () => 'm-1' });
    expect(() => httpsTransport(options)).toThrow('option messageId is missing');
    expect(transport.receipts).toMatchObject({
      methods: ['POST'],
      contentTypes: ['application/json'],
      answer: { status: 200 },
      tokens: [TOKEN],
      allowedIps: ['192.0.2.1'],
    });
    expect(transport.receipts).not.toHaveProperty('maxBodyBytes');
  });

  it('with the answer and the size that the provider needs', () => {
    const answer = { status: 200, contentType: 'text/plain', body: 'OK' } as const;
    const receipts = jsonReceipts({ read: readAcme, tokens: [TOKEN], answer, maxBodyBytes: 262_144 });
    expect(receipts).toMatchObject({ answer, maxBodyBytes: 262_144 });
  });

  it('are read without a signature where the path has a token', () => {
    expect(readWith({ tokens: [TOKEN] }, undefined)).toEqual(GENUINE);
  });

  it.each<[string, Partial<HmacSignature>, string]>([
    ['sha256 in hex', {}, hmac(BODY)],
    ['sha1 in base64', { algorithm: 'sha1', encoding: 'base64' }, hmac(BODY, SECRET, 'sha1', 'base64')],
    ['sha512 after a prefix', { algorithm: 'sha512', prefix: 'sha512=' }, `sha512=${hmac(BODY, SECRET, 'sha512')}`],
    ['an older secret', { secrets: ['new', SECRET] }, hmac(BODY)],
  ])('M1 with a signature: %s', (_case, scheme, header) => {
    expect(readWith({ signature: { ...signature, ...scheme } }, header)).toEqual(GENUINE);
  });

  it('M1 refuses each changed byte of body and signature', () => {
    for (const body of changedTexts(BODY)) {
      expect(readWith({ signature }, hmac(BODY), body)).toEqual(FORGED);
    }
    for (const header of changedTexts(hmac(BODY))) {
      expect(readWith({ signature }, header)).toEqual(FORGED);
    }
  });

  it('cases 76 and 78 stripped, truncated, of another key, of other bytes', () => {
    const withPrefix = { ...signature, prefix: 'sha256=' };
    const attempts = [
      readWith({ signature }, undefined),
      readWith({ signature }, ''),
      readWith({ signature }, hmac(BODY).slice(0, -1)),
      readWith({ signature }, hmac(BODY, 'another')),
      readWith({ signature }, hmac(BODY, '')),
      readWith({ signature }, `${hmac(BODY)},${hmac(BODY)}`),
      readWith({ signature }, hmac(BODY), JSON.stringify(JSON.parse(BODY), null, 1)),
      readWith({ signature: withPrefix }, hmac(BODY)),
      readWith({ signature: withPrefix }, 'sha256='),
      // A token in the path is no substitute for a signature that was configured.
      readWith({ signature, tokens: [TOKEN] }, undefined),
    ];
    expect(attempts).toEqual(attempts.map(() => FORGED));
  });

  it.each(['', '{', '<id/>'])('%j is malformed, and is not shown to the application', (body) => {
    const read = () => {
      throw new Error('read');
    };
    expect(readWith({ read, tokens: [TOKEN] }, undefined, body)).toEqual({ outcome: 'malformed' });
  });

  it('about something else, and ids that no message can have', () => {
    const read = (body: string) => readWith({ tokens: [TOKEN] }, undefined, body);
    expect(read('null')).toEqual({ outcome: 'read', receipts: [] });
    expect(read('{"type":"inbound"}')).toEqual({ outcome: 'read', receipts: [] });
    expect(read('{"id":"a\\nb","ok":true}')).toEqual({ outcome: 'read', receipts: [] });
    expect(read(`{"id":"${'x'.repeat(256)}","ok":true}`)).toEqual({ outcome: 'read', receipts: [] });
  });

  it('an application that throws: the module takes it for malformed', () => {
    const read = () => {
      throw new Error('no such report');
    };
    expect(() => readWith({ read, tokens: [TOKEN] }, undefined)).toThrow('no such report');
  });

  it.each<[string, object]>([
    ['read', { read: 's3cret', tokens: [TOKEN] }],
    ['receipts.tokens', { read: readAcme }],
    ['receipts.tokens', { read: readAcme, tokens: [] }],
    ['receipts.tokens', { read: readAcme, tokens: ['s3cret'] }],
    ['receipts.tokens', { read: readAcme, signature, tokens: ['s3cret'] }],
    ['signature.header', { read: readAcme, signature: { header: 's3cret: x', secrets: ['x'] } }],
    ['signature.secrets', { read: readAcme, signature: { header: 'x', secrets: [] } }],
    ['signature.secrets', { read: readAcme, signature: { header: 'x', secrets: 's3cret' } }],
    ['signature.secrets', { read: readAcme, signature: { header: 'x' } }],
    ['allowedIps', { read: readAcme, tokens: [TOKEN], allowedIps: 's3cret' }],
  ])('a wrong %s is named without its value: %j', (option, wrong) => {
    const attempt = () => Reflect.apply(jsonReceipts, undefined, [wrong]);
    expect(attempt).toThrow(new RegExp(`^jsonReceipts: option ${option.replace('.', '\\.')} `));
    expect(attempt).not.toThrow('s3cret');
  });
});
