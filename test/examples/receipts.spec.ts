import { createHmac } from 'node:crypto';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import twilioSdk from 'twilio';
import { callHttp, NUMBER, textMember } from '../support/http.js';
import { ADAPTERS, listen, SILENT_LOGGER } from '../support/otp-app.js';

const SID = 'ab12'.repeat(8);
const AUTH_TOKEN = '12345678901234567890123456789012';
const WEBHOOK_SECRET = 'Hq2Lw9Zx4Cv7Bn1M';

vi.hoisted(() => {
  const sid = 'ab12'.repeat(8);
  vi.stubEnv('OTP_SECRET', 'Hq2Lw9Zx4Cv7Bn1Mk6Jt3Rf8Ys5Pd0Ga');
  vi.stubEnv('TWILIO_ACCOUNT_SID', `AC${sid}`);
  vi.stubEnv('TWILIO_API_KEY', `SK${sid}:no-real-secret`);
  vi.stubEnv('TWILIO_AUTH_TOKEN', '12345678901234567890123456789012');
  vi.stubEnv('ACME_SMS_WEBHOOK_SECRET', 'Hq2Lw9Zx4Cv7Bn1M');
});

const { AppModule, DeliveryRate } = await import('./receipts.js');

describe.each(ADAPTERS)('receipts, on %s', (adapter) => {
  const providers = vi.fn<typeof fetch>();
  let app: INestApplication;

  beforeEach(async () => {
    vi.stubGlobal('fetch', providers);
    const builder = Test.createTestingModule({ imports: [AppModule] }).setLogger(SILENT_LOGGER);
    app = await listen(await builder.compile(), { adapter });
  });
  afterEach(async () => {
    providers.mockReset();
    vi.unstubAllGlobals();
    await app.close();
  });

  const post = async (path: string, body: string | object, headers = {}) =>
    callHttp(await app.getUrl(), { method: 'POST', path, body, headers });
  const deliveryOf = async (challengeId: string) =>
    (await callHttp(await app.getUrl(), { path: `/otp/challenges/${challengeId}` })).body['delivery'];

  it('M1 Twilio is told where to report, and what it signs is believed', async () => {
    providers.mockImplementation(async () => Response.json({ sid: `SM${SID}` }, { status: 201 }));
    const challengeId = textMember(await post('/otp/challenges', { phoneNumber: NUMBER }), 'challengeId');
    const [[request] = []] = providers.mock.calls;
    const sent = new URLSearchParams(request instanceof Request ? await request.text() : '');
    const url = 'https://api.acme.com/otp/webhooks/twilio';
    expect(sent.get('StatusCallback')).toBe(url);

    const params = { MessageSid: `SM${SID}`, MessageStatus: 'delivered' };
    const report = (signature: string) =>
      post('/otp/webhooks/twilio', String(new URLSearchParams(params)), {
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': signature,
      });
    expect((await report('forged')).status).toBe(403);
    expect((await report(twilioSdk.getExpectedTwilioSignature(AUTH_TOKEN, url, params))).status).toBe(204);
    expect(await deliveryOf(challengeId)).toBe('delivered');
    expect(app.get(DeliveryRate).counts).toEqual({ delivered: 1, failed: 0 });
  });

  it('M1 a reader of one’s own', async () => {
    providers.mockImplementation(async (request) =>
      request instanceof Request && request.url.startsWith('https://sms.example.com')
        ? Response.json({ id: 'made-here' })
        : Response.json({ code: 20_429 }, { status: 429 }),
    );
    const challengeId = textMember(await post('/otp/challenges', { phoneNumber: NUMBER }), 'challengeId');
    const body = JSON.stringify({ id: 'made-here', status: 'EXPIRED', code: '5' });
    const report = (secondsAgo: number, secret = WEBHOOK_SECRET) => {
      const time = String(Math.floor(Date.now() / 1000) - secondsAgo);
      const signature = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
      return post('/otp/webhooks/acme-sms', body, { 'x-time': time, 'x-signature': signature });
    };
    expect((await report(0, 'another')).status).toBe(403);
    expect((await report(301)).status).toBe(403);
    expect((await post('/otp/webhooks/acme-sms', body)).status).toBe(403);
    expect(await deliveryOf(challengeId)).toBe('sent');
    expect((await report(0)).status).toBe(204);
    expect(await deliveryOf(challengeId)).toBe('failed');
    expect(app.get(DeliveryRate).counts).toEqual({ delivered: 0, failed: 1 });
  });
});
