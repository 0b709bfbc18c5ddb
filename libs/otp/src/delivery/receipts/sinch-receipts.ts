import type { OptionCheck } from '../https/check-options.js';
import { jsonAt } from '../https/json-at.js';
import { isMessageId } from '../read-send-result.js';
import { readJson } from './read-json.js';
import type { Receipt, ReceiptOptions, ReceiptReader, ReceiptReading, ReceiptRequest } from './receipt-reader.js';
import { hmacOf, isFresh, isSignedByOne } from './signature.js';

export interface SinchReceiptOptions extends ReceiptOptions {
  /**
   * The secrets of the callbacks' HMAC signature, which Sinch switches on for an account; all are accepted, so that they can
   * be rotated. Where they are given, a callback without signature is refused. @default none, and `tokens` are required
   */
  readonly secrets?: readonly string[] | undefined;
}

const STATES: ReadonlyMap<string, Receipt['state']> = new Map<string, Receipt['state']>([
  ['dispatched', 'sent'],
  ['delivered', 'delivered'],
  ['aborted', 'failed'],
  ['cancelled', 'failed'],
  ['rejected', 'failed'],
  ['deleted', 'failed'],
  ['failed', 'failed'],
  ['expired', 'failed'],
]);

/** Delivery reports of one recipient: JSON, signed over body, nonce and time where the account has that. */
export function sinchReceipts(options: SinchReceiptOptions, check: OptionCheck): ReceiptReader {
  check.object('receipts', options);
  const { secrets, tokens, allowedIps } = options;
  if (secrets !== undefined) {
    check.secrets('receipts.secrets', secrets);
  }
  check.receipts(options, { required: secrets === undefined });
  return {
    methods: ['POST'],
    contentTypes: ['application/json'],
    answer: { status: 200 },
    tokens,
    allowedIps,
    read: (request) => (secrets && refusalOf(request, secrets)) ?? reading(readJson(request.body)),
  };
}

function refusalOf(
  { headers, body, now }: ReceiptRequest,
  secrets: readonly string[],
): { readonly outcome: 'forged' | 'stale' } | undefined {
  const signature = headers['x-sinch-webhook-signature'] ?? '';
  const nonce = headers['x-sinch-webhook-signature-nonce'] ?? '';
  const timestamp = headers['x-sinch-webhook-signature-timestamp'] ?? '';
  const algorithm = headers['x-sinch-webhook-signature-algorithm'] ?? 'HmacSHA256';
  // Without dots neither can borrow from its neighbour in what is signed.
  const isComplete = /^[\w-]{1,128}$/.test(nonce) && /^\d{1,12}$/.test(timestamp) && algorithm === 'HmacSHA256';
  const signed = Buffer.concat([body, Buffer.from(`.${nonce}.${timestamp}`, 'utf8')]);
  const sign = (secret: string) => hmacOf(secret, signed, { algorithm: 'sha256', encoding: 'base64' });
  if (!isComplete || !isSignedByOne(secrets, signature, sign)) {
    return { outcome: 'forged' };
  }
  return isFresh(Number(timestamp), now) ? undefined : { outcome: 'stale' };
}

function reading(report: unknown): ReceiptReading {
  const type = jsonAt(report, 'type');
  if (typeof type !== 'string') {
    return { outcome: 'malformed' };
  }
  if (type !== 'recipient_delivery_report_sms') {
    return { outcome: 'read', receipts: [] };
  }
  const messageId = jsonAt(report, 'batch_id');
  const status = jsonAt(report, 'status');
  if (!isMessageId(messageId) || typeof status !== 'string') {
    return { outcome: 'malformed' };
  }
  const state = STATES.get(status.toLowerCase());
  return { outcome: 'read', receipts: state === undefined ? [] : [{ messageId, state, ...detailOf(report) }] };
}

function detailOf(report: unknown): { readonly detail?: string } {
  const code = jsonAt(report, 'code');
  return typeof code === 'number' && Number.isInteger(code) && code > 0 && code < 100_000
    ? { detail: `Sinch ${code}` }
    : {};
}
