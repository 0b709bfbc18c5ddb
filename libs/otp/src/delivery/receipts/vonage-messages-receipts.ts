import { createHash } from 'node:crypto';
import { compactVerify } from 'jose';
import type { OptionCheck } from '../https/check-options.js';
import { jsonAt } from '../https/json-at.js';
import { vonageCodeOf } from '../transports/vonage-code.js';
import { isMessageId } from '../read-send-result.js';
import { readJson } from './read-json.js';
import type { Receipt, ReceiptOptions, ReceiptReader, ReceiptReading, ReceiptRequest } from './receipt-reader.js';
import { equalSecrets, isFresh, RECEIPT_TOLERANCE_SECONDS } from './signature.js';

export interface VonageMessagesReceiptOptions extends ReceiptOptions {
  /** Signature secrets of the account; all are accepted, so that they can be rotated. */
  readonly signatureSecrets: readonly string[];
}

const STATES: ReadonlyMap<unknown, Receipt['state']> = new Map<unknown, Receipt['state']>([
  ['submitted', 'sent'],
  ['delivered', 'delivered'],
  ['read', 'delivered'],
  ['rejected', 'failed'],
  ['undeliverable', 'failed'],
]);

/** Status webhooks of the Messages API: JSON, under a JWT (HS256) that names the hash of the body. */
export function vonageMessagesReceipts(options: VonageMessagesReceiptOptions, check: OptionCheck): ReceiptReader {
  check.object('receipts', options);
  const { signatureSecrets, tokens, allowedIps } = options;
  check.secrets('receipts.signatureSecrets', signatureSecrets);
  check.receipts(options, { required: false });
  return {
    methods: ['POST'],
    contentTypes: ['application/json'],
    answer: { status: 204 },
    tokens,
    allowedIps,
    read: async (request) => (await refusalOf(request, signatureSecrets)) ?? readingOf(readJson(request.body)),
  };
}

async function refusalOf(
  request: ReceiptRequest,
  secrets: readonly string[],
): Promise<{ readonly outcome: 'forged' | 'stale' } | undefined> {
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(request.headers['authorization'] ?? '')?.[1];
  if (token === undefined || !isCanonical(token)) {
    return { outcome: 'forged' };
  }
  const found = await Promise.all(secrets.map((secret) => claimsOf(token, secret)));
  const claims = found.find((one) => one !== undefined);
  const bodyHash = createHash('sha256').update(request.body).digest('hex');
  if (!equalSecrets(String(jsonAt(claims, 'payload_hash')).toLowerCase(), bodyHash)) {
    return { outcome: 'forged' };
  }
  return isTimely(claims, request.now) ? undefined : { outcome: 'stale' };
}

/** The last character of a signature has bits that decoding drops: only one of its spellings is accepted. */
function isCanonical(token: string): boolean {
  const signature = token.split('.')[2] ?? '';
  return Buffer.from(signature, 'base64url').toString('base64url') === signature;
}

/** What a token says that the secret signed. Its times are judged afterwards: a late token is no forged one. */
async function claimsOf(token: string, secret: string): Promise<unknown> {
  try {
    const { payload } = await compactVerify(token, Buffer.from(secret, 'utf8'), { algorithms: ['HS256'] });
    return readJson(Buffer.from(payload));
  } catch {
    return undefined;
  }
}

function isTimely(claims: unknown, now: number): boolean {
  const [iat, exp] = [jsonAt(claims, 'iat'), jsonAt(claims, 'exp')];
  const isExpired = typeof exp === 'number' && now / 1000 > exp + RECEIPT_TOLERANCE_SECONDS;
  return typeof iat === 'number' && isFresh(iat, now) && !isExpired;
}

function readingOf(body: unknown): ReceiptReading {
  if (typeof body !== 'object' || body === null) {
    return { outcome: 'malformed' };
  }
  const messageId = jsonAt(body, 'message_uuid');
  const state = STATES.get(jsonAt(body, 'status'));
  if (!isMessageId(messageId) || state === undefined) {
    return { outcome: 'read', receipts: [] };
  }
  const code = vonageCodeOf(jsonAt(body, 'error'));
  const detail = code === undefined ? {} : { detail: `Vonage ${code}` };
  return { outcome: 'read', receipts: [{ messageId, state, ...detail }] };
}
