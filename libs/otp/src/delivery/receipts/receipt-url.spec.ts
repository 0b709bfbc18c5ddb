import { describe, expect, it } from 'vitest';
import type { ReceiptReader } from './receipt-reader.js';
import { receiptUrl } from './receipt-url.js';

const receipts: ReceiptReader = {
  methods: ['POST'],
  contentTypes: ['application/json'],
  answer: { status: 204 },
  read: () => ({ outcome: 'forged' }),
};
const tokens = ['first'.padEnd(32, '1'), 'second'.padEnd(32, '2')];
const address = { publicUrl: 'https://api.acme.com', routesPath: 'otp' };

describe('the address that a provider reports to', () => {
  it.each([
    [address, 'https://api.acme.com/otp/webhooks/twilio'],
    [{ ...address, publicUrl: 'https://api.acme.com/' }, 'https://api.acme.com/otp/webhooks/twilio'],
    [{ ...address, publicUrl: 'https://acme.com/api/v1//' }, 'https://acme.com/api/v1/otp/webhooks/twilio'],
    [{ ...address, routesPath: 'auth/sms' }, 'https://api.acme.com/auth/sms/webhooks/twilio'],
    [{ ...address, routesPath: '' }, 'https://api.acme.com/webhooks/twilio'],
  ])('%j: %s', (where, url) => {
    expect(receiptUrl(where, { name: 'twilio', receipts })).toBe(url);
  });

  it('ends with the first token, or with the one asked for', () => {
    const transport = { name: 'esendex', receipts: { ...receipts, tokens } };
    expect(receiptUrl(address, transport)).toBe(`https://api.acme.com/otp/webhooks/esendex/${tokens[0]}`);
    expect(receiptUrl(address, transport, tokens[1])).toBe(`https://api.acme.com/otp/webhooks/esendex/${tokens[1]}`);
  });

  it('is none where nobody listens', () => {
    expect(receiptUrl(address, { name: 'twilio' })).toBeUndefined();
    expect(receiptUrl({ ...address, publicUrl: undefined }, { name: 'twilio', receipts })).toBeUndefined();
    expect(receiptUrl({ ...address, routesPath: undefined }, { name: 'twilio', receipts })).toBeUndefined();
  });
});
