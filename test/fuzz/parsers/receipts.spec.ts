import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { checkReading } from '../../../libs/otp/src/delivery/receipts/check-reading.js';
import type { ReceiptReader, ReceiptRequest } from '../../../libs/otp/src/delivery/receipts/receipt-reader.js';
import { effort } from '../../support/effort.js';
import { TOKEN } from '../../support/receipts.js';
import { bodyText } from '../arbitraries/bodies.js';
import { headers } from '../arbitraries/headers.js';
import { assertHolds, FUZZ_TIMEOUT_MS, Tried } from '../fuzz.js';
import { PROVIDER_SECRET, PROVIDERS } from '../providers.js';

const timeout = FUZZ_TIMEOUT_MS;
const NOW = Date.UTC(2026, 0, 1);
const KEY = `${PROVIDER_SECRET}-01`;

const NOW_SECONDS = NOW / 1000;

type Signed = Pick<ReceiptRequest, 'body' | 'url'>;

const sha256 = (signed: string | Buffer) => createHash('sha256').update(signed).digest('hex');
const partOf = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const tokenOf = (claims: object) => {
  const signed = `${partOf({ alg: 'HS256' })}.${partOf(claims)}`;
  return `${signed}.${createHmac('sha256', KEY).update(signed).digest('base64url')}`;
};

/** Signs as the providers that sign do, so that what is behind the signature is tried as well. */
const SIGNERS: Readonly<Record<string, (request: Signed) => Record<string, string>>> = {
  smstools: ({ body }) => {
    const signed = createHmac('sha256', KEY).update(Buffer.concat([Buffer.from(`${NOW_SECONDS}.`), body]));
    return { 'x-smstools-signature': `t=${NOW_SECONDS},v1=${signed.digest('hex')}` };
  },
  // A form: the address, then names in order, each with its values.
  twilio: ({ url, body }) => {
    const form = new URLSearchParams(body.toString('utf8'));
    const fields = [...new Set(form.keys())]
      .toSorted()
      .flatMap((name) => [...new Set(form.getAll(name))].toSorted().map((value) => name + value));
    const signature = createHmac('sha1', KEY)
      .update(url + fields.join(''))
      .digest('base64');
    return { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature };
  },
  // V2, of the address alone; V3 would decide where it is there.
  plivo: ({ url }) => ({
    'x-plivo-signature-v2': createHmac('sha256', KEY)
      .update(`${url.split('?', 1)[0] ?? ''}1`)
      .digest('base64'),
    'x-plivo-signature-v2-nonce': '1',
  }),
  messagebird: ({ url, body }) => {
    const times = { nbf: NOW_SECONDS, exp: NOW_SECONDS + 60 };
    const hashes = { url_hash: sha256(url), payload_hash: sha256(body) };
    return { 'messagebird-signature-jwt': tokenOf({ iss: 'MessageBird', jti: '1', ...times, ...hashes }) };
  },
  'vonage-messages': ({ body }) => ({
    authorization: `Bearer ${tokenOf({ iat: NOW_SECONDS, payload_hash: sha256(body) })}`,
  }),
};

const READERS = PROVIDERS.flatMap(({ name, create, options }) => {
  const { receipts } = create(options);
  return receipts === undefined ? [] : [{ name, reader: receipts }];
});

function requestTo(name: string, { methods, contentTypes }: ReceiptReader): fc.Arbitrary<ReceiptRequest> {
  return fc
    .record({
      method: fc.constantFrom(...methods),
      body: bodyText('/otp/webhooks/').map((text) => Buffer.from(text)),
      query: fc.oneof(
        fc.constant(''),
        fc.webQueryParameters().map((text) => `?${text}`),
      ),
      given: headers,
      type: fc.constantFrom(...contentTypes, 'application/json'),
      isSigned: fc.boolean(),
    })
    .map(({ method, body, query, given, type, isSigned }) => {
      const url = `https://api.acme.com/otp/webhooks/${name}/${TOKEN}${query}`;
      const sent = {
        ...Object.fromEntries(given.map(([header, value]) => [header.toLowerCase(), value])),
        'content-type': type,
        ...(isSigned ? SIGNERS[name]?.({ body, url }) : {}),
      };
      return { method, body, url, headers: sent, now: NOW };
    });
}

describe('M1 receipts of any text', () => {
  it.each(READERS)('$name reads them or refuses them, and repeats no secret', { timeout }, async ({ name, reader }) => {
    const tried = new Tried();
    const property = fc.asyncProperty(requestTo(name, reader), async (request) => {
      // What a reader throws is as good as `malformed` (`ReceiptReader.read`).
      const reading = await Promise.resolve(request)
        .then(reader.read)
        .catch((error: unknown) => error);
      const { outcome } = checkReading(reading);
      tried.add(outcome);
      assert.ok(reading instanceof Error || outcome === Reflect.get(Object(reading), 'outcome'));
      assert.ok(!inspect(reading, { depth: 8 }).includes(PROVIDER_SECRET));
      return true;
    });
    await assertHolds(property, { runs: effort(100, 4_000), tried });
    assert.ok(tried.of('forged') < tried.inputs, 'nothing got past the signature');
  });
});
