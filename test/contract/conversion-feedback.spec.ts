import { type OtpEvent, OtpEvents, type OtpOptions, type SmsTransport } from 'nestjs-sms-otp';
import { RecordingTransport } from 'nestjs-sms-otp/testing';
import { twilio } from 'nestjs-sms-otp/transports/twilio';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { NUMBER, OtpHttpClient, textMember, wrongCode } from '../support/http.js';
import { type OtpApp, startOtpApp } from '../support/otp-app.js';
import { answer, ProviderServer } from '../support/provider-server.js';

/** A provider that wants to hear of each code that is entered. */
class Confirming extends RecordingTransport implements SmsTransport {
  readonly confirm = vi.fn(async (_messageId: string): Promise<void> => undefined);
}

describe('conversion feedback', () => {
  let otp: OtpApp;
  let transport: Confirming;
  let events: OtpEvent[];
  let client: OtpHttpClient;
  afterEach(() => otp.close());

  const start = async (options: Partial<OtpOptions> = {}) => {
    transport = new Confirming({ name: 'confirming' });
    otp = await startOtpApp({ transports: [transport], ...options });
    events = [];
    otp.app.get(OtpEvents).on('*', (event) => events.push(event));
    client = new OtpHttpClient(otp);
  };
  const issue = async () => textMember(await client.create(), 'challengeId');
  const code = () => transport.lastCodeTo(NUMBER) ?? '';
  const told = (type: OtpEvent['type']) => vi.waitFor(() => expect(events.map((event) => event.type)).toContain(type));

  it('the provider is told once, by the id of its message, and it is an event', async () => {
    await start();
    const challengeId = await issue();
    expect((await client.verify(challengeId, code())).status).toBe(200);
    await told('feedback.accepted');
    expect(transport.confirm.mock.calls).toEqual([
      [transport.messages[0]?.messageId, { signal: expect.any(AbortSignal) }],
    ]);
    expect(events.find(({ type }) => type === 'feedback.accepted')).toMatchObject({
      transport: 'confirming',
      destination: '+31*******78',
      purpose: 'login',
    });
    expectProblem(await client.verify(challengeId, code()), 410, 'challenge_gone');
    expect(transport.confirm).toHaveBeenCalledOnce();
  });

  it('the message is the one whose code was entered, not the one before', async () => {
    await start();
    const challengeId = await issue();
    otp.clock.advanceSeconds(31);
    await client.resend(challengeId);
    await client.verify(challengeId, code());
    await told('feedback.accepted');
    expect(transport.confirm.mock.calls[0]?.[0]).toBe(transport.messages[1]?.messageId);
  });

  it('a wrong code and a cancelled challenge tell nothing', async () => {
    await start();
    const challengeId = await issue();
    await client.verify(challengeId, wrongCode(code()));
    await client.cancel(challengeId);
    otp.clock.advanceSeconds(31);
    const next = await issue();
    await client.verify(next, code());
    await told('feedback.accepted');
    expect(transport.confirm.mock.calls.map(([id]) => id)).toEqual([transport.messages[1]?.messageId]);
  });

  it('A6 L1 a provider that fails costs nobody the login, and its words stay within bounds', async () => {
    await start();
    transport.confirm.mockRejectedValueOnce(new Error(`no feedback for ${NUMBER}`));
    const challengeId = await issue();
    expect((await client.verify(challengeId, code())).status).toBe(200);
    await told('feedback.failed');
    const failed = events.find(({ type }) => type === 'feedback.failed');
    expect(failed).toMatchObject({ transport: 'confirming', detail: 'no feedback for +…' });
    expect(JSON.stringify(failed)).not.toContain(NUMBER.slice(3));
  });

  it('WhatsApp messages of Twilio are neither marked nor confirmed, SMS are both', async () => {
    const provider = await ProviderServer.start();
    onTestFinished(() => provider.close());
    const sid = (kind: string) => `${kind}${'0'.repeat(32)}`;
    provider.reaction = answer(201, { sid: sid('SM') });
    const account = { accountSid: sid('AC'), authToken: 't0ken', from: '+15005550006', baseUrl: provider.url };
    const purposes = { login: { start: 'public', channels: ['sms', 'whatsapp'] } } as const;
    await start({ purposes, transports: [twilio({ ...account, whatsapp: { from: '+15005550006' }, feedback: true })] });
    const signIn = async (channel: string) => {
      const challengeId = textMember(await client.create({ phoneNumber: NUMBER, channel }), 'challengeId');
      const form = new URLSearchParams(provider.last.body);
      const sentCode = /\d{6}/.exec(form.get('Body') ?? '')?.[0] ?? '';
      expect((await client.verify(challengeId, sentCode)).status).toBe(200);
      return form.get('ProvideFeedback');
    };
    expect(await signIn('whatsapp')).toBeNull();
    otp.clock.advanceSeconds(31);
    expect(await signIn('sms')).toBe('true');
    await told('feedback.accepted');
    expect(provider.seen.map(({ url }) => url.split('/').slice(4).join('/'))).toEqual([
      'Messages.json',
      'Messages.json',
      `Messages/${sid('SM')}/Feedback.json`,
    ]);
    expect(events.filter(({ type }) => type.startsWith('feedback.'))).toHaveLength(1);
  });

  it('a test number has no message to tell of', async () => {
    await start({ testNumbers: { codes: { [NUMBER]: '424242' }, expires: '2027-01-01' } });
    await client.verify(await issue(), '424242');
    expect(events.map(({ type }) => type)).toEqual(['challenge.issued', 'challenge.verified']);
    expect(transport.confirm).not.toHaveBeenCalled();
  });
});
