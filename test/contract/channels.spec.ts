import {
  type Channel,
  OtpEvents,
  type OtpEvent,
  OtpOptionsError,
  OtpService,
  type OutgoingMessage,
  type SmsTransport,
} from 'nestjs-sms-otp';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Logger } from '@nestjs/common';
import { expectProblem } from '../support/expect-problem.js';
import { NUMBER, OtpHttpClient, textMember } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';

const purposes = {
  login: { start: 'public', channels: ['sms', 'voice'] },
  signup: { start: 'public' },
} as const;

const transportOf = (...channels: Channel[]): SmsTransport => ({
  name: channels.join('-'),
  channels,
  send: async (_message: OutgoingMessage) => ({ outcome: 'accepted', messageId: 'm-1' }),
});

describe.each(ADAPTERS)('channels over HTTP, on %s', (adapter) => {
  let otp: OtpApp;
  const start = async () => {
    otp = await startOtpApp({ adapter, purposes });
    return new OtpHttpClient(otp);
  };
  afterEach(() => otp.close());

  it('the usual one is the first of the purpose', async () => {
    const client = await start();
    expect((await client.create({ phoneNumber: NUMBER, purpose: 'login' })).body['channel']).toBe('sms');
    expect(otp.transport.messages[0]?.channel).toBe('sms');
  });

  it('U6 a person may choose another, at the start or when sending again', async () => {
    const client = await start();
    const answer = await client.create({ phoneNumber: NUMBER, purpose: 'login', channel: 'voice' });
    expect(answer.body['channel']).toBe('voice');
    otp.clock.advanceSeconds(31);
    const challengeId = textMember(answer, 'challengeId');
    expect((await client.resend(challengeId, { channel: 'sms' })).body['channel']).toBe('sms');
    expect((await client.status(challengeId)).body['channel']).toBe('sms');
    otp.clock.advanceSeconds(61);
    expect((await client.resend(challengeId)).body['channel']).toBe('sms');
    expect(otp.transport.messages.map(({ channel }) => channel)).toEqual(['voice', 'sms', 'sms']);
  });

  it('A5 the code of the channel before is dead', async () => {
    const client = await start();
    const answer = await client.create({ phoneNumber: NUMBER, purpose: 'login' });
    const challengeId = textMember(answer, 'challengeId');
    const first = otp.codeTo(NUMBER);
    otp.clock.advanceSeconds(31);
    await client.resend(challengeId, { channel: 'voice' });
    // Two codes are the same once in a million.
    if (otp.codeTo(NUMBER) !== first) {
      expectProblem(await client.verify(challengeId, first), 422, 'incorrect_code');
    }
    expect((await client.verify(challengeId, otp.codeTo(NUMBER))).status).toBe(200);
  });

  it.each([
    ['one that the purpose does not allow', 'signup', 'voice'],
    ['email, unless a purpose names it', 'login', 'email'],
    ['one that there is not', 'login', 'pigeon'],
    ['none', 'login', ''],
    ['a list', 'login', ['sms']],
  ])('J1 refuses %s: 400, and nothing is spent', async (_case, purpose, channel) => {
    const client = await start();
    const refused = await client.create({ phoneNumber: NUMBER, purpose, channel });
    expectProblem(refused, 400, 'invalid_request');
    expect(refused.body['errors']).toEqual([{ pointer: '#/channel', detail: expect.any(String) }]);
    expect(otp.transport.messages).toHaveLength(0);
    expect((await client.create({ phoneNumber: NUMBER, purpose })).status).toBe(201);
  });

  it('J1 refuses it when sending again, and the challenge goes on', async () => {
    const client = await start();
    const { challengeId, code } = await client.start(NUMBER, 'signup');
    otp.clock.advanceSeconds(31);
    const refused = await client.resend(challengeId, { channel: 'voice' });
    expectProblem(refused, 400, 'invalid_request');
    expect(refused.body['errors']).toEqual([{ pointer: '#/channel', detail: 'must be one of: sms' }]);
    expect((await client.verify(challengeId, code)).status).toBe(200);
  });

  it('an idempotency key belongs to its channel', async () => {
    const client = await start();
    const headers = { 'Idempotency-Key': 'k-1' };
    const create = (body: object) => client.call({ method: 'POST', path: '/otp/challenges', headers, body });
    const body = { phoneNumber: NUMBER, purpose: 'login' };
    expect((await create(body)).status).toBe(201);
    expectProblem(await create({ ...body, channel: 'voice' }), 409, 'idempotency_conflict');
  });
});

describe('channels of purposes', () => {
  let otp: OtpApp | undefined;
  afterEach(async () => {
    await otp?.close();
    otp = undefined;
    vi.restoreAllMocks();
  });

  it.each([
    ['sms', 'sms'],
    ['voice', 'tel'],
    ['whatsapp', 'otp'],
    ['email', 'otp'],
  ] as const)('H6 amr of %s is %s', async (channel, method) => {
    otp = await startOtpApp({ purposes: { login: { channels: [channel] } } });
    const service = otp.app.get(OtpService);
    const issued = await service.issue({ purpose: 'login', phoneNumber: NUMBER, client: 'none' });
    const challengeId = issued.outcome === 'issued' ? issued.challenge.challengeId : '';
    const result = await service.verify({
      purpose: 'login',
      challengeId,
      code: otp.codeTo(NUMBER),
      client: 'none',
    });
    expect(result).toMatchObject({ outcome: 'verified', amr: [method] });
  });

  it('K1 a refused channel is an event, and a result of the service', async () => {
    otp = await startOtpApp({ purposes });
    const events: OtpEvent[] = [];
    otp.app.get(OtpEvents).on('*', (event) => events.push(event));
    const asked = { purpose: 'login', phoneNumber: NUMBER, client: 'none', channel: 'email' } as const;
    expect(await otp.app.get(OtpService).issue(asked)).toEqual({
      outcome: 'invalid_channel',
      detail: 'must be one of: sms, voice',
    });
    expect(events).toEqual([expect.objectContaining({ type: 'challenge.refused', reason: 'invalid_channel' })]);
  });

  it('a channel that no transport has refuses the start, with the purpose that allows it', async () => {
    const starting = startOtpApp({ purposes, transports: [transportOf('sms')] });
    await expect(starting).rejects.toThrow(OtpOptionsError);
    await expect(starting).rejects.toThrow('purposes.login.channels: allows voice, which no transport has');
  });

  it('email is said at the start to be no out-of-band authenticator', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    otp = await startOtpApp({ purposes: { login: { start: 'public', channels: ['sms', 'email'] } } });
    expect(warn.mock.calls.flat().join('\n')).toContain('Codes of login may go by email, which is no out-of-band');
  });

  it.each([
    ['none', []],
    ['one twice', ['sms', 'sms']],
    ['one that there is not', ['pigeon']],
  ])('refuses %s in the options', async (_case, channels) => {
    // What a JavaScript caller may write.
    const wrong = { login: { channels: channels as unknown as Channel[] } };
    await expect(startOtpApp({ purposes: wrong })).rejects.toThrow(/purposes\.login\.channels/);
  });
});

describe('money and segments', () => {
  const long = 'Wholesale Fruit and Vegetables of the Northern Provinces, Ltd.';

  it.each([
    ['one segment costs once', { payee: 'Bob' }, 1],
    ['a long binding costs every segment', { payee: long, reference: long, place: 'X'.repeat(30) }, 2],
  ])('C1 %s', async (_case, binding, segments) => {
    const { z } = await import('zod');
    const schema = z.record(z.string(), z.string());
    const otp = await startOtpApp({
      purposes: { payout: { binding: schema } },
      origin: 'app.acme.com',
      limits: { money: { perDay: 2, reserve: 0, prices: { default: 1 } } },
    });
    try {
      const issue = (phoneNumber: string) =>
        otp.app.get(OtpService).issue({ purpose: 'payout', phoneNumber, client: 'none', binding });
      expect((await issue(NUMBER)).outcome).toBe('issued');
      expect((await issue('+31687654321')).outcome).toBe(segments === 1 ? 'issued' : 'throttled');
    } finally {
      await otp.close();
    }
  });
});
