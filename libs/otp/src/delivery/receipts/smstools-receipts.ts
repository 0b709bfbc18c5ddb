import type { OptionCheck } from '../https/check-options.js';
import { jsonAt } from '../https/json-at.js';
import { isMessageId } from '../read-send-result.js';
import { readJson } from './read-json.js';
import type { Receipt, ReceiptOptions, ReceiptReader, ReceiptReading, ReceiptRequest } from './receipt-reader.js';
import { hmacOf, isFresh, isSignedByOne } from './signature.js';

export interface SmstoolsReceiptOptions extends ReceiptOptions {
  /** The webhook's secrets; all are accepted, for the time of a rotation. */
  readonly secrets: readonly string[];
}

const SIGNATURE = /^t=(?<time>\d{1,12}),v1=(?<signature>[0-9a-f]{64})$/;

/** States by `delivery_code`; 3 (buffered) and 9 (unknown) tell nothing yet. */
const STATES: ReadonlyMap<string, Receipt['state']> = new Map<string, Receipt['state']>([
  ['0', 'sent'],
  ['1', 'delivered'],
  ['2', 'failed'],
  ['4', 'failed'],
  ['5', 'failed'],
]);

export function smstoolsReceipts(options: SmstoolsReceiptOptions, check: OptionCheck): ReceiptReader {
  check.object('receipts', options);
  const { secrets, tokens, allowedIps } = options;
  check.secrets('receipts.secrets', secrets);
  check.receipts(options, { required: false });
  return {
    methods: ['POST'],
    contentTypes: ['application/json'],
    answer: { status: 200 },
    tokens,
    allowedIps,
    read: (request) => read(secrets, request),
  };
}

function read(secrets: readonly string[], { headers, body, now }: ReceiptRequest): ReceiptReading {
  const { time, signature } = SIGNATURE.exec(headers['x-smstools-signature'] ?? '')?.groups ?? {};
  if (time === undefined || signature === undefined) {
    return { outcome: 'forged' };
  }
  const signed = Buffer.concat([Buffer.from(`${time}.`), body]);
  const isSigned = isSignedByOne(secrets, signature, (secret) =>
    hmacOf(secret, signed, { algorithm: 'sha256', encoding: 'hex' }),
  );
  if (!isSigned) {
    return { outcome: 'forged' };
  }
  return isFresh(Number(time), now) ? receiptsOf(body) : { outcome: 'stale' };
}

function receiptsOf(body: Buffer): ReceiptReading {
  const event = readJson(body);
  const type = jsonAt(event, 'webhook_type');
  if (typeof type !== 'string') {
    return { outcome: 'malformed' };
  }
  const code = codeAt(event, 'delivery_code');
  const state = STATES.get(code);
  const messageId = jsonAt(event, 'message', 'messageid');
  if (type !== 'delivery_report' || state === undefined || !isMessageId(messageId)) {
    return { outcome: 'read', receipts: [] };
  }
  const why = codeAt(event, 'delivery_code_detail');
  const detail = `Smstools ${code}${why === '' ? '' : ` (${why})`}`;
  return { outcome: 'read', receipts: [{ messageId, state, detail }] };
}

/** Codes come as texts or numbers. */
function codeAt(event: unknown, member: string): string {
  const value = jsonAt(event, 'message', member);
  const code = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  return /^\d{1,4}$/.test(code) ? code : '';
}
