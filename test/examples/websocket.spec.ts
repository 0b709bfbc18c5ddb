import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { FakeOtp } from 'nestjs-sms-otp/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NUMBER } from '../support/http.js';
import { listen } from '../support/otp-app.js';
import { SOCKET_IO, WS } from '../support/ws-app.js';
import { answerTo, expectRefusal, type WsClient } from '../support/ws-client.js';
import { AppModule, PlainAppModule } from './websocket.js';

vi.hoisted(() => vi.stubEnv('OTP_SECRET', 'Hq2Lw9Zx4Cv7Bn1Mk6Jt3Rf8Ys5Pd0Ga'));

const PAYOUT = { amount: '12.00 EUR', payee: 'Ann' };

describe.each([
  { ...SOCKET_IO, module: AppModule },
  { ...WS, module: PlainAppModule },
])('the step-up over a WebSocket, $name', ({ adapt, connect, module }) => {
  let fake: FakeOtp;
  let app: INestApplication;
  let client: WsClient;

  beforeEach(async () => {
    fake = new FakeOtp();
    const ref = await fake.override(Test.createTestingModule({ imports: [module] })).compile();
    app = await listen(ref, { adapter: 'express', configure: adapt });
    client = await connect(await app.getUrl(), { headers: { Authorization: 'Bearer ada' } });
  });

  afterEach(async () => {
    client.close();
    await app.close();
  });

  it('A4 H8 asks for a code, and pays once when the message comes again with it', async () => {
    const refused = expectRefusal(await client.call('pay', PAYOUT), 'otp_required');
    expect(fake.transport.lastTo(NUMBER)?.text).toContain('amount 12.00 EUR, payee Ann');
    const answer = answerTo(refused, fake.lastCodeTo(NUMBER));
    expectRefusal(await client.call('pay', { ...PAYOUT, ...answer, payee: 'Mallory' }), 'incorrect_code');
    expect(await client.call('pay', { ...PAYOUT, ...answer })).toEqual({
      event: 'paid',
      data: { ...PAYOUT, by: 'ada' },
    });
    expectRefusal(await client.call('pay', { ...PAYOUT, ...answer }), 'challenge_gone');
  });

  it.each([[null], ['text'], [[]], [{}]])('%j is no payout', async (payload) => {
    const refused = expectRefusal(await client.call('pay', payload), 'invalid_request');
    expect(refused.errors).toContainEqual({ pointer: '#/amount', detail: expect.any(String) });
    expect(fake.transport.messages).toEqual([]);
  });

  it('nobody signed in gets no message', async () => {
    const stranger = await connect(await app.getUrl(), {});
    expect(await stranger.call('pay', PAYOUT)).toMatchObject({ event: 'exception', data: { message: 'Unauthorized' } });
    stranger.close();
    expect(fake.transport.messages).toEqual([]);
  });
});
