import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import sdk from 'twilio';
import type { ReceiptReading } from '../../../libs/otp/src/delivery/receipts/receipt-reader.js';
import { twilio } from '../../../libs/otp/src/delivery/transports/twilio.transport.js';
import { changedTexts } from '../../support/changed-bytes.js';

const hex = 'ab12'.repeat(8);
const SID = `SM${hex}`;
const TOKEN = '12345678901234567890123456789012';
const URL_OF_RECEIPTS = 'https://app.example.com/otp/webhooks/twilio/tok-en_1?a=1&b=2';

const PARAMS = {
  MessageSid: SID,
  SmsSid: SID,
  MessageStatus: 'delivered',
  SmsStatus: 'delivered',
  To: '+31612345678',
  From: '+15005550006',
  AccountSid: `AC${hex}`,
  ApiVersion: '2010-04-01',
};

/** Which no test expects. */
const NOT_READ = { outcome: 'the transport reads no receipts' } as const;

interface Call {
  readonly url?: string;
  readonly body?: string;
  readonly signature?: string | undefined;
  readonly contentType?: string;
  readonly authTokens?: readonly string[];
}

async function read({ url = URL_OF_RECEIPTS, body = '', signature, contentType, authTokens = [TOKEN] }: Call) {
  const reader = twilio({
    accountSid: `AC${hex}`,
    authToken: 'another',
    from: 'Acme',
    receipts: { authTokens },
  }).receipts;
  const type = contentType ?? 'application/x-www-form-urlencoded; charset=utf-8';
  const headers = { 'content-type': type, 'x-twilio-signature': signature };
  return (await reader?.read({ method: 'POST', url, headers, body: Buffer.from(body), now: 0 })) ?? NOT_READ;
}

const form = (params: Record<string, string>) => new URLSearchParams(params).toString();

/** As Twilio's own library signs a form. */
function signed(
  params: Record<string, string>,
  url = URL_OF_RECEIPTS,
  token = TOKEN,
): { url: string; body: string; signature: string } {
  return { url, body: form(params), signature: sdk.getExpectedTwilioSignature(token, url, params) };
}

/** As Twilio's own library expects JSON. */
function signedJson(content: unknown) {
  const body = JSON.stringify(content);
  const url = `${URL_OF_RECEIPTS}&bodySHA256=${sdk.getExpectedBodyHash(body)}`;
  return { url, body, contentType: 'application/json', signature: sdk.getExpectedTwilioSignature(TOKEN, url, {}) };
}

const accepted: ReceiptReading = { outcome: 'read', receipts: [{ messageId: SID, state: 'delivered' }] };

describe('M1 the signature', () => {
  it('the vector of the documentation holds', async () => {
    const vector = {
      authTokens: ['12345'],
      url: 'https://mycompany.com/myapp.php?foo=1&bar=2',
      body: 'CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212',
      signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=',
    };
    expect(await read(vector)).toEqual({ outcome: 'read', receipts: [] });
    expect(await read({ ...vector, body: vector.body.replace('1234&', '1235&') })).toEqual({ outcome: 'forged' });
  });

  it('what Twilio’s library signs is accepted, in any order of the parameters', async () => {
    const call = signed(PARAMS);
    expect(await read(call)).toEqual(accepted);
    const shuffled = form(Object.fromEntries(Object.entries(PARAMS).toReversed()));
    expect(await read({ ...call, body: shuffled })).toEqual(accepted);
  });

  it('case 76: one changed byte anywhere in body, address or signature is refused', async () => {
    const call = signed(PARAMS);
    for (const mask of [1, 4]) {
      for (const body of changedTexts(call.body, mask)) {
        expect(await read({ ...call, body })).toEqual({ outcome: 'forged' });
      }
      for (const url of changedTexts(call.url, mask)) {
        expect(await read({ ...call, url })).toEqual({ outcome: 'forged' });
      }
      for (const signature of changedTexts(call.signature, mask)) {
        expect(await read({ ...call, signature })).toEqual({ outcome: 'forged' });
      }
    }
  });

  it.each<[string, Partial<Call>]>([
    ['missing', { signature: undefined }],
    ['empty', { signature: '' }],
    ['truncated', { signature: signed(PARAMS).signature.slice(0, -1) }],
    ['without its padding', { signature: signed(PARAMS).signature.replace(/=+$/, '') }],
    ['twice in one header', { signature: `${signed(PARAMS).signature}, ${signed(PARAMS).signature}` }],
    ['of another token', { signature: signed(PARAMS, URL_OF_RECEIPTS, 'x'.repeat(32)).signature }],
    ['of an empty token', { signature: signed(PARAMS, URL_OF_RECEIPTS, '').signature }],
    ['of another address', { signature: signed(PARAMS, 'https://app.example.com/otp/webhooks/vonage').signature }],
    ['of other parameters', { signature: signed({ ...PARAMS, MessageStatus: 'sent' }).signature }],
    ['of no parameters', { body: '' }],
    ['with a parameter more', { body: `${form(PARAMS)}&ErrorCode=30003` }],
    ['with a second value', { body: `${form(PARAMS)}&MessageStatus=failed` }],
  ])('case 76: %s is refused', async (_case, wrong) => {
    expect(await read({ ...signed(PARAMS), ...wrong })).toEqual({ outcome: 'forged' });
  });

  it('several tokens are accepted while they are rotated', async () => {
    const authTokens = ['n'.repeat(32), TOKEN];
    expect(await read({ ...signed(PARAMS), authTokens })).toEqual(accepted);
    expect(await read({ ...signed(PARAMS), authTokens: ['n'.repeat(32)] })).toEqual({ outcome: 'forged' });
  });

  it('the port may be signed or not, as Twilio’s library accepts it', async () => {
    const params: Record<string, string> = PARAMS;
    const urls = [
      'https://h.example/x',
      'https://h.example:443/x',
      'https://h.example:8443/x',
      'http://h.example/x',
      'http://[::1]:3000/x?a=:1',
      'http://[::1]/x',
    ];
    for (const signedUrl of urls) {
      const signature = sdk.getExpectedTwilioSignature(TOKEN, signedUrl, params);
      for (const url of urls) {
        const theirs = sdk.validateRequest(TOKEN, signature, url, params);
        expect([url, signedUrl, (await read({ url, body: form(PARAMS), signature })).outcome]).toEqual([
          url,
          signedUrl,
          theirs ? 'read' : 'forged',
        ]);
      }
    }
  });

  it('names of prototypes, empty values and names, and unknown parameters are signed like all others', async () => {
    const params = { ...PARAMS, constructor: 'x', toString: '', '': 'y', Новое: 'да', ['__proto__']: 'z' };
    const body = form(params);
    expect(body).toContain('__proto__=z');
    const signature = sdk.getExpectedTwilioSignature(TOKEN, URL_OF_RECEIPTS, params);
    expect(await read({ body, signature })).toEqual(accepted);
  });

  it('a repeated parameter counts once, and one with two values is refused even when it is signed', async () => {
    const repeated = { ...signed(PARAMS), body: `${form(PARAMS)}&MessageSid=${SID}` };
    expect(await read(repeated)).toEqual(accepted);
    const states = ['delivered', 'failed'];
    const signature = sdk.getExpectedTwilioSignature(TOKEN, URL_OF_RECEIPTS, { ...PARAMS, MessageStatus: states });
    const body = `${form(PARAMS)}&MessageStatus=failed`;
    expect(sdk.validateRequest(TOKEN, signature, URL_OF_RECEIPTS, { ...PARAMS, MessageStatus: states })).toBe(true);
    expect(await read({ body, signature })).toEqual({ outcome: 'malformed' });
  });
});

describe('M1 JSON', () => {
  const content = { MessageSid: SID, MessageStatus: 'delivered' };

  it('is accepted where the signed address has its hash', async () => {
    const call = signedJson(content);
    expect(sdk.validateRequestWithBody(TOKEN, call.signature, call.url, call.body)).toBe(true);
    expect(await read(call)).toEqual(accepted);
  });

  it('case 76: one changed byte is refused', async () => {
    const call = signedJson(content);
    const changed = [
      ...[...changedTexts(call.body)].map((body) => ({ ...call, body })),
      ...[...changedTexts(call.url.slice('https://app.example.com'.length))].map((path) => ({
        ...call,
        url: `https://app.example.com${path}`,
      })),
      ...[...changedTexts(call.signature)].map((signature) => ({ ...call, signature })),
    ];
    for (const one of changed) {
      expect(await read(one)).toEqual({ outcome: 'forged' });
    }
  });

  it('case 78: written again by a parser is refused', async () => {
    const call = signedJson(content);
    expect(await read({ ...call, body: JSON.stringify(content, null, 1) })).toEqual({ outcome: 'forged' });
  });

  it('without its hash, with two, or with that of another body is refused though the address is signed', async () => {
    const body = JSON.stringify(content);
    const hash = createHash('sha256').update(body).digest('hex');
    for (const query of [
      '',
      `?bodySHA256=${hash}&bodySHA256=${hash}`,
      `?bodySHA256=${hash.slice(1)}`,
      '?bodySHA256=',
    ]) {
      const url = `https://app.example.com/x${query}`;
      const signature = sdk.getExpectedTwilioSignature(TOKEN, url, {});
      expect(await read({ url, body, signature, contentType: 'application/json' })).toEqual({ outcome: 'forged' });
    }
  });

  it.each(['null', '1', '"x"', '{"MessageSid"'])('signed and no object is malformed: %s', async (body) => {
    const url = `${URL_OF_RECEIPTS}&bodySHA256=${sdk.getExpectedBodyHash(body)}`;
    const signature = sdk.getExpectedTwilioSignature(TOKEN, url, {});
    expect(await read({ url, body, signature, contentType: 'application/json' })).toEqual({ outcome: 'malformed' });
  });

  it('the signature of a form is none of JSON, and the other way round', async () => {
    expect((await read({ ...signedJson(content), contentType: 'application/x-www-form-urlencoded' })).outcome).not.toBe(
      'read',
    );
    expect(await read({ ...signed(PARAMS), contentType: 'application/json' })).toEqual({ outcome: 'forged' });
  });
});

describe('what a status means', () => {
  const ofMessage = (params: Record<string, string>) => read(signed({ MessageSid: SID, ...params }));
  const ofCall = (params: Record<string, string>) => read(signed({ CallSid: `CA${hex}`, ...params }));

  it.each([
    ['sent', 'sent'],
    ['delivered', 'delivered'],
    ['read', 'delivered'],
  ])('%s of a message is %s', async (MessageStatus, state) => {
    expect(await ofMessage({ MessageStatus })).toEqual({ outcome: 'read', receipts: [{ messageId: SID, state }] });
  });

  it.each(['undelivered', 'failed', 'canceled'])('%s of a message is failed, with the code', async (MessageStatus) => {
    const receipt = { messageId: SID, state: 'failed' };
    expect(await ofMessage({ MessageStatus, ErrorCode: '30003' })).toEqual({
      outcome: 'read',
      receipts: [{ ...receipt, detail: 'Twilio 30003' }],
    });
    expect(await ofMessage({ MessageStatus, ErrorCode: '918273' })).toEqual({
      outcome: 'read',
      receipts: [{ ...receipt, detail: `Twilio ${MessageStatus}` }],
    });
  });

  it.each(['accepted', 'queued', 'sending', 'scheduled', 'receiving', 'Delivered', '', 'constructor', '__proto__'])(
    '%j of a message is no receipt',
    async (MessageStatus) => {
      expect(await ofMessage({ MessageStatus })).toEqual({ outcome: 'read', receipts: [] });
    },
  );

  it.each([
    ['completed', 'delivered', {}],
    ['busy', 'failed', { detail: 'Twilio busy' }],
    ['no-answer', 'failed', { detail: 'Twilio no-answer' }],
    ['failed', 'failed', { detail: 'Twilio failed' }],
    ['canceled', 'failed', { detail: 'Twilio canceled' }],
  ])('%s of a call is %s', async (CallStatus, state, detail) => {
    expect(await ofCall({ CallStatus })).toEqual({
      outcome: 'read',
      receipts: [{ messageId: `CA${hex}`, state, ...detail }],
    });
  });

  it('a call is not read as a message, nor a message as a call', async () => {
    expect(await ofCall({ CallStatus: 'delivered' })).toEqual({ outcome: 'read', receipts: [] });
    expect(await ofMessage({ MessageStatus: 'completed' })).toEqual({ outcome: 'read', receipts: [] });
    expect(await ofCall({ MessageStatus: 'delivered' })).toEqual({ outcome: 'read', receipts: [] });
  });

  it('signed calls without a message, or about one with a strange id, are read and say nothing', async () => {
    for (const params of [
      {},
      { MessageStatus: 'delivered' },
      { MessageSid: 'x y', MessageStatus: 'delivered' },
      { MessageSid: `${SID}\n`, MessageStatus: 'sent' },
    ]) {
      expect(await read(signed(params))).toEqual({ outcome: 'read', receipts: [] });
    }
  });

  it('case 79: tells nothing but id, state and code', async () => {
    expect(
      JSON.stringify(await ofMessage({ ...PARAMS, MessageStatus: 'failed', ErrorMessage: 'to +31612345678' })),
    ).not.toMatch(/31612345678|15005550006/);
  });
});
