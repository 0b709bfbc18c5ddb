import { Logger } from '@nestjs/common';
import { memoryStore, type OtpEvent, OtpEvents, StoreUnavailableError } from 'nestjs-sms-otp';
import { ManualClock, RecordingTransport } from 'nestjs-sms-otp/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { NUMBER, OtpHttpClient } from '../support/http.js';
import type { OtpAppOptions } from '../support/otp-app.js';
import { type ReportingApp, startReportingApp } from '../support/receipts.js';
import { watchStore } from '../support/store-doubles.js';

const purposes = { login: { start: 'public', channels: ['sms', 'voice', 'whatsapp'], maxSends: 3 } } as const;
const resendFailed = { delivery: { resendFailed: true }, purposes };

describe('a code that failed to arrive', () => {
  let otp: ReportingApp;
  let client: OtpHttpClient;
  let events: OtpEvent[];
  afterEach(() => otp.close());

  const start = async (options: OtpAppOptions = resendFailed) => {
    otp = await startReportingApp(options);
    client = new OtpHttpClient(otp);
    events = [];
    otp.app.get(OtpEvents).on('*', (event) => events.push(event));
  };

  const failed = (messageId: string) => otp.report([{ messageId, state: 'failed' }]);
  const idOf = (position: number) => otp.provider.messages[position]?.messageId ?? '';
  const channels = () => otp.provider.messages.map(({ channel }) => channel);
  const sent = (count: number) => vi.waitFor(() => expect(otp.provider.messages).toHaveLength(count));
  const seen = (type: OtpEvent['type'], count = 1) =>
    vi.waitFor(() => expect(events.filter((event) => event.type === type)).toHaveLength(count));

  it('goes by the next channel at once, with a new code; the old one is dead', async () => {
    await start();
    const { challengeId, code: old } = await client.start();
    await failed(idOf(0));
    await sent(2);
    await seen('challenge.resent');
    expect(channels()).toEqual(['sms', 'voice']);
    expect((await client.status(challengeId)).body).toMatchObject({
      channel: 'voice',
      delivery: 'sent',
      sendsRemaining: 1,
      attemptsRemaining: 5,
    });
    const code = otp.codeTo(NUMBER);
    // Two codes are the same once in a million.
    if (code !== old) {
      expectProblem(await client.verify(challengeId, old), 422, 'incorrect_code');
    }
    expect((await client.verify(challengeId, code)).status).toBe(200);
    expect(events.find(({ type }) => type === 'challenge.resent')).toMatchObject({
      channel: 'voice',
      automatic: true,
      clientNetwork: '127.0.0.0/24',
    });
  });

  it('goes on, never back, and never past the sends of its challenge', async () => {
    await start();
    const { challengeId } = await client.start();
    await failed(idOf(0));
    await sent(2);
    await seen('challenge.resent');
    await failed(idOf(1));
    await sent(3);
    await seen('challenge.resent', 2);
    await failed(idOf(2));
    await seen('delivery.reported', 3);
    expect(channels()).toEqual(['sms', 'voice', 'whatsapp']);
    expect((await client.status(challengeId)).body).toMatchObject({ delivery: 'failed', sendsRemaining: 0 });
  });

  it('does nothing unless it is switched on', async () => {
    await start({ purposes });
    const { challengeId, code } = await client.start();
    await failed(idOf(0));
    expect((await client.status(challengeId)).body['delivery']).toBe('failed');
    expect((await client.verify(challengeId, code)).status).toBe(200);
    expect(otp.provider.messages).toHaveLength(1);
  });

  it('is sent again once, however often the receipt comes', async () => {
    await start();
    await client.start();
    const first = idOf(0);
    await Promise.all(Array.from({ length: 20 }, () => failed(first)));
    await sent(2);
    await seen('challenge.resent');
    await failed(first);
    await seen('delivery.reported');
    expect(otp.provider.messages).toHaveLength(2);
  });

  it('case 79 a forged receipt sends nothing', async () => {
    await start();
    await client.start();
    const answer = await otp.report([{ messageId: idOf(0), state: 'failed' }], { secret: 'another secret' });
    expect(answer.status).toBe(403);
    expect(otp.provider.messages).toHaveLength(1);
    expect(events.some(({ type }) => type === 'challenge.resent')).toBe(false);
  });

  it('C1 counts in every limit but the cooldown', async () => {
    await start({ ...resendFailed, limits: { number: { sends: [{ limit: 2, windowSeconds: 3600 }] } } });
    await client.start();
    await failed(idOf(0));
    await seen('challenge.resent');
    await failed(idOf(1));
    await seen('challenge.refused');
    expect(channels()).toEqual(['sms', 'voice']);
    expect(events.find(({ type }) => type === 'challenge.refused')).toMatchObject({
      reason: 'throttled',
      limit: 'number.sends.3600',
    });
  });

  it('L1 a store that is lost just then is an event, and the old challenge stays', async () => {
    let isLost = false;
    const clock = new ManualClock();
    const store = watchStore(memoryStore({ clock }), (method) => {
      if (isLost && method === 'limits.take') {
        throw new StoreUnavailableError('no connection');
      }
    });
    await start({ ...resendFailed, clock, store });
    const { challengeId } = await client.start();
    isLost = true;
    await failed(idOf(0));
    await seen('challenge.refused');
    expect(events.find(({ type }) => type === 'challenge.refused')).toMatchObject({ reason: 'store_unavailable' });
    expect((await client.status(challengeId)).body).toMatchObject({ channel: 'sms', delivery: 'failed' });
  });

  it('an answered, cancelled or newer code is left alone', async () => {
    await start();
    const answered = await client.start();
    await client.verify(answered.challengeId, answered.code);
    await failed(idOf(0));
    otp.clock.advanceSeconds(31);
    const { challengeId } = await client.start();
    otp.clock.advanceSeconds(61);
    await client.resend(challengeId);
    await failed(idOf(1));
    await seen('delivery.reported', 2);
    expect(channels()).toEqual(['sms', 'sms', 'sms']);
    expect(events.some(({ type }) => type === 'challenge.refused')).toBe(false);
  });

  it('a purpose of one channel has no other', async () => {
    await start({ delivery: { resendFailed: true } });
    await client.start();
    await failed(idOf(0));
    await seen('delivery.reported');
    expect(otp.provider.messages).toHaveLength(1);
  });

  it.each([
    ['no transport has receipts', { purposes, transports: [new RecordingTransport()] }],
    ['no purpose has a second channel', {}],
  ])('the start warns where %s', async (reason, options) => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    await start({ delivery: { resendFailed: true }, ...options });
    expect(warn.mock.calls.flat().join('\n')).toContain(`delivery.resendFailed has nothing to do: ${reason}`);
    warn.mockRestore();
  });

  it('case 92 is refused beside decoys, which it would tell apart', async () => {
    const assessor = { assess: async () => ({ decision: 'allow' as const }) };
    await start({ purposes });
    await expect(startReportingApp({ ...resendFailed, risk: { assessor, decoys: true } })).rejects.toThrow(
      /delivery\.resendFailed: .*decoys/,
    );
  });
});
