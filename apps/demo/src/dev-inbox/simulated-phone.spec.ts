import type { OutgoingMessage } from 'nestjs-sms-otp';
import { describe, expect, it } from 'vitest';
import { SimulatedPhone } from './simulated-phone.js';

function message(to: string, text: string): OutgoingMessage {
  return { to, text, channel: 'sms', country: 'NL', locale: 'en', purpose: 'login', code: '000000', ttlSeconds: 300 };
}

describe('SimulatedPhone', () => {
  it('shows messages newest first, of all numbers or of one', async () => {
    const phone = new SimulatedPhone();
    await phone.send(message('+31612345678', 'first'));
    await phone.send(message('+31612345679', 'other'));
    const result = await phone.send(message('+31612345678', 'second'));
    expect(phone.inbox().map(({ text }) => text)).toEqual(['second', 'other', 'first']);
    const [newest, ...rest] = phone.inbox('+31612345678');
    expect(rest).toHaveLength(1);
    expect(result).toEqual({ outcome: 'accepted', messageId: newest?.id });
    expect(newest).toMatchObject({ to: '+31612345678', text: 'second', transport: 'simulated' });
  });

  it('attack 49: forgets the oldest beyond 200', async () => {
    const phone = new SimulatedPhone();
    for (let i = 0; i <= 200; i += 1) {
      await phone.send(message('+31612345678', `${i}`));
    }
    expect(phone.inbox()).toHaveLength(200);
    expect(phone.inbox().at(-1)?.text).toBe('1');
  });
});
