import { describe, expect, it } from 'vitest';
import { checkReading } from './check-reading.js';

describe('what a reader answers', () => {
  it.each(['forged', 'stale', 'unavailable', 'malformed'])('%s is what it is', (outcome) => {
    expect(checkReading({ outcome, receipts: [{ messageId: '1', state: 'sent' }] })).toEqual({ outcome });
  });

  it.each([undefined, null, 'read', 1, {}, { outcome: 'ok' }, { outcome: 'read' }, { outcome: 'read', receipts: {} }])(
    'M1 %j is malformed',
    (value) => {
      expect(checkReading(value)).toEqual({ outcome: 'malformed' });
    },
  );

  it('M1 leaves out what can be no receipt, and keeps the others', () => {
    const good = { messageId: 'SM.1', state: 'delivered' };
    const bad = [null, 1, {}, { ...good, messageId: '' }, { ...good, messageId: 'a b' }, { ...good, messageId: 7 }];
    const states = ['queued', 'SENT', undefined, { toString: () => 'sent' }].map((state) => ({ ...good, state }));
    const receipts = [...bad, good, ...states, { ...good, messageId: 'x'.repeat(256) }];
    expect(checkReading({ outcome: 'read', receipts })).toEqual({ outcome: 'read', receipts: [good] });
  });

  it('A6 K1 keeps of a detail what may be logged', () => {
    const receipt = { messageId: '1', state: 'failed', detail: 'no route to +31612345678\nfake line' };
    expect(checkReading({ outcome: 'read', receipts: [receipt, { ...receipt, detail: 5 }] })).toEqual({
      outcome: 'read',
      receipts: [
        { messageId: '1', state: 'failed', detail: 'no route to +… fake line' },
        { messageId: '1', state: 'failed' },
      ],
    });
  });
});
