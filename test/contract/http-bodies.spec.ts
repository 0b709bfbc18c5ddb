import { ManualClock } from 'nestjs-sms-otp/testing';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { type HttpCall, NUMBER, OtpHttpClient } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';
import { type CountedParts, countedParts } from '../support/store-doubles.js';

const KIB = 1024;
const VALID = JSON.stringify({ phoneNumber: NUMBER });
const padded = (bytes: number) => VALID.padEnd(bytes, ' ');

describe.each(ADAPTERS)('bodies over HTTP, on %s', (adapter) => {
  let otp: OtpApp;
  let client: OtpHttpClient;
  let counted: CountedParts;

  beforeAll(async () => {
    const clock = new ManualClock();
    counted = countedParts({ clock });
    otp = await startOtpApp({ adapter, clock, store: counted.store });
    client = new OtpHttpClient(otp);
  });

  afterAll(() => otp.close());

  beforeEach(() => {
    otp.clock.advanceSeconds(24 * 3600);
    otp.transport.clear();
    counted.forget();
  });

  // Each of these is refused before anything is spent.
  afterEach(() => {
    expect(counted.calls).toEqual([]);
    expect(otp.transport.messages).toEqual([]);
  });

  const post = (call: Omit<HttpCall, 'path'>) => client.call({ method: 'POST', path: '/otp/challenges', ...call });

  it.each([[123], [31612345678], [['+31612345678']], [{ e164: NUMBER }], [true], [null], [undefined]])(
    'J1 case 57 phoneNumber %j is 400',
    async (phoneNumber) => {
      const answer = await client.create({ phoneNumber });
      expectProblem(answer, 400, 'invalid_request');
      expect(answer.body['errors']).toEqual([{ pointer: '#/phoneNumber', detail: 'must be a string' }]);
    },
  );

  it.each(['country', 'purpose', 'locale', 'channel'])('J1 case 57 %s of another type is 400', async (member) => {
    for (const value of [1, ['NL'], { toString: 'NL' }, true, null]) {
      expectProblem(await client.create({ phoneNumber: NUMBER, [member]: value }), 400, 'invalid_request');
    }
  });

  it.each([
    ['country', 'nl'],
    ['country', 'NLD'],
    ['country', 'XX'],
    ['country', ''],
    ['country', '..'],
    ['locale', ''],
    ['locale', 'e'],
    ['locale', '../../etc/passwd'],
    ['locale', 'en\r\n@evil.example #123456'],
    ['locale', 'x'.repeat(36)],
    ['channel', 'voice'],
    ['channel', 'SMS'],
    ['channel', ''],
  ])('J1 case 60 %s %j is 400', async (member, value) => {
    const answer = await client.create({ phoneNumber: NUMBER, [member]: value });
    expect(answer.status).toBe(400);
    expect(['invalid_request', 'invalid_phone_number']).toContain(answer.body['code']);
  });

  it.each([
    ['{"phoneNumber":"+31612345678","isAdmin":true}'],
    ['{"phoneNumber":"+31612345678","subject":"user-1"}'],
    ['{"phoneNumber":"+31612345678","client":{"ip":"192.0.2.1"}}'],
    ['{"phoneNumber":"+31612345678","__proto__":{"admin":true}}'],
    ['{"phoneNumber":"+31612345678","constructor":{"prototype":{"admin":true}}}'],
    ['{"phoneNumber":"+31612345678","toString":1}'],
    ['{"__proto__":{"phoneNumber":"+31612345678"}}'],
    ['{"phoneNumber":"+31612345678","":1}'],
  ])('J2 case 59 %s is 400', async (body) => {
    expectProblem(await post({ body }), 400, 'invalid_request');
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(Reflect.get({}, 'admin')).toBeUndefined();
  });

  it.each([['[]'], ['[{"phoneNumber":"+31612345678"}]'], ['"+31612345678"'], ['1'], ['true'], ['null'], ['{}']])(
    'J1 case 11 a body that is no object with a number (%s) is 400',
    async (body) => {
      expectProblem(await post({ body }), 400, 'invalid_request');
    },
  );

  it.each([
    ['{'],
    ['{"phoneNumber":'],
    ['not json'],
    ["{'phoneNumber':'+31612345678'}"],
    ['{"phoneNumber":"\u0000"}'],
    ['\uFEFF'],
    [VALID + VALID],
  ])('I2 case 61 invalid JSON %j is 400', async (body) => {
    expectProblem(await post({ body }), 400, 'invalid_request');
  });

  it('I2 bytes that are not UTF-8 are 400', async () => {
    const body = Buffer.concat([Buffer.from('{"phoneNumber":"'), Buffer.of(0xc3, 0x28, 0xff), Buffer.from('"}')]);
    expect((await post({ body })).status).toBe(400);
  });

  it.each(['[', '{"a":'])('case 61 deeply nested %s are 413 or 400', async (bracket) => {
    // Which of the two depends on the size that the application's parser allows: it comes before the module.
    const deepest = await post({ body: bracket.repeat(100_000) });
    expectProblem(deepest, deepest.status, deepest.status === 413 ? 'payload_too_large' : 'invalid_request');
    expectProblem(await post({ body: bracket.repeat(800) }), 400, 'invalid_request');
    const closed = `{"phoneNumber":${'['.repeat(1000)}${']'.repeat(1000)}}`;
    expectProblem(await post({ body: closed }), 400, 'invalid_request');
  });

  it.each([[4 * KIB + 1], [64 * KIB], [1024 * KIB], [10 * 1024 * KIB]])(
    'C1 case 61 a body of %i bytes is 413',
    async (size) => {
      expectProblem(await post({ body: padded(size) }), 413, 'payload_too_large');
    },
  );

  it.each([[4 * KIB + 1], [64 * KIB], [1024 * KIB]])('C1 case 61 a chunked body of %i bytes is 413', async (size) => {
    expectProblem(await post({ body: padded(size), chunked: true }), 413, 'payload_too_large');
  });

  // A parser that does not unpack sees no JSON (400); where it does, the module refuses what it gets (415).
  it.each([
    ['gzip', gzipSync(VALID)],
    ['deflate', deflateSync(VALID)],
    ['br', brotliCompressSync(VALID)],
    ['x-unknown', gzipSync(VALID)],
  ])('case 61 a body with Content-Encoding %s is 415 or 400', async (encoding, body) => {
    const answer = await post({ body, headers: { 'Content-Encoding': encoding } });
    expectProblem(answer, answer.status, answer.status === 415 ? 'unsupported_media_type' : 'invalid_request');
  });

  it('case 61 a compressed bomb is refused', async () => {
    const body = gzipSync(Buffer.alloc(10 * 1024 * KIB, ' '), { level: 9 });
    const answer = await post({ body, headers: { 'Content-Encoding': 'gzip' } });
    expect([400, 413, 415]).toContain(answer.status);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  });

  it('case 61 no Content-Encoding makes an uncompressed body pass', async () => {
    const answer = await post({ body: VALID, headers: { 'Content-Encoding': 'gzip' } });
    expect([400, 415]).toContain(answer.status);
  });

  it.each([
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=x'],
    ['application/xml'],
    ['application/json-patch+json'],
    ['application/jsonp'],
    ['text/json'],
    ['nonsense'],
    [''],
  ])('case 63 Content-Type %j is 415', async (type) => {
    expectProblem(await post({ body: VALID, headers: { 'Content-Type': type } }), 415, 'unsupported_media_type');
  });

  it('case 63 a form is 415', async () => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    expectProblem(await post({ body: 'phoneNumber=%2B31612345678', headers }), 415, 'unsupported_media_type');
  });

  it('no body at all is 400', async () => {
    expectProblem(await post({}), 400, 'invalid_request');
    expectProblem(await post({ headers: { 'Content-Type': 'application/json' } }), 400, 'invalid_request');
    expectProblem(await post({ body: '' }), 400, 'invalid_request');
  });
});

describe.each(ADAPTERS)('bodies that pass, on %s', (adapter) => {
  let otp: OtpApp;
  let client: OtpHttpClient;

  beforeAll(async () => {
    otp = await startOtpApp({ adapter });
    client = new OtpHttpClient(otp);
  });

  afterAll(() => otp.close());
  afterEach(() => otp.clock.advanceSeconds(24 * 3600));

  const post = (call: Omit<HttpCall, 'path'>) => client.call({ method: 'POST', path: '/otp/challenges', ...call });

  it('C1 4 KiB are not too large', async () => {
    expect((await post({ body: padded(4 * KIB) })).status).toBe(201);
  });

  it.each(['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/json;charset="utf-8"'])(
    'case 63 Content-Type %s is JSON',
    async (type) => {
      expect((await post({ body: VALID, headers: { 'Content-Type': type } })).status).toBe(201);
    },
  );

  it('case 11 of duplicate members one counts, and one message is sent', async () => {
    const before = otp.transport.messages.length;
    const answer = await post({ body: '{"phoneNumber":"+31687654321","phoneNumber":"+31612345678"}' });
    expect([201, 400]).toContain(answer.status);
    expect(otp.transport.messages.length - before).toBeLessThanOrEqual(1);
  });

  it('case 11 of duplicate codes one is compared', async () => {
    const { challengeId, code } = await client.start();
    const body = `{"code":"0000000","code":"${code}","code":"0000000"}`;
    const path = `/otp/challenges/${challengeId}/verify`;
    const answer = await client.call({ method: 'POST', path, body });
    expectProblem(answer, 422, 'incorrect_code');
    expect(answer.body['attemptsRemaining']).toBe(4);
  });

  it.each(['en', 'nl-NL', 'zh-Hant-TW', 'qq'])(
    'locale %s gets a message, in English where there is no other',
    async (locale) => {
      expect((await client.create({ phoneNumber: NUMBER, locale })).status).toBe(201);
    },
  );
});
