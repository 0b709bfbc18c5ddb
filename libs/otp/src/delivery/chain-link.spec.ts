import { afterEach, describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../testing/manual-clock.js';
import { RecordingTransport } from '../testing/recording-transport.js';
import { ChainLink } from './chain-link.js';
import type { ReceiptReader } from './receipts/receipt-reader.js';
import { Circuit } from './circuit.js';
import { type OutgoingMessage, SEND_FAILURE_REASONS, type SendOptions, type SmsTransport } from './sms-transport.js';

const message: OutgoingMessage = {
  to: '+31612345678',
  text: '918273 is your Acme code.',
  channel: 'sms',
  country: 'NL',
  locale: 'en',
  purpose: 'login',
  code: '918273',
  ttlSeconds: 300,
};

/** A transport as JavaScript may write it. */
function answering(answer: unknown): SmsTransport {
  // @ts-expect-error not what the port asks for
  return { name: 'odd', channels: ['sms'], send: async () => answer };
}

/** A link whose circuit opens at the first fault. */
function linkTo(transport: SmsTransport, receiptUrl?: string): ChainLink {
  const circuit = new Circuit({ failures: 1, clock: new ManualClock(), onChange: () => undefined });
  return new ChainLink({ transport, circuit, receiptUrl });
}

const sendBy = (transport: SmsTransport) => linkTo(transport).send(message, 10);

describe('a link of the chain', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('gives message, signal and the address for receipts', async () => {
    const seen: [OutgoingMessage, SendOptions][] = [];
    const transport: SmsTransport = {
      name: 'curious',
      channels: ['sms'],
      send: async (sent, options) => {
        seen.push([sent, options]);
        return { outcome: 'accepted', messageId: 'id-1' };
      },
    };
    const url = 'https://api.acme.com/otp/webhooks/curious';
    expect(await linkTo(transport, url).send(message, 10)).toEqual({ outcome: 'accepted', messageId: 'id-1' });
    expect(seen).toEqual([[message, { signal: expect.any(AbortSignal), receiptUrl: url }]]);
  });

  it('A6 what a transport throws is an unknown outcome, and its words stay out', async () => {
    const transport = new RecordingTransport();
    transport.throwNext(new Error('cannot send 918273 to +31612345678'));
    const result = await sendBy(transport);
    expect(result).toMatchObject({ outcome: 'failed', reason: 'unknown-outcome' });
    expect(JSON.stringify(result)).not.toMatch(/918273|12345678/);
    const thrower: SmsTransport = {
      name: 'thrower',
      channels: ['sms'],
      send: () => {
        throw new Error('at once');
      },
    };
    expect(await sendBy(thrower)).toMatchObject({ reason: 'unknown-outcome' });
  });

  it('A6 K1 a detail that repeats code or number, or breaks the line, is made harmless', async () => {
    const detail = 'Error 21211: +31 6 12-34-56-78 is not valid\r\n\u001B[31mcode 918273 unknown' + 'x'.repeat(500);
    const result = await sendBy(answering({ outcome: 'failed', reason: 'invalid-recipient', detail }));
    const shown = 'detail' in result ? result.detail : undefined;
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
    expect(await sendBy(answering(answer))).toMatchObject({ outcome: 'failed', reason: 'unknown-outcome' });
  });

  it.each(['heeds', 'ignores'])('L1 a silent transport that %s its signal ends in an unknown outcome', async (kind) => {
    vi.useFakeTimers();
    const heeding = new RecordingTransport();
    heeding.hangNext();
    const ignoring: SmsTransport = { name: 'deaf', channels: ['sms'], send: () => new Promise(() => undefined) };
    const result = sendBy(kind === 'heeds' ? heeding : ignoring);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await result).toMatchObject({ outcome: 'failed', reason: 'unknown-outcome', detail: 'no answer in time' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('L1 what a transport answers after its time is too late', async () => {
    vi.useFakeTimers();
    let answer: () => void = () => undefined;
    const late: SmsTransport = {
      name: 'late',
      channels: ['sms'],
      send: () => new Promise((resolve) => (answer = () => resolve({ outcome: 'accepted', messageId: 'late-1' }))),
    };
    const result = sendBy(late);
    await vi.advanceTimersByTimeAsync(10_000);
    answer();
    expect(await result).toMatchObject({ outcome: 'failed', reason: 'unknown-outcome' });
  });

  it.each([
    ['without a constructor', { value: undefined }],
    ['whose constructor has words for a name', { value: { name: '918273 is your code' } }],
    ['whose constructor cannot be read', { get: () => Reflect.getPrototypeOf(Object(null).none) }],
  ])('L1 an error %s is an outcome as well', async (_title, constructor) => {
    const error = Object.defineProperty(new Error('918273'), 'constructor', constructor);
    const result = await sendBy({ name: 'odd', channels: ['sms'], send: () => Promise.reject(error) });
    expect(result).toEqual({
      outcome: 'failed',
      reason: 'unknown-outcome',
      detail: 'the transport threw an error',
    });
  });

  it('case 66 tells nothing of a provider that repeats the secret of its address', async () => {
    const token = 'b7e1c94d2f6a8035b7e1c94d2f6a8035';
    const receipts: ReceiptReader = {
      methods: ['POST'],
      contentTypes: [],
      answer: { status: 200 },
      tokens: ['x'.repeat(32), token],
      read: () => ({ outcome: 'forged' }),
    };
    for (const before of ['', 'x'.repeat(135)]) {
      const echoing: SmsTransport = {
        name: 'echoing',
        channels: ['sms'],
        receipts,
        send: async () => ({ outcome: 'failed', reason: 'quota', detail: `${before} https://a.example/${token}` }),
      };
      const result = await sendBy(echoing);
      expect(result).toMatchObject({ reason: 'quota', detail: 'the provider repeated the message' });
    }
  });

  const FAULTS = ['transient', 'quota', 'unknown-outcome'];
  it.each(SEND_FAILURE_REASONS)(
    'the circuit hears of the provider’s troubles and not of the person’s: %s',
    async (reason) => {
      const transport = new RecordingTransport();
      transport.failNext(reason);
      const link = linkTo(transport);
      await link.send(message, 10);
      expect(link.circuit.state).toBe(FAULTS.includes(reason) ? 'open' : 'closed');
    },
  );
});
