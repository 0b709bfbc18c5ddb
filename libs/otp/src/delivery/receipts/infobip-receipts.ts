import type { OptionCheck } from '../https/check-options.js';
import { jsonAt } from '../https/json-at.js';
import { isMessageId } from '../read-send-result.js';
import { readJson } from './read-json.js';
import { MAX_RECEIPT_BYTES, type Receipt, type ReceiptOptions, type ReceiptReader } from './receipt-reader.js';

export interface InfobipReceiptOptions extends ReceiptOptions {
  /** Required, for Infobip signs nothing. */
  readonly tokens: readonly string[];
}

/** Delivery reports: a JSON batch without a signature, so the token in the path is what makes it Infobip's. */
export function infobipReceipts(options: InfobipReceiptOptions, check: OptionCheck): ReceiptReader {
  check.object('receipts', options);
  const { tokens, allowedIps } = options;
  check.receipts(options, { required: true });
  return {
    methods: ['POST'],
    contentTypes: ['application/json'],
    maxBodyBytes: MAX_RECEIPT_BYTES,
    answer: { status: 200 },
    tokens,
    allowedIps,
    read: ({ body }) => {
      const results = jsonAt(readJson(body), 'results');
      return Array.isArray(results)
        ? { outcome: 'read', receipts: results.flatMap((result) => receiptOf(result)) }
        : { outcome: 'malformed' };
    },
  };
}

/** One that cannot be read does not spoil the others of its batch. */
function receiptOf(result: unknown): readonly Receipt[] {
  const messageId = jsonAt(result, 'messageId');
  const state = stateOf(jsonAt(result, 'status', 'groupName'), jsonAt(result, 'status', 'name'));
  return isMessageId(messageId) && state !== undefined ? [{ messageId, state, ...detailOf(result) }] : [];
}

function stateOf(group: unknown, name: unknown): Receipt['state'] | undefined {
  switch (group) {
    case 'DELIVERED':
      // In this group by its name, and yet not the last word on it.
      return name === 'DELIVERED_TO_OPERATOR' ? 'sent' : 'delivered';
    case 'EXPIRED':
      // The operator took it and was not heard of again: it may well have arrived.
      return name === 'EXPIRED_DLR_UNKNOWN' ? undefined : 'failed';
    case 'UNDELIVERABLE':
    case 'REJECTED':
      return 'failed';
    default:
      return undefined;
  }
}

function detailOf(result: unknown): { readonly detail?: string } {
  const name = jsonAt(result, 'error', 'name');
  if (typeof name !== 'string' || !/^[A-Z][A-Z0-9_]{0,63}$/.test(name) || name === 'NO_ERROR') {
    return {};
  }
  return { detail: `Infobip ${name}${jsonAt(result, 'error', 'permanent') === true ? ', permanent' : ''}` };
}
