import { Auth, AlgorithmTypes } from '@vonage/auth';
import { SMS } from '@vonage/sms';
import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ReceiptRequest } from '../../../libs/otp/src/delivery/receipts/receipt-reader.js';
import {
  vonage,
  type VonageReceiptOptions,
  type VonageSignatureMethod,
} from '../../../libs/otp/src/delivery/transports/vonage.transport.js';
import { changedTexts } from '../../support/changed-bytes.js';

const SECRET = 'my_secret_key_for_testing';
const AT = 1_700_000_000;
const ADDRESS = 'https://app.example.com/otp/webhooks/vonage';
const TOKEN = 'a'.repeat(64);

const PARAMS = {
  msisdn: '31612345678',
  to: 'B&Q = fun',
  'network-code': '20408',
  messageId: '0A0000001234567B',
  price: '0.0333',
  status: 'delivered',
  scts: '2311142213',
  'err-code': '0',
  'api-key': 'abcd1234',
  'message-timestamp': '2023-11-14 22:13:20',
  timestamp: String(AT),
  nonce: 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab',
};
/** Which no test expects. */
const NOT_READ = { outcome: 'the transport reads no receipts' } as const;

type Params = Record<string, string>;

const METHODS: readonly [VonageSignatureMethod, AlgorithmTypes][] = [
  ['md5hash', AlgorithmTypes.md5hash],
  ['md5', AlgorithmTypes.md5hmac],
  ['sha1', AlgorithmTypes.sha1hmac],
  ['sha256', AlgorithmTypes.sha256hmac],
  ['sha512', AlgorithmTypes.sha512hmac],
];

/** Vonage's own library checks signatures and makes none for webhooks: a signature counts only if it accepts it. */
const sdk = new SMS(new Auth({ apiKey: 'abcd1234', apiSecret: 'x' }));
const algorithmOf = (method: VonageSignatureMethod) =>
  METHODS.find(([name]) => name === method)?.[1] ?? AlgorithmTypes.sha256hmac;

function signatureOf(params: Params, method: VonageSignatureMethod = 'sha256', secret = SECRET): string {
  const text = Object.keys(params)
    .toSorted()
    .map((name) => `&${name}=${(params[name] ?? '').replace(/[&=]/g, '_')}`)
    .join('');
  const hash = method === 'md5hash' ? createHash('md5').update(text + secret) : createHmac(method, secret).update(text);
  const signature = hash.digest('hex');
  expect(sdk.verifySignature(signature, params, secret, algorithmOf(method))).toBe(true);
  return signature;
}

const signed = (params: Params, method?: VonageSignatureMethod, secret?: string): Params => ({
  ...params,
  sig: signatureOf(params, method, secret),
});

const encode = (params: Params) => new URLSearchParams(params).toString();
const formOf = (body: string): Partial<ReceiptRequest> => ({
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: Buffer.from(body),
});
const jsonOf = (body: string): Partial<ReceiptRequest> => ({
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: Buffer.from(body),
});
const queryOf = (query: string): Partial<ReceiptRequest> => ({ method: 'GET', url: `${ADDRESS}?${query}` });
const ways: readonly [string, (params: Params) => Partial<ReceiptRequest>][] = [
  ['GET', (params) => queryOf(encode(params))],
  ['a form', (params) => formOf(encode(params))],
  ['JSON', (params) => jsonOf(JSON.stringify(params))],
];

async function read(request: Partial<ReceiptRequest>, options: VonageReceiptOptions = { signatureSecrets: [SECRET] }) {
  const reader = vonage({ apiKey: 'abcd1234', apiSecret: 'x', from: 'Acme', receipts: options }).receipts;
  const call: ReceiptRequest = {
    method: 'POST',
    url: ADDRESS,
    headers: {},
    body: Buffer.alloc(0),
    now: AT * 1000,
    ...request,
  };
  return (await reader?.read(call)) ?? NOT_READ;
}

const accepted = { outcome: 'read', receipts: [{ messageId: '0A0000001234567B', state: 'delivered' }] };

describe('M1 the signature', () => {
  it('the vector of the documentation holds', async () => {
    const vector = {
      'message-timestamp': '2013-11-21 15:27:30',
      messageId: '020000001B0FE827',
      msisdn: '14843472194',
      text: 'Test again',
      timestamp: '1385047698',
      to: '13239877404',
      type: 'text',
      sig: 'DDB8397C2B90AAC7F3882D306475C9A5058C92322EEF43C92B298B6E0FC0D330',
    };
    const now = 1_385_047_698_000;
    expect(await read({ ...formOf(encode(vector)), now })).toEqual({ outcome: 'read', receipts: [] });
    expect(await read({ ...formOf(encode({ ...vector, text: 'Test Again' })), now })).toEqual({ outcome: 'forged' });
  });

  describe.each(METHODS)('%s', (signatureMethod, algorithm) => {
    it.each(ways)('what Vonage’s library accepts is accepted, as %s', async (_way, requestOf) => {
      const params = signed(PARAMS, signatureMethod);
      expect(await read(requestOf(params), { signatureSecrets: [SECRET], signatureMethod })).toEqual(accepted);
    });

    it('is accepted in capitals, and as no other method', async () => {
      const sig = signatureOf(PARAMS, signatureMethod).toUpperCase();
      const options = { signatureSecrets: [SECRET], signatureMethod };
      expect(sdk.verifySignature(sig, PARAMS, SECRET, algorithm)).toBe(true);
      expect(await read(formOf(encode({ ...PARAMS, sig })), options)).toEqual(accepted);
      for (const [other] of METHODS.filter(([name]) => name !== signatureMethod)) {
        expect(await read(formOf(encode(signed(PARAMS, other))), options)).toEqual({ outcome: 'forged' });
      }
    });
  });

  it.each(ways)('case 76: one changed byte is refused, as %s', async (_way, requestOf) => {
    const request = requestOf(signed(PARAMS));
    const text = request.body?.toString('utf8') ?? new URL(request.url ?? '').search.slice(1);
    const changes = [1, 4].flatMap((mask) => [...changedTexts(text, mask)]);
    for (const change of changes) {
      const changed = request.method === 'GET' ? queryOf(change) : { ...request, body: Buffer.from(change) };
      expect((await read(changed)).outcome).toMatch(/^(?:forged|malformed)$/);
    }
    expect(changes.length).toBeGreaterThan(600);
  });

  it.each<[string, Params]>([
    ['missing', PARAMS],
    ['empty', { ...PARAMS, sig: '' }],
    ['truncated', { ...PARAMS, sig: signatureOf(PARAMS).slice(0, -1) }],
    ['of another secret', signed(PARAMS, 'sha256', 'another')],
    ['of an empty secret', signed(PARAMS, 'sha256', '')],
    ['of fewer parameters', { ...signed(PARAMS), 'client-ref': '1' }],
    ['of other parameters', { ...signed({ ...PARAMS, status: 'failed' }), status: 'delivered' }],
  ])('case 76: %s is refused', async (_case, params) => {
    for (const [, requestOf] of ways) {
      expect(await read(requestOf(params))).toEqual({ outcome: 'forged' });
    }
  });

  it('several secrets are accepted while they are rotated', async () => {
    expect(await read(formOf(encode(signed(PARAMS))), { signatureSecrets: ['new', SECRET] })).toEqual(accepted);
    expect(await read(formOf(encode(signed(PARAMS))), { signatureSecrets: ['new'] })).toEqual({ outcome: 'forged' });
  });

  it.each([
    [-301, 'stale'],
    [-300, 'read'],
    [300, 'read'],
    [301, 'stale'],
  ])('case 77: signed %i s from now is %s', async (seconds, outcome) => {
    const params = signed({ ...PARAMS, timestamp: String(AT + seconds) });
    expect((await read(formOf(encode(params)))).outcome).toBe(outcome);
  });

  it.each(['', 'now', 'Infinity', '1700000000000'])('case 77: a signed time of %j is stale', async (timestamp) => {
    expect(await read(formOf(encode(signed({ ...PARAMS, timestamp }))))).toEqual({ outcome: 'stale' });
  });

  it('case 77: signed without a time is stale', async () => {
    const { timestamp: _timestamp, ...params } = PARAMS;
    expect(await read(formOf(encode(signed(params))))).toEqual({ outcome: 'stale' });
  });

  it('a name that hides other parameters is refused, though the signed text is the same', async () => {
    const { messageId, ...others } = PARAMS;
    const { sig = '' } = signed(PARAMS);
    const hidden = { ...others, [`message-timestamp=${others['message-timestamp']}&messageId`]: messageId, sig };
    expect(await read(formOf(encode(hidden)))).toEqual({ outcome: 'malformed' });
  });

  it('parameters that come twice are refused, also when both values are the same', async () => {
    const body = encode(signed(PARAMS));
    for (const extra of ['&status=delivered', '&status=failed', '&sig=x', '&messageId=1']) {
      expect(await read(formOf(body + extra))).toEqual({ outcome: 'malformed' });
      expect(await read(queryOf(body + extra))).toEqual({ outcome: 'malformed' });
    }
  });

  it.each(['', 'null', '[]', '[1]', '"x"', '{', '{"a":{}}', '{"a":null}', '{"__proto__":{"sig":"x"}}'])(
    'JSON without parameters is refused: %s',
    async (body) => {
      expect((await read(jsonOf(body))).outcome).toMatch(/^(?:malformed|forged)$/);
    },
  );

  it('what a POST has in its query is not read', async () => {
    expect(await read({ url: `${ADDRESS}?${encode(signed(PARAMS))}` })).toEqual({ outcome: 'forged' });
  });
});

describe('without a signature', () => {
  const options = { tokens: [TOKEN] };

  it('a token in the path is the proof, which the module checks', async () => {
    for (const [, requestOf] of ways) {
      expect(await read(requestOf(PARAMS), options)).toEqual(accepted);
    }
    expect(vonage({ apiKey: 'k', apiSecret: 'x', from: 'Acme', receipts: options }).receipts?.tokens).toEqual([TOKEN]);
  });

  it('tokens do not stand in for a signature where secrets are configured', async () => {
    expect(await read(formOf(encode(PARAMS)), { tokens: [TOKEN], signatureSecrets: [SECRET] })).toEqual({
      outcome: 'forged',
    });
  });
});

describe('what a status means', () => {
  it.each([
    ['accepted', 'sent'],
    ['delivered', 'delivered'],
    ['expired', 'failed'],
    ['failed', 'failed'],
    ['rejected', 'failed'],
  ])('%s is %s', async (status, state) => {
    const receipt = { messageId: PARAMS.messageId, state };
    expect(await read(formOf(encode(signed({ ...PARAMS, status }))))).toEqual({ outcome: 'read', receipts: [receipt] });
  });

  it.each(['buffered', 'unknown', 'DELIVERED', '', 'toString', '__proto__'])('%j is no receipt', async (status) => {
    expect(await read(formOf(encode(signed({ ...PARAMS, status }))))).toEqual({ outcome: 'read', receipts: [] });
  });

  it.each([
    ['9', { detail: 'Vonage err-code 9' }],
    ['0', {}],
    ['31612345678', {}],
    ['a b', {}],
  ])('A6 err-code %s', async (code, detail) => {
    const params = signed({ ...PARAMS, status: 'failed', 'err-code': code });
    const receipt = { messageId: PARAMS.messageId, state: 'failed', ...detail };
    expect(await read(formOf(encode(params)))).toEqual({ outcome: 'read', receipts: [receipt] });
  });

  it('numbers of JSON are their text', async () => {
    const params = signed({ messageId: 'x1', status: 'accepted', timestamp: String(AT) });
    const body = JSON.stringify({ ...params, timestamp: AT });
    expect(await read(jsonOf(body))).toEqual({ outcome: 'read', receipts: [{ messageId: 'x1', state: 'sent' }] });
  });

  it('signed and without a message, or with a strange id: read, and it says nothing', async () => {
    const { messageId: _messageId, ...without } = PARAMS;
    for (const params of [without, { ...PARAMS, messageId: 'a b' }, { timestamp: String(AT) }]) {
      expect(await read(formOf(encode(signed(params))))).toEqual({ outcome: 'read', receipts: [] });
    }
  });
});
