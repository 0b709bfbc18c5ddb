import { memoryStore, type OtpStore } from 'nestjs-sms-otp';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import twilioSdk from 'twilio';
import { OtpAdmin } from '../../libs/otp/src/admin/otp-admin.js';
import { infobip } from '../../libs/otp/src/delivery/transports/infobip.transport.js';
import { twilio } from '../../libs/otp/src/delivery/transports/twilio.transport.js';
import { changedTexts } from '../support/changed-bytes.js';
import { expectProblem } from '../support/expect-problem.js';
import { callHttp, type HttpAnswer, type HttpCall, NUMBER, OtpHttpClient, type Started } from '../support/http.js';
import { ADAPTERS, startOtpApp } from '../support/otp-app.js';
import { answer, ProviderServer } from '../support/provider-server.js';
import {
  PUBLIC_URL,
  type ReportingApp,
  sign,
  signedCall,
  signedReceipts,
  startReportingApp,
  TOKEN,
} from '../support/receipts.js';
import { type StoreMethod, watchStore } from '../support/store-doubles.js';

const FAILED = [{ messageId: 'acme-1', state: 'failed' }];

describe.each(ADAPTERS)('forged receipts, on %s', (adapter) => {
  let otp: ReportingApp;
  let client: OtpHttpClient;
  let calls: StoreMethod[];
  let started: Started;

  beforeEach(async () => {
    const clock = new ManualClock();
    calls = [];
    const store: OtpStore = watchStore(memoryStore({ clock }), (method) => calls.push(method));
    otp = await startReportingApp({ adapter, clock, store, reader: signedReceipts({ maxBodyBytes: 262_144 }) });
    client = new OtpHttpClient(otp);
    started = await client.start();
  });
  afterEach(() => otp.close());

  /** Refused, and all is as it was: state, attempts, sends, every limit, and the code. */
  const expectNothing = async (call: HttpCall, reason: string): Promise<void> => {
    const admin = otp.app.get(OtpAdmin);
    const before = { number: await admin.status(NUMBER), challenge: (await client.status(started.challengeId)).body };
    const seen = otp.told.length;
    calls.length = 0;
    expectProblem(await callHttp(otp.url, call), 403, 'forbidden');
    expect(calls).toEqual([]);
    expect(otp.told.slice(seen)).toMatchObject([{ type: 'receipt.refused', transport: 'acme', reason }]);
    const after = { number: await admin.status(NUMBER), challenge: (await client.status(started.challengeId)).body };
    expect(after).toEqual(before);
  };

  const right = (extra: object = {}) => signedCall(FAILED, { now: otp.clock.now(), ...extra });
  const withSignature = (call: HttpCall, signature: string | string[]) => ({
    ...call,
    headers: { ...call.headers, 'acme-signature': signature },
  });
  const signatureOf = ({ headers }: HttpCall) => String(headers?.['acme-signature']);

  it('case 76 stripped, of another key, empty, truncated', async () => {
    const call = right();
    const { 'acme-signature': _, ...unsigned } = call.headers ?? {};
    await expectNothing({ ...call, headers: unsigned }, 'forged');
    await expectNothing(right({ secret: 'another secret of thirty-two chars' }), 'forged');
    await expectNothing(right({ secret: '' }), 'forged');
    await expectNothing(withSignature(call, ''), 'forged');
    await expectNothing(withSignature(call, signatureOf(call).slice(0, -1)), 'forged');
    await expectNothing(withSignature(call, signatureOf(call).slice(0, -32)), 'forged');
    await expectNothing(withSignature(call, signatureOf(call).toUpperCase()), 'forged');
    expect((await callHttp(otp.url, call)).status).toBe(200);
  });

  it('case 76 signatures that come twice are none', async () => {
    const call = right();
    await expectNothing(withSignature(call, [signatureOf(call), signatureOf(call)]), 'forged');
    await expectNothing(withSignature(call, [`t=0,v1=${'0'.repeat(64)}`, signatureOf(call)]), 'forged');
  });

  it('case 76 one bit of one character, in signature and body', async () => {
    const call = right();
    for (const signature of changedTexts(signatureOf(call), 2)) {
      const { status } = await callHttp(otp.url, withSignature(call, signature));
      expect([signature, status]).toEqual([signature, 403]);
    }
    for (const body of changedTexts(String(call.body))) {
      const { status } = await callHttp(otp.url, { ...call, body });
      expect([body, status]).toEqual([body, 403]);
    }
    expect((await client.status(started.challengeId)).body['delivery']).toBe('sent');
  });

  it('case 78 the same content in another spelling', async () => {
    const call = right();
    const value: unknown = JSON.parse(String(call.body));
    for (const body of [
      JSON.stringify(value, undefined, 1),
      `${String(call.body)}\n`,
      ` ${String(call.body)}`,
      `\uFEFF${String(call.body)}`,
      String(call.body).replace('failed', '\\u0066ailed'),
    ]) {
      await expectNothing({ ...call, body }, 'forged');
    }
    const form = signedCall(FAILED, { now: otp.clock.now(), type: 'application/x-www-form-urlencoded' });
    await expectNothing({ ...form, body: String(form.body).replaceAll('%22', '"') }, 'forged');
  });

  it('case 78 bytes that are no text are signed like all others', async () => {
    const bytes = Buffer.concat([
      Buffer.from(JSON.stringify({ receipts: FAILED, note: '' })).subarray(0, -2),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}'),
    ]);
    const time = Math.floor(otp.clock.now() / 1000);
    const signature = `t=${time},v1=${sign(Buffer.concat([Buffer.from(`${time}.`), bytes]))}`;
    expect((await callHttp(otp.url, withSignature({ ...right(), body: bytes }, signature))).status).toBe(200);
    const parsedAndBack = Buffer.from(bytes.toString('utf8'));
    expect(parsedAndBack.equals(bytes)).toBe(false);
    await expectNothing(withSignature({ ...right(), body: parsedAndBack }, signature), 'forged');
  });

  it('case 77 stale ones, and ones of the future', async () => {
    await expectNothing(right({ after: -301 }), 'stale');
    await expectNothing(right({ after: 301 }), 'stale');
    const call = right();
    otp.clock.advanceSeconds(299);
    expect((await callHttp(otp.url, call)).status).toBe(200);
    otp.clock.advanceSeconds(2);
    started = await client.start();
    await expectNothing(call, 'stale');
  });

  it('case 77 a replay of an old failure does not touch the new code', async () => {
    const call = right();
    expect((await callHttp(otp.url, call)).status).toBe(200);
    otp.clock.advanceSeconds(31);
    await client.resend(started.challengeId);
    calls.length = 0;
    expect((await callHttp(otp.url, call)).status).toBe(200);
    expect(calls).not.toContain('limits.giveBack');
    expect((await client.status(started.challengeId)).body['delivery']).toBe('sent');
    expect(otp.told).toHaveLength(1);
    const { status } = await client.verify(started.challengeId, otp.codeTo(NUMBER));
    expect(status).toBe(200);
  });

  it('case 79 forged failures refund nothing: the number’s budget is used up as before', async () => {
    for (const seconds of [31, 61, 121, 241]) {
      await callHttp(otp.url, right({ secret: 'another secret of thirty-two chars' }));
      await otp.report([{ messageId: `acme-${otp.provider.messages.length}`, state: 'failed' }]);
      otp.clock.advanceSeconds(seconds);
      await client.start();
    }
    otp.clock.advanceSeconds(241);
    expectProblem(await client.create(), 429, 'throttled');
  });

  it('C1 a batch of 256 KiB of made-up ids costs a look each, and one byte more costs nothing', async () => {
    const receipts: object[] = [];
    let bytes = '{"receipts":[]}'.length;
    for (let n = 0; bytes < 262_144 - 120; n++) {
      const receipt = { messageId: `made-up-${n}`, state: 'failed' };
      bytes += JSON.stringify(receipt).length + 1;
      receipts.push(receipt);
    }
    const filler = { messageId: 'acme-1', state: 'delivered', detail: '' };
    const length = JSON.stringify({ receipts: [...receipts, filler] }).length;
    const full = [...receipts, { ...filler, detail: 'x'.repeat(262_144 - length) }];
    calls.length = 0;
    const tooLong = [...receipts, { ...filler, detail: 'x'.repeat(262_144 - length + 1) }];
    expectProblem(await otp.report(tooLong), 413, 'payload_too_large');
    expect(calls).toEqual([]);
    expect((await otp.report(full)).status).toBe(200);
    expect(calls.filter((method) => method === 'marks.get')).toHaveLength(full.length);
    expect(calls.filter((method) => method !== 'marks.get')).toEqual(['challenges.replaceIf', 'marks.putIfAbsent']);
    expect((await client.status(started.challengeId)).body['delivery']).toBe('delivered');
  });
});

describe.each(ADAPTERS)('receipts of shipped transports, on %s', (adapter) => {
  const SID = `SM${'ab12'.repeat(8)}`;
  const AUTH_TOKEN = '12345678901234567890123456789012';
  let server: ProviderServer;
  let closeApp: () => Promise<void>;

  beforeEach(async () => {
    server = await ProviderServer.start();
  });
  afterEach(async () => {
    await closeApp();
    await server.close();
  });

  const post = (url: string, path: string, body: string, headers: Record<string, string>): Promise<HttpAnswer> =>
    callHttp(url, { method: 'POST', path, body, headers });

  it('case 76 Twilio: what its own library signs is believed, at the public address and nowhere else', async () => {
    server.reaction = answer(201, { sid: SID, status: 'queued' });
    const transport = twilio({
      accountSid: `AC${'ab12'.repeat(8)}`,
      authToken: AUTH_TOKEN,
      from: '+15005550006',
      baseUrl: server.url,
      receipts: { authTokens: [AUTH_TOKEN], tokens: [TOKEN] },
    });
    const otp = await startOtpApp({ adapter, publicUrl: PUBLIC_URL, transports: [transport] });
    closeApp = () => otp.close();
    const { body } = await new OtpHttpClient(otp).create();
    const delivery = async () => (await new OtpHttpClient(otp).status(String(body['challengeId']))).body['delivery'];

    const path = `/otp/webhooks/twilio/${TOKEN}`;
    const url = `${PUBLIC_URL}${path}`;
    expect(new URLSearchParams(server.last.body).get('StatusCallback')).toBe(url);
    const params = { MessageSid: SID, MessageStatus: 'delivered', To: NUMBER, New: 'a b+c', ErrorCode: '' };
    const form = new URLSearchParams(params).toString();
    const signature = (at: string) => ({
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'x-twilio-signature': twilioSdk.getExpectedTwilioSignature(AUTH_TOKEN, at, params),
    });
    expectProblem(await post(otp.url, path, form, signature(`${otp.url}${path}`)), 403, 'forbidden');
    expectProblem(await post(otp.url, `${path}?x=1`, form, signature(url)), 403, 'forbidden');
    expectProblem(await post(otp.url, path, `${form}&To=x`, signature(url)), 403, 'forbidden');
    expect(await delivery()).toBe('sent');
    const { status, text } = await post(otp.url, path, form, signature(url));
    expect([status, text]).toEqual([204, '']);
    expect(await delivery()).toBe('delivered');
    expect((await post(otp.url, `${path}?x=1`, form, signature(`${url}?x=1`))).status).toBe(204);

    const json = JSON.stringify(params);
    const query = `?bodySHA256=${twilioSdk.getExpectedBodyHash(json)}`;
    const jsonHeaders = {
      'content-type': 'application/json',
      'x-twilio-signature': twilioSdk.getExpectedTwilioSignature(AUTH_TOKEN, `${url}${query}`, {}),
    };
    expect((await post(otp.url, `${path}${query}`, json, jsonHeaders)).status).toBe(204);
    expectProblem(await post(otp.url, `${path}${query}`, `${json} `, jsonHeaders), 403, 'forbidden');
  });

  it('M1 Infobip, which signs nothing: a batch behind its secret', async () => {
    server.reaction = answer(200, { messages: [{ messageId: 'ib.1', status: { groupName: 'PENDING', id: 26 } }] });
    const transport = infobip({
      baseUrl: server.url,
      apiKey: 'key',
      sender: 'Acme',
      receipts: { tokens: [TOKEN] },
    });
    const otp = await startOtpApp({ adapter, publicUrl: PUBLIC_URL, transports: [transport] });
    closeApp = () => otp.close();
    const { body } = await new OtpHttpClient(otp).create();
    const delivery = async () => (await new OtpHttpClient(otp).status(String(body['challengeId']))).body['delivery'];
    const report = JSON.stringify({
      results: [
        { messageId: 'other', status: { groupName: 'DELIVERED' } },
        { messageId: 'ib.1', status: { groupName: 'UNDELIVERABLE' }, error: { name: 'EC_ABSENT_SUBSCRIBER' } },
      ],
    });
    const json = { 'content-type': 'application/json' };
    expect((await post(otp.url, '/otp/webhooks/infobip', report, json)).status).toBe(404);
    expect((await post(otp.url, `/otp/webhooks/infobip/${TOKEN}x`, report, json)).status).toBe(404);
    expect(await delivery()).toBe('sent');
    expect((await post(otp.url, `/otp/webhooks/infobip/${TOKEN}`, report, json)).status).toBe(200);
    expect(await delivery()).toBe('failed');
  });
});
