import { createHash, createHmac, createSecretKey } from 'node:crypto';
import { createRequire } from 'node:module';
import { verify, VerifyOptions } from 'messagebird/lib/webhook-signature-jwt.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ReceiptReading } from '../../../libs/otp/src/delivery/receipts/receipt-reader.js';
import {
  messagebird,
  type MessagebirdOptions,
} from '../../../libs/otp/src/delivery/transports/messagebird.transport.js';
import { expectNothingTold, KEY, NO_ABORT, OUTGOING } from '../../support/outgoing.js';
import { describeProviderFailures } from '../../support/provider-failures.js';
import { changedTexts } from '../../support/changed-bytes.js';
import { answer, ProviderServer } from '../../support/provider-server.js';

let provider: ProviderServer;

beforeEach(async () => {
  provider = await ProviderServer.start();
});

afterEach(async () => {
  await provider.close();
});

const make = (options: Partial<MessagebirdOptions> = {}) =>
  messagebird({ baseUrl: provider.url, accessKey: KEY, originator: 'Acme', ...options });

const send = (options?: Partial<MessagebirdOptions>) => make(options).send(OUTGOING, { signal: NO_ABORT });

const accepted = (id: string) => ({
  id,
  href: `https://rest.messagebird.com/messages/${id}`,
  direction: 'mt',
  originator: 'Acme',
  body: OUTGOING.text,
  recipients: { totalCount: 1, items: [{ recipient: 31_612_345_678, status: 'sent' }] },
});

describe('what is sent', () => {
  it('one message with its validity, in the encoding that it needs, and no reports', async () => {
    provider.reaction = answer(201, accepted('e8077d803532c0b5937c639b60216938'));
    expect(await send()).toEqual({ outcome: 'accepted', messageId: 'e8077d803532c0b5937c639b60216938' });
    expect(provider.last).toMatchObject({ method: 'POST', url: '/messages' });
    expect(provider.last.headers).toMatchObject({
      authorization: `AccessKey ${KEY}`,
      accept: 'application/json',
      'content-type': 'application/json',
    });
    expect(JSON.parse(provider.last.body)).toEqual({
      originator: 'Acme',
      recipients: ['31612345678'],
      body: OUTGOING.text,
      datacoding: 'auto',
      validity: 300,
    });
  });

  it('where reports go with the reference that they need, and the sender of the country', async () => {
    provider.reaction = answer(201, accepted('id-1'));
    const receiptUrl = 'https://app.acme.com/otp/webhooks/messagebird';
    const transport = make({ baseUrl: `${provider.url}/`, originator: { default: 'Acme', NL: '3197001' } });
    await transport.send(OUTGOING, { signal: NO_ABORT, receiptUrl });
    expect(provider.last.url).toBe('/messages');
    expect(JSON.parse(provider.last.body)).toMatchObject({
      originator: '3197001',
      reportUrl: receiptUrl,
      reference: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });
});

describe('what an answer means', () => {
  const refusal = (code: unknown, parameter: unknown) => ({
    errors: [{ code, description: `${OUTGOING.to} ${OUTGOING.text}`, parameter }],
  });

  it.each([
    [401, refusal(2, 'access_key'), 'configuration', 'MessageBird 2'],
    [422, refusal(9, 'recipients'), 'invalid-recipient', 'MessageBird 9'],
    [422, refusal(10, 'recipients'), 'invalid-recipient', 'MessageBird 10'],
    [422, refusal(10, 'recipient'), 'invalid-recipient', 'MessageBird 10'],
    [422, refusal(9, 'originator'), 'configuration', 'MessageBird 9'],
    [422, refusal(10, 'originator'), 'configuration', 'MessageBird 10'],
    [422, refusal(10, ['recipients']), 'configuration', 'MessageBird 10'],
    [404, refusal(20, null), 'configuration', 'MessageBird 20'],
    [422, refusal(25, null), 'quota', 'MessageBird 25'],
    [422, refusal(25, 'recipients'), 'quota', 'MessageBird 25'],
    [422, refusal(99, 'recipients'), 'configuration', 'HTTP 422'],
    [422, refusal('9', 'recipients'), 'configuration', 'HTTP 422'],
    [422, refusal('constructor', null), 'configuration', 'HTTP 422'],
    [422, { errors: [] }, 'configuration', 'HTTP 422'],
    [401, '', 'configuration', 'HTTP 401'],
    [402, '', 'quota', 'HTTP 402'],
    [408, '', 'transient', 'HTTP 408'],
    [429, '', 'transient', 'HTTP 429'],
    [500, refusal(25, null), 'unknown-outcome', 'HTTP 500'],
    [503, '', 'unknown-outcome', 'HTTP 503'],
  ])('%i with %j means %s', async (status, body, reason, detail) => {
    provider.reaction = answer(status, body);
    const result = await send();
    expect(result).toEqual({ outcome: 'failed', reason, detail });
    expectNothingTold(result);
  });
});

describeProviderFailures({
  make: (baseUrl, { credential, ...options }) => make({ baseUrl, accessKey: credential, ...options }),
  accept: (id) => answer(201, accepted(id)),
  authorization: (key) => `AccessKey ${key}`,
});

describe('options', () => {
  it.each<[string, object]>([
    ['baseUrl', { baseUrl: 'http://s3cret.example.com' }],
    ['name', { name: 'S3CRET s3cret' }],
    ['accessKey', { accessKey: 's3cret ' }],
    ['accessKey', { accessKey: undefined }],
    ['originator', { originator: { default: '', US: 's3cret' } }],
    ['originator', { originator: { default: 'Acme', US: 's3cret GmbH & Co' } }],
    ['timeoutSeconds', { timeoutSeconds: -1 }],
    ['receipts.signingKeys', { receipts: {} }],
    ['receipts.signingKeys', { receipts: { signingKeys: [] } }],
    ['receipts.signingKeys', { receipts: { signingKeys: 's3cret' } }],
    ['receipts.tokens', { receipts: { signingKeys: ['x'], tokens: ['s3cret'] } }],
  ])('a wrong %s is named without its value: %j', (option, wrong) => {
    const attempt = () => messagebird({ accessKey: KEY, originator: 'Acme', ...wrong });
    expect(attempt).toThrow(new RegExp(`^messagebird: option ${option.replace('.', '\\.')} `));
    expect(attempt).not.toThrow('s3cret');
  });
});

describe('M1 receipts', () => {
  const SIGNING_KEY = 'PlLrKaqvZNRR5zAjm42ZT6q1SQxgbbGd';
  const NOW = Date.parse('2026-03-01T12:00:00.000Z');
  const ADDRESS = 'https://app.acme.com/otp/webhooks/messagebird';
  const QUERY =
    'id=e8077d803532c0b5937c639b60216938&reference=the-reference&recipient=31612345678&status=delivered&statusReason=successfully+delivered&statusDatetime=2026-03-01T12%3A00%3A00%2B00%3A00';
  const URL_OF_REPORT = `${ADDRESS}?${QUERY}`;
  const GENUINE = {
    outcome: 'read',
    receipts: [{ messageId: 'e8077d803532c0b5937c639b60216938', state: 'delivered' }],
  };

  const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');

  const claims = (url: string, changes: object = {}) => ({
    iss: 'MessageBird',
    nbf: NOW / 1000,
    exp: NOW / 1000 + 60,
    jti: '59a244dc-e9ad-4e23-9778-371fa238f72',
    url_hash: sha256(url),
    ...changes,
  });

  const HASHES = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' } as const;

  const tokenOf = (
    payload: object,
    { key = SIGNING_KEY, alg = 'HS256' }: { key?: string; alg?: keyof typeof HASHES } = {},
  ) => {
    const part = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64url');
    const signed = `${part({ alg, typ: 'JWT' })}.${part(payload)}`;
    return `${signed}.${createHmac(HASHES[alg], key).update(signed).digest('base64url')}`;
  };

  interface Call {
    readonly url?: string;
    readonly token?: string | undefined;
    readonly body?: Buffer;
    readonly now?: number;
    readonly keys?: readonly string[];
  }

  const read = async ({ url = URL_OF_REPORT, token, body, now = NOW, keys = [SIGNING_KEY] }: Call) => {
    const reader = make({ receipts: { signingKeys: keys } }).receipts;
    return reader?.read({
      method: 'GET',
      url,
      headers: { 'messagebird-signature-jwt': token },
      body: body ?? Buffer.alloc(0),
      now,
    });
  };

  /** What the official SDK says, which throws where it refuses. */
  const isGoodForSdk = async ({ url = URL_OF_REPORT, token = '', body, now = NOW, keys = [SIGNING_KEY] }: Call) => {
    const key = createSecretKey(Buffer.from(keys[0] ?? '', 'utf8'));
    const options = new VerifyOptions(true, true, {
      issuer: 'MessageBird',
      algorithms: ['HS256'],
      clockTolerance: 5,
      currentDate: new Date(now),
    });
    return verify(url, body ?? Buffer.alloc(0), token, key, options).catch(() => false);
  };

  it('is a GET', () => {
    expect(make({ receipts: { signingKeys: [SIGNING_KEY], allowedIps: ['192.0.2.1'] } }).receipts).toMatchObject({
      methods: ['GET'],
      answer: { status: 200 },
      tokens: undefined,
      allowedIps: ['192.0.2.1'],
    });
    expect(make().receipts).toBeUndefined();
  });

  it('M1 accepts what the official SDK accepts', async () => {
    const token = tokenOf(claims(URL_OF_REPORT));
    expect(await isGoodForSdk({ token })).toBe(true);
    expect(await read({ token })).toEqual(GENUINE);
  });

  const vectors = z
    .array(
      z.object({
        name: z.string(),
        secret: z.string().optional(),
        url: z.string(),
        payload: z.string().nullish(),
        timestamp: z.string(),
        token: z.string(),
        valid: z.boolean(),
      }),
    )
    .parse(createRequire(import.meta.url)('messagebird/lib/testdata/webhook-signature-jwt-reference.json'));

  it('M1 agrees with the official vectors, but takes HS256 alone', async () => {
    expect(vectors.length).toBeGreaterThan(40);
    const outcomes = await Promise.all(
      vectors.map(async ({ name, secret = 'unused', url, payload, timestamp, token, valid }) => {
        const body = Buffer.from(payload ?? '');
        const reading = await read({ url, token, body, now: Date.parse(timestamp), keys: [secret] });
        return { name, genuine: isGenuine(reading), valid };
      }),
    );
    const differing = outcomes.filter(({ genuine, valid }) => genuine !== valid);
    expect(differing.map(({ name }) => name)).toEqual(['HS384 alg - GET', 'HS512 alg - GET']);
    expect(outcomes.filter(({ genuine }) => genuine).length).toBeGreaterThan(15);
  });

  /** The vectors are about signatures: what they sign is no report, and so malformed when it is genuine. */
  const isGenuine = (reading: ReceiptReading | undefined) =>
    reading?.outcome === 'malformed' || reading?.outcome === 'read';

  it('M1 refuses each changed byte of token and address, as the official SDK does', async () => {
    const token = tokenOf(claims(URL_OF_REPORT));
    const calls: Call[] = [
      ...[...changedTexts(token)].map((changed) => ({ token: changed })),
      ...[...changedTexts(URL_OF_REPORT)].slice('https://'.length).map((url) => ({ token, url })),
    ];
    expect(calls.length).toBeGreaterThan(500);
    for (const call of calls) {
      // Spellings of the last character that decode alike are all the same to the SDK; here only one is good.
      const isLast =
        call.token !== undefined && call.token.slice(0, -1) === token.slice(0, -1) && call.url === undefined;
      if (!isLast) {
        expect(await isGoodForSdk(call)).toBe(false);
      }
      expect(await read(call)).toEqual({ outcome: 'forged' });
    }
  });

  it('case 76 stripped, truncated, of another key, issuer, scheme or address', async () => {
    const genuine = claims(URL_OF_REPORT);
    const token = tokenOf(genuine);
    const [header = '', payload = '', signature = ''] = token.split('.');
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    const tokens = [
      undefined,
      '',
      `${header}.${payload}`,
      `${header}.${payload}.`,
      token.slice(0, -1),
      `${token}=`,
      `${token}, ${token}`,
      `${token}.${signature}`,
      `${none}.${payload}.`,
      `${none}.${payload}.${signature}`,
      tokenOf(genuine, { key: 'another' }),
      tokenOf(genuine, { key: '' }),
      tokenOf(genuine, { alg: 'HS384' }),
      tokenOf(genuine, { alg: 'HS512' }),
      tokenOf({ ...genuine, iss: 'Acme' }),
      tokenOf({ ...genuine, iss: undefined }),
      tokenOf({ ...genuine, nbf: undefined }),
      tokenOf({ ...genuine, exp: undefined }),
      tokenOf({ ...genuine, exp: 'never' }),
      tokenOf({ ...genuine, jti: undefined }),
      tokenOf({ ...genuine, url_hash: undefined }),
      tokenOf({ ...genuine, url_hash: [sha256(URL_OF_REPORT)] }),
      tokenOf({ ...genuine, url_hash: sha256(ADDRESS) }),
      tokenOf(claims(URL_OF_REPORT.replace('app.acme.com', 'evil.example'))),
    ];
    for (const attempt of tokens) {
      expect(await read({ token: attempt })).toEqual({ outcome: 'forged' });
    }
  });

  it('case 78 the same parameters in another order or writing are refused', async () => {
    const token = tokenOf(claims(URL_OF_REPORT));
    const params = new URLSearchParams(QUERY);
    params.sort();
    for (const query of [params.toString(), QUERY.replaceAll('+', '%20'), `${QUERY}&`, `${QUERY}&status=failed`]) {
      expect(await read({ token, url: `${ADDRESS}?${query}` })).toEqual({ outcome: 'forged' });
    }
  });

  it('case 78 a body that is not covered, or another one', async () => {
    const body = Buffer.from('{"id":"other"}');
    const covered = tokenOf(claims(URL_OF_REPORT, { payload_hash: sha256(body) }));
    expect(await read({ token: covered, body })).toEqual(GENUINE);
    expect(await read({ token: covered, body: Buffer.from('{"id": "other"}') })).toEqual({ outcome: 'forged' });
    expect(await read({ token: covered })).toEqual({ outcome: 'forged' });
    expect(await read({ token: tokenOf(claims(URL_OF_REPORT)), body })).toEqual({ outcome: 'forged' });
  });

  it.each([
    [-301, 'stale'],
    [-300, 'read'],
    [59 + 300, 'read'],
    [60 + 301, 'stale'],
    [86_400, 'stale'],
  ])('case 77 received %i seconds after it was signed: %s', async (seconds, outcome) => {
    const token = tokenOf(claims(URL_OF_REPORT));
    expect(await read({ token, now: NOW + seconds * 1000 })).toMatchObject({ outcome });
    // With a wrong key its age is not told.
    expect(await read({ token, now: NOW + seconds * 1000, keys: ['another'] })).toEqual({ outcome: 'forged' });
  });

  it('each of several keys is good', async () => {
    for (const key of ['old', 'new']) {
      expect(await read({ token: tokenOf(claims(URL_OF_REPORT), { key }), keys: ['old', 'new'] })).toEqual(GENUINE);
    }
  });

  const readQuery = (query: string) => {
    const url = `${ADDRESS}?${query}`;
    return read({ url, token: tokenOf(claims(url)) });
  };

  it.each([
    ['sent', '', { state: 'sent' }],
    ['delivered', '', { state: 'delivered' }],
    ['expired', '&statusErrorCode=27', { state: 'failed', detail: 'MessageBird 27' }],
    ['delivery_failed', '&statusErrorCode=103', { state: 'failed', detail: 'MessageBird 103' }],
    ['delivery_failed', '&statusErrorCode=%2B31612345678', { state: 'failed' }],
    ['delivery_failed', '&statusErrorCode=1&statusErrorCode=2', { state: 'failed' }],
  ])('%s%s', async (status, more, receipt) => {
    expect(await readQuery(`id=id-1&status=${status}${more}`)).toEqual({
      outcome: 'read',
      receipts: [{ messageId: 'id-1', ...receipt }],
    });
  });

  it.each(['scheduled', 'buffered', 'of a new kind', 'DELIVERED', '__proto__', 'constructor', ''])(
    'the status %j is no receipt',
    async (status) => {
      expect(await readQuery(`id=id-1&status=${encodeURIComponent(status)}`)).toEqual({
        outcome: 'read',
        receipts: [],
      });
    },
  );

  it.each([
    '',
    'id=id-1',
    'status=delivered',
    'id=&status=delivered',
    'id=a%0Ab&status=delivered',
    'id=id-1&id=id-2&status=delivered',
    'id=id-1&status=delivered&status=delivered',
    'ID=id-1&status=delivered',
    'id[]=id-1&status=delivered',
    '__proto__[id]=id-1&status=delivered',
  ])('%s, though signed, is malformed', async (query) => {
    expect(await readQuery(query)).toEqual({ outcome: 'malformed' });
  });
});
