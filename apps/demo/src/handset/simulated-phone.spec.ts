import type { OutgoingMessage, ReceiptReading } from 'nestjs-sms-otp';
import { describe, expect, it } from 'vitest';
import type { SimulatedMessage } from './simulated-message.js';
import { SimulatedPhone } from './simulated-phone.js';

const NUMBER = '+31612345678';
const TARGET = '+31699999999';

function message(changes: Partial<OutgoingMessage> = {}): OutgoingMessage {
  const usual = { to: NUMBER, text: 'Hello', channel: 'sms', country: 'NL', locale: 'en', purpose: 'login' } as const;
  return { ...usual, code: '000000', ttlSeconds: 300, ...changes };
}

/** What the phone's reader makes of a body that the module found to come with the right token. */
async function report(phone: SimulatedPhone, body: unknown): Promise<ReceiptReading | undefined> {
  const bytes = Buffer.from(JSON.stringify(body));
  return phone.receipts?.read({ method: 'POST', url: 'http://localhost/', headers: {}, body: bytes, now: 0 });
}

describe('SimulatedPhone', () => {
  it('shows messages newest first, of all numbers or of one', async () => {
    const phone = new SimulatedPhone();
    await phone.send(message({ text: 'first' }));
    await phone.send(message({ to: '+31612345679', text: 'other' }));
    const result = await phone.send(message({ text: 'second' }));
    expect(phone.inbox().map(({ text }) => text)).toEqual(['second', 'other', 'first']);
    const [newest, ...rest] = phone.inbox(NUMBER);
    expect(rest).toHaveLength(1);
    expect(result).toEqual({ outcome: 'accepted', messageId: newest?.id });
    expect(newest).toMatchObject({ to: NUMBER, text: 'second', transport: 'simulated' });
  });

  it('case 49: forgets the oldest beyond 200', async () => {
    const phone = new SimulatedPhone();
    for (let i = 0; i <= 200; i += 1) {
      await phone.send(message({ text: `${i}` }));
    }
    expect(phone.inbox()).toHaveLength(200);
    expect(phone.inbox().at(-1)?.text).toBe('1');
  });

  it('tells channel, segments, cost and time of each', async () => {
    const phone = new SimulatedPhone({ now: () => Date.UTC(2026, 0, 31, 12) });
    await phone.send(message());
    await phone.send(message({ text: 'ü'.repeat(161), country: 'US' }));
    await phone.send(message({ text: '€'.repeat(161), channel: 'voice' }));
    await phone.send(message({ text: 'رمز'.repeat(50), channel: 'whatsapp', country: 'KP' }));
    expect(phone.inbox().map(({ channel, segments, cost }) => [channel, segments, cost])).toEqual([
      ['whatsapp', 1, 0.5],
      ['voice', 1, 0.105],
      ['sms', 2, 0.03],
      ['sms', 1, 0.105],
    ]);
    expect(phone.inbox()[0]).toMatchObject({
      currency: 'USD',
      delivery: 'queued',
      locale: 'en',
      sentAt: '2026-01-31T12:00:00.000Z',
    });
  });

  it('D4 shows notices as messages, without a cost where the country is not told', () => {
    const phone = new SimulatedPhone();
    phone.notify({ to: NUMBER, text: 'Your number was changed.' });
    phone.notify({ to: NUMBER, text: 'Ihre Nummer wurde geändert.', locale: 'de', country: 'NL' });
    const [second, first] = phone.inbox(NUMBER);
    expect(first).toMatchObject({ text: 'Your number was changed.', channel: 'sms', segments: 1 });
    expect(first).not.toHaveProperty('cost');
    expect(first).not.toHaveProperty('locale');
    expect(second).toMatchObject({ locale: 'de', cost: 0.105 });
  });

  it('keeps the messages of attacks apart, however many there are', async () => {
    const phone = new SimulatedPhone({ isTarget: (to) => to === TARGET });
    const carried: SimulatedMessage[] = [];
    phone.handOverTo((taken) => carried.push(taken));
    await phone.send(message({ text: 'mine' }));
    for (let i = 0; i <= 200; i += 1) {
      await phone.send(message({ to: TARGET }));
    }
    expect(phone.inbox().map(({ text }) => text)).toEqual(['mine']);
    expect(phone.inbox(TARGET)).toHaveLength(200);
    expect(carried.map(({ text }) => text)).toEqual(['mine']);
  });
});

describe('the receipts of SimulatedPhone', () => {
  it('M1 change a message forwards only, and only the one that they name', async () => {
    const phone = new SimulatedPhone();
    await phone.send(message());
    await phone.send(message());
    const [newest, other] = phone.inbox();
    for (const [state, shown] of [
      ['sent', 'sent'],
      ['delivered', 'delivered'],
      ['sent', 'delivered'],
      ['failed', 'delivered'],
    ]) {
      const receipt = { messageId: newest?.id, state };
      expect(await report(phone, receipt)).toEqual({ outcome: 'read', receipts: [receipt] });
      expect(phone.inbox().map(({ delivery }) => delivery)).toEqual([shown, 'queued']);
    }
    await report(phone, { messageId: other?.id, state: 'failed' });
    expect(phone.inbox().map(({ delivery }) => delivery)).toEqual(['delivered', 'failed']);
  });

  it.each([
    ['no object', 'delivered'],
    ['no known message', { messageId: '9b2f6f0e-6f0f-4a52-9a5c-5a0b1a0f3c11', state: 'sent' }],
    ['no id', { messageId: '__proto__', state: 'delivered' }],
    ['no known state', { messageId: '9b2f6f0e-6f0f-4a52-9a5c-5a0b1a0f3c11', state: 'queued' }],
  ])('change nothing where they have %s', async (_, body) => {
    const phone = new SimulatedPhone();
    await phone.send(message());
    expect(await report(phone, body)).toMatchObject({ outcome: 'read' });
    expect(phone.inbox().map(({ delivery }) => delivery)).toEqual(['queued']);
  });

  it('have a token of each process, and there are none where nobody reads messages', () => {
    const [one, two] = [new SimulatedPhone(), new SimulatedPhone()];
    expect(one.receipts?.tokens).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect(one.receipts?.tokens).not.toEqual(two.receipts?.tokens);
    expect(new SimulatedPhone({ reports: false }).receipts).toBeUndefined();
  });
});
