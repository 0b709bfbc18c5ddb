import { isMessageId } from '../read-send-result.js';
import { safeDetail } from '../safe-detail.js';
import type { Receipt, ReceiptReading } from './receipt-reader.js';

const STATES: readonly Receipt['state'][] = ['sent', 'delivered', 'failed'];

/**
 * Checks what a reader answered, once: it may be JavaScript, and what is no reading is `malformed`. Receipts that can be of
 * no message are left out; details are such as may be logged.
 */
export function checkReading(value: unknown): ReceiptReading {
  if (typeof value === 'object' && value !== null && 'outcome' in value) {
    const { outcome } = value;
    if (outcome === 'read' && 'receipts' in value && Array.isArray(value.receipts)) {
      return { outcome, receipts: value.receipts.flatMap(checkReceipt) };
    }
    if (outcome === 'forged' || outcome === 'stale' || outcome === 'unavailable') {
      return { outcome };
    }
  }
  return { outcome: 'malformed' };
}

function checkReceipt(value: unknown): Receipt[] {
  if (typeof value !== 'object' || value === null || !('messageId' in value) || !('state' in value)) {
    return [];
  }
  const { messageId } = value;
  const state = STATES.find((known) => known === value.state);
  if (state === undefined || !isMessageId(messageId)) {
    return [];
  }
  const detail = 'detail' in value && typeof value.detail === 'string' ? { detail: safeDetail(value.detail) } : {};
  return [{ messageId, state, ...detail }];
}
