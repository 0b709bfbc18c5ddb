import { Logger } from '@nestjs/common';
import { describe, expect, it, vi } from 'vitest';
import { transportContract } from '../../testing/transport-contract.js';
import { consoleTransport } from './console.transport.js';

const message = {
  to: '+31612345678',
  text: '918273 is your Acme code.',
  channel: 'sms',
  country: 'NL',
  locale: 'en',
  purpose: 'login',
  code: '918273',
  ttlSeconds: 300,
} as const;

describe('consoleTransport', () => {
  it.each(transportContract({ accepting: () => consoleTransport({ write: () => undefined }) }))(
    '$name',
    async ({ run }) => {
      await expect(run()).resolves.toBeUndefined();
    },
  );

  it('prints the message, labelled, with the number’s last two digits only', async () => {
    const lines: string[] = [];
    const transport = consoleTransport({ write: (text) => lines.push(text) });
    await transport.send(message, { signal: new AbortController().signal });
    expect(lines).toEqual([
      '[development only, nothing was sent] sms to the number ending in 78:\n918273 is your Acme code.',
    ]);
  });

  it('prints through Nest’s logger unless told otherwise', async () => {
    const log = vi.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
    await consoleTransport().send(message, { signal: new AbortController().signal });
    expect(log).toHaveBeenCalledOnce();
    log.mockRestore();
  });

  it('case 67: is marked, so that a production start can refuse it', () => {
    expect(consoleTransport().developmentOnly).toBe(true);
  });
});
