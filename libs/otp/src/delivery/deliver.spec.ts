import { afterEach, describe, expect, it, vi } from 'vitest';
import { RecordingTransport } from '../testing/recording-transport.js';
import { createDeliverer } from './deliver.js';
import type { OutgoingMessage, SmsTransport } from './sms-transport.js';

const message: OutgoingMessage = {
  to: '+31612345678',
  text: '918273 is your Acme code.',
  channel: 'sms',
  country: 'NL',
  locale: 'en',
  purpose: 'login',
};

/** A transport as JavaScript may write it. */
function answering(answer: unknown): SmsTransport {
  // @ts-expect-error not what the port asks for
  return { name: 'odd', channels: ['sms'], send: async () => answer };
}

describe('createDeliverer', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('asks the first transport that has the channel', async () => {
    const voice: SmsTransport = { name: 'voice', channels: ['voice'], send: () => Promise.reject(new Error('asked')) };
    const first = new RecordingTransport({ name: 'first' });
    const second = new RecordingTransport({ name: 'second' });
    const deliver = createDeliverer({ transports: [voice, first, second], timeoutSeconds: 10 });
    expect(await deliver(message)).toEqual({ outcome: 'accepted', messageId: 'first-1', transport: 'first' });
    expect(second.messages).toEqual([]);
  });

  it('fails definitely when no transport has the channel', async () => {
    const deliver = createDeliverer({ transports: [], timeoutSeconds: 10 });
    expect(await deliver(message)).toMatchObject({ outcome: 'failed', reason: 'configuration', transport: 'none' });
  });

  it('passes a refusal on', async () => {
    const transport = new RecordingTransport();
    transport.failNext('opted-out');
    const deliver = createDeliverer({ transports: [transport], timeoutSeconds: 10 });
    expect(await deliver(message)).toEqual({ outcome: 'failed', reason: 'opted-out', transport: 'recording' });
  });

  it('A6 what a transport throws is an unknown outcome, and its words stay out', async () => {
    const transport = new RecordingTransport();
    transport.throwNext(new Error('cannot send 918273 to +31612345678'));
    const delivery = await createDeliverer({ transports: [transport], timeoutSeconds: 10 })(message);
    expect(delivery).toMatchObject({ outcome: 'failed', reason: 'unknown-outcome', transport: 'recording' });
    expect(JSON.stringify(delivery)).not.toMatch(/918273|12345678/);
    const thrower: SmsTransport = {
      name: 'thrower',
      channels: ['sms'],
      send: () => {
        throw new Error('at once');
      },
    };
    const thrown = await createDeliverer({ transports: [thrower], timeoutSeconds: 10 })(message);
    expect(thrown).toMatchObject({ reason: 'unknown-outcome', transport: 'thrower' });
  });

  it('A6 K1 a detail that repeats code or number, or breaks the line, is made harmless', async () => {
    const detail = 'Error 21211: +31 6 12-34-56-78 is not valid\r\n\u001B[31mcode 918273 unknown' + 'x'.repeat(500);
    const transport = answering({ outcome: 'failed', reason: 'invalid-recipient', detail });
    const delivery = await createDeliverer({ transports: [transport], timeoutSeconds: 10 })(message);
    const shown = 'detail' in delivery ? delivery.detail : undefined;
    expect(shown).toMatch(/^Error 21211: \+… is not valid \[31mcode … unknownx+$/);
    expect(shown?.length).toBeLessThanOrEqual(160);
  });

  it.each([
    [undefined],
    [null],
    ['accepted'],
    [{}],
    [{ outcome: 'sent' }],
    [{ outcome: 'accepted' }],
    [{ outcome: 'accepted', messageId: '' }],
    [{ outcome: 'accepted', messageId: 7 }],
    [{ outcome: 'accepted', messageId: 'a\nb' }],
    [{ outcome: 'accepted', messageId: 'x'.repeat(256) }],
    [{ outcome: 'failed', reason: 'bad luck' }],
  ])('%.60j is no result, and so an unknown outcome', async (answer) => {
    const delivery = await createDeliverer({ transports: [answering(answer)], timeoutSeconds: 10 })(message);
    expect(delivery).toMatchObject({ outcome: 'failed', reason: 'unknown-outcome', transport: 'odd' });
  });

  it.each(['heeds', 'ignores'])('L1 a silent transport that %s its signal ends in an unknown outcome', async (kind) => {
    vi.useFakeTimers();
    const heeding = new RecordingTransport();
    heeding.hangNext();
    const ignoring: SmsTransport = { name: 'deaf', channels: ['sms'], send: () => new Promise(() => undefined) };
    const transports = [kind === 'heeds' ? heeding : ignoring];
    const delivery = createDeliverer({ transports, timeoutSeconds: 10 })(message);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await delivery).toMatchObject({ outcome: 'failed', reason: 'unknown-outcome', detail: 'no answer in time' });
    expect(vi.getTimerCount()).toBe(0);
  });
});
