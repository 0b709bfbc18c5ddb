import type { OutgoingMessage, SendOptions, SendResult, SmsTransport } from 'nestjs-sms-otp';
import { describe, it } from 'vitest';
import { effort } from '../support/effort.js';
import type { Ledger } from './ledger.js';
import { expectToHold, type Fault } from './play-fault.js';
import { witnessedTransport } from './witness.js';

type Send = (message: OutgoingMessage, options: SendOptions, ledger: Ledger) => Promise<SendResult>;

const never = () => new Promise<never>(() => undefined);

const ways: readonly (readonly [title: string, send: Send])[] = [
  ['never answers, whatever its signal says', never],
  [
    'sends, and answers after its time',
    async ({ to, code }, { signal }, ledger) => {
      ledger.tellSent(to, code);
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      return { outcome: 'accepted', messageId: 'late' };
    },
  ],
  [
    'throws at once',
    () => {
      throw new Error('a mistake of the adapter');
    },
  ],
  ['refuses', () => Promise.resolve({ outcome: 'failed', reason: 'transient' })],
];

/** Good before and after. */
function badFor(send: Send): Pick<Fault, 'transport' | 'strike' | 'heal'> {
  let isBad = false;
  return {
    transport: (ledger): SmsTransport => {
      const good = witnessedTransport(ledger);
      return {
        ...good,
        send: (message, options) => (isBad ? send(message, options, ledger) : good.send(message, options)),
      };
    },
    strike: () => void (isBad = true),
    heal: () => void (isBad = false),
  };
}

describe('case 56 the provider', { timeout: effort(60_000, 300_000) }, () => {
  for (const [title, send] of ways.filter((_, n) => effort(n === 3, true))) {
    it(`A3 B3 L1 ${title}`, () =>
      expectToHold({ title: `provider ${title}`, sendTimeoutSeconds: 1, unnoticed: true, ...badFor(send) }));
  }
});
