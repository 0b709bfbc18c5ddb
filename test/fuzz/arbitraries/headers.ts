import * as fc from 'fast-check';
import { anyText, nearly } from './texts.js';

/** Every header that the module, an adapter or a provider's signature reads, and values that it would take. */
const READ: Readonly<Record<string, readonly string[]>> = {
  'OTP-Challenge': ['{id}', '{other}'],
  'OTP-Code': ['{code}', '123456'],
  'OTP-Proof': ['{proof}', 'eyJhbGciOiJub25lIiwidHlwIjoib3RwLXByb29mK2p3dCJ9.e30.'],
  'OTP-Device': ['{device}', 'A'.repeat(64)],
  'Idempotency-Key': ['6c1f0c1e-5a4b-4d0e-9a51-0d4e1f2a3b4c', '"quoted"'],
  'X-Forwarded-For': ['203.0.113.7', '203.0.113.7, 10.0.0.1', '2001:db8::1', '::ffff:203.0.113.7', 'unknown'],
  Forwarded: ['for=203.0.113.7', 'for="[2001:db8::1]:1234";proto=https', 'for=_hidden, for=unknown'],
  Origin: ['https://app.acme.example', 'null', 'http://fuzz'],
  'Sec-Fetch-Site': ['same-origin', 'same-site', 'cross-site', 'none'],
  Cookie: ['sid={session}', 'sid={session}; acme-proof={proof}; otp-device={device}', '__Host-otp-device=a; a'],
  'Accept-Language': ['nl-NL,nl;q=0.9', 'zh-Hant-TW', '*', 'x-klingon'],
  'Content-Type': [
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset=utf-16',
    'application/json; charset=x',
    'application/x-www-form-urlencoded',
    'application/xml',
    'text/xml',
    'text/plain',
    'multipart/form-data; boundary=a',
    'application/octet-stream',
  ],
  'Content-Encoding': ['gzip', 'deflate', 'br', 'identity', 'gzip, gzip', 'x'],
  'X-Twilio-Signature': ['AAAAAAAAAAAAAAAAAAAAAAAAAAA='],
  'X-Sinch-Webhook-Signature': ['AAAA'],
  'X-Sinch-Webhook-Signature-Nonce': ['a.b'],
  'X-Sinch-Webhook-Signature-Timestamp': ['1767225600'],
  'X-Sinch-Webhook-Signature-Algorithm': ['HmacSHA256', 'HmacSHA1'],
  'X-Plivo-Signature-V3': ['AAAA', 'AAAA,BBBB'],
  'X-Plivo-Signature-V3-Nonce': ['1'],
  'X-Plivo-Signature-V2': ['AAAA'],
  'X-Plivo-Signature-MA-V3': ['AAAA'],
  'X-Plivo-Signature-MA-V2': ['AAAA'],
  'X-Plivo-Signature-V2-Nonce': ['1'],
  'MessageBird-Signature-JWT': ['eyJhbGciOiJIUzI1NiJ9.e30.AAAA'],
  'X-Smstools-Signature': [`t=1767225600,v1=${'0'.repeat(64)}`],
  Authorization: ['Bearer eyJhbGciOiJIUzI1NiJ9.e30.AAAA', 'Basic Og=='],
  'X-Account': ['victim', 'attacker', 'numberless'],
  'X-Number': ['{number}', '06 1234 5678'],
  'X-HTTP-Method-Override': ['DELETE'],
};

const name = fc.constantFrom(...Object.keys(READ));

const oneHeader = name.chain((one) => {
  const usual = fc.constantFrom(...(READ[one] ?? []));
  const value = fc.oneof(
    { weight: 6, arbitrary: usual },
    { weight: 2, arbitrary: usual.chain((text) => nearly(text)) },
    { weight: 2, arbitrary: anyText },
  );
  return fc.tuple(fc.constant(one), value);
});

/** What breaks the frame of a request rather than its meaning. */
const framingHeader = fc.constantFrom<[string, string]>(
  ['Content-Length', '-1'],
  ['Content-Length', '1e3'],
  ['Content-Length', '99999999999999999999'],
  ['Content-Length', '5, 5'],
  ['Transfer-Encoding', 'chunked'],
  ['Transfer-Encoding', 'gzip'],
  ['Transfer-Encoding', 'identity'],
  ['Connection', 'close'],
  ['Connection', 'upgrade'],
  ['Upgrade', 'websocket'],
  ['Expect', '100-continue'],
  ['Expect', 'x'],
  ['Host', 'other'],
  ['Bad Name', 'a'],
  ['', 'a'],
);

/** For what the application has signed in, where nothing else is said. */
const USUAL: readonly [string, string][] = [
  ['Content-Type', 'application/json'],
  ['Cookie', 'sid={session}'],
  ['X-Forwarded-For', '{ip}'],
];

export const headers = fc
  .tuple(
    fc.subarray([...USUAL], { minLength: 2 }),
    fc.array(oneHeader, { maxLength: 4 }),
    fc.oneof({ weight: 30, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.tuple(framingHeader) }),
  )
  .map(([usual, more, framing]) => {
    const named = new Set(more.map(([one]) => one));
    return [...usual.filter(([one]) => !named.has(one)), ...more, ...framing];
  });
