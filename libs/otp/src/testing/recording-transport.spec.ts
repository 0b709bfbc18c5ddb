import { describe, expect, it } from 'vitest';
import type { OutgoingMessage } from '../delivery/sms-transport.js';
import { RecordingTransport } from './recording-transport.js';
import { transportContract } from './transport-contract.js';

const { signal } = new AbortController();

function messageTo(to: string, text: string): OutgoingMessage {
  return {
    to,
    text,
    channel: 'sms',
    country: 'NL',
    locale: 'en',
    purpose: 'login',
    code: text.split(' ')[0] ?? '',
    ttlSeconds: 300,
  };
}

function scripted(script: (transport: RecordingTransport) => void): () => RecordingTransport {
  return () => {
    const transport = new RecordingTransport();
    script(transport);
    return transport;
  };
}

describe('RecordingTransport', () => {
  const cases = transportContract({
    accepting: () => new RecordingTransport(),
    refusing: scripted((transport) => transport.failNext('invalid-recipient')),
    silent: scripted((transport) => transport.hangNext()),
  });
  it.each(cases)('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });

  it('keeps messages and finds the newest to a number', async () => {
    const transport = new RecordingTransport();
    await transport.send(messageTo('+31612345678', '111111 is your code'), { signal });
    await transport.send(messageTo('+31687654321', '22222222 is your code'), { signal });
    await transport.send(messageTo('+31612345678', '333333 is your code'), { signal });
    expect(transport.messages).toHaveLength(3);
    expect(transport.lastTo('+31612345678')?.text).toBe('333333 is your code');
    expect(transport.lastCodeTo('+31612345678')).toBe('333333');
    expect(transport.lastCodeTo('+31687654321')).toBe('22222222');
    expect(transport.lastCodeTo('+31600000000')).toBeUndefined();
  });

  it('plays what it is told once each, in order, and records only what it accepts', async () => {
    const transport = new RecordingTransport();
    transport.failNext('quota');
    transport.throwNext();
    const send = () => transport.send(messageTo('+31612345678', '111111'), { signal });
    expect(await send()).toEqual({ outcome: 'failed', reason: 'quota' });
    await expect(send()).rejects.toThrow('scripted');
    expect(transport.messages).toHaveLength(0);
    expect(await send()).toEqual({ outcome: 'accepted', messageId: 'recording-1' });
    transport.failNext('quota');
    transport.clear();
    expect(transport.messages).toHaveLength(0);
    expect(await send()).toEqual({ outcome: 'accepted', messageId: 'recording-2' });
  });

  it('forgets the oldest beyond its limit', async () => {
    const transport = new RecordingTransport({ limit: 2 });
    for (const text of ['1', '2', '3']) {
      await transport.send(messageTo('+31612345678', text), { signal });
    }
    expect(transport.messages.map(({ text }) => text)).toEqual(['2', '3']);
  });
});
