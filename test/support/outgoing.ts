import { expect } from 'vitest';
import type { OutgoingMessage, SendResult } from '../../libs/otp/src/delivery/sms-transport.js';

export const OUTGOING: OutgoingMessage = {
  to: '+31612345678',
  text: '918273 is your Acme code. It expires in 5 minutes.',
  channel: 'sms',
  country: 'NL',
  locale: 'en',
  purpose: 'login',
  code: '918273',
  ttlSeconds: 300,
};

export const NO_ABORT: AbortSignal = new AbortController().signal;

/** The credential of a transport under test. */
export const KEY = 'k3y-that-nobody-may-see';

/** Within Basic credentials a key is written in one of three ways, by how much stands before it. */
const KEY_IN_BASE64 = ['', 'x', 'xx'].map((before) => btoa(before + KEY).slice(4, -4));

/** Nothing of number, text, code or key in what a transport answered. */
export function expectNothingTold(...results: readonly SendResult[]): void {
  for (const secret of [OUTGOING.to.slice(-8), OUTGOING.code, 'Acme', KEY, ...KEY_IN_BASE64]) {
    expect(JSON.stringify(results).toLowerCase()).not.toContain(secret.toLowerCase());
  }
}
