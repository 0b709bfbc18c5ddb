import { describe, expect, it } from 'vitest';
import type { ReceiptReader } from '../../delivery/receipts/receipt-reader.js';
import type { SmsTransport } from '../../delivery/sms-transport.js';
import { checkReceipts, receiptWarnings } from './check-receipts.js';

const TOKEN = 'kP0n7rYw2uQz5tXv8bNc1mLd4fGh6jSa';

const transport = (receipts?: Partial<ReceiptReader>): SmsTransport => ({
  name: 'acme',
  channels: ['sms'],
  send: async () => ({ outcome: 'accepted', messageId: '1' }),
  ...(receipts && {
    receipts: {
      methods: ['POST'],
      contentTypes: ['text/plain'],
      answer: { status: 204 },
      read: () => ({ outcome: 'forged' }),
      ...receipts,
    },
  }),
});

describe('readers of receipts, at boot', () => {
  it('finds nothing wrong with those that are right', () => {
    const right = { tokens: [TOKEN, TOKEN.repeat(3)], allowedIps: ['192.0.2.0/24'], maxBodyBytes: 262_144 };
    expect(checkReceipts([transport(), transport({}), transport(right)])).toEqual([]);
  });

  it.each([
    [{ tokens: [TOKEN.slice(1)] }, 'openssl rand'],
    [{ tokens: [`${TOKEN.slice(1)}/`] }, 'openssl rand'],
    [{ tokens: [TOKEN, 'x'.repeat(101)] }, 'openssl rand'],
    [{ allowedIps: ['0.0.0.0/0'] }, 'everybody'],
    [{ allowedIps: ['provider.example'] }, 'CIDR'],
    [{ allowedIps: [] }, 'lists nobody'],
    [{ maxBodyBytes: 262_145 }, 'from 1 to 262144'],
    [{ maxBodyBytes: 0 }, 'from 1 to 262144'],
    [{ maxBodyBytes: Number.NaN }, 'from 1 to 262144'],
    [{ methods: [] }, 'lists none'],
  ])('refuses %j', (receipts, problem) => {
    const problems = checkReceipts([transport(receipts)]);
    expect(problems).toEqual([expect.stringContaining(problem)]);
    expect(problems[0]).toContain("'acme'");
  });

  it('A6 repeats no token', () => {
    expect(JSON.stringify(checkReceipts([transport({ tokens: [`${TOKEN} `] })]))).not.toContain(TOKEN);
  });

  it('warns of those that nobody will report to', () => {
    const address = { publicUrl: 'https://api.acme.com', routesPath: 'otp' };
    expect(receiptWarnings([transport(), transport({})], { ...address, publicUrl: undefined })).toEqual([
      expect.stringContaining('acme'),
    ]);
    expect(receiptWarnings([transport({})], { ...address, routesPath: undefined })).toEqual([
      expect.stringContaining('routes are switched off'),
    ]);
    expect(receiptWarnings([transport({})], address)).toEqual([]);
    expect(receiptWarnings([transport()], { ...address, publicUrl: undefined })).toEqual([]);
  });
});
