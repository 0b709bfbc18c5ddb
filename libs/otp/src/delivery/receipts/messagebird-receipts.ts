import { createHash } from 'node:crypto';
import { errors, type JWTPayload, jwtVerify } from 'jose';
import type { OptionCheck } from '../https/check-options.js';
import { isMessageId } from '../read-send-result.js';
import { oneValue } from './one-value.js';
import type { Receipt, ReceiptOptions, ReceiptReader, ReceiptReading, ReceiptRequest } from './receipt-reader.js';
import { equalSecrets, RECEIPT_TOLERANCE_SECONDS } from './signature.js';

export interface MessagebirdReceiptOptions extends ReceiptOptions {
  /** The account's signing keys; all are accepted, so that they can be rotated. */
  readonly signingKeys: readonly string[];
}

const STATES: ReadonlyMap<string | undefined, Receipt['state']> = new Map<string | undefined, Receipt['state']>([
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['expired', 'failed'],
  ['delivery_failed', 'failed'],
]);

/** Status reports: one message in the query of a GET, signed by a JWT (HS256) that names the hash of the whole address. */
export function messagebirdReceipts(options: MessagebirdReceiptOptions, check: OptionCheck): ReceiptReader {
  check.object('receipts', options);
  const { signingKeys, tokens, allowedIps } = options;
  check.secrets('receipts.signingKeys', signingKeys);
  check.receipts(options, { required: false });
  return {
    methods: ['GET'],
    contentTypes: [],
    answer: { status: 200 },
    tokens,
    allowedIps,
    read: async (request) => {
      const refusal = await refusalOf(request, signingKeys);
      return refusal ?? reading(new URL(request.url).searchParams);
    },
  };
}

type Refusal = { readonly outcome: 'forged' | 'stale' };

async function refusalOf(request: ReceiptRequest, keys: readonly string[]): Promise<Refusal | undefined> {
  const token = request.headers['messagebird-signature-jwt'];
  if (token === undefined || !isCanonical(token)) {
    return { outcome: 'forged' };
  }
  const outcomes = await Promise.all(keys.map((key) => verify(token, key, request)));
  if (outcomes.includes('genuine')) {
    return undefined;
  }
  return { outcome: outcomes.includes('stale') ? 'stale' : 'forged' };
}

/** The last character of a signature has bits that decoding drops: only one of its spellings is accepted. */
function isCanonical(token: string): boolean {
  const signature = token.split('.')[2] ?? '';
  return Buffer.from(signature, 'base64url').toString('base64url') === signature;
}

async function verify(token: string, key: string, request: ReceiptRequest): Promise<'genuine' | 'stale' | 'forged'> {
  try {
    const { payload } = await jwtVerify(token, Buffer.from(key, 'utf8'), {
      algorithms: ['HS256'],
      issuer: 'MessageBird',
      requiredClaims: ['nbf', 'exp', 'jti', 'url_hash'],
      currentDate: new Date(request.now),
      clockTolerance: RECEIPT_TOLERANCE_SECONDS,
    });
    return covers(payload, request) ? 'genuine' : 'forged';
  } catch (error) {
    return isUntimely(error) ? 'stale' : 'forged';
  }
}

/** Times are read after the signature was found right. */
function isUntimely(error: unknown): boolean {
  const isEarly =
    error instanceof errors.JWTClaimValidationFailed && error.claim === 'nbf' && error.reason === 'check_failed';
  return isEarly || error instanceof errors.JWTExpired;
}

function covers(payload: JWTPayload, { url, body }: ReceiptRequest): boolean {
  const isHashOf = (claim: unknown, signed: string | Buffer) =>
    typeof claim === 'string' && equalSecrets(createHash('sha256').update(signed).digest('hex'), claim);
  const hasBody = body.length > 0 || payload['payload_hash'] !== undefined;
  return isHashOf(payload['url_hash'], url) && (!hasBody || isHashOf(payload['payload_hash'], body));
}

function reading(params: URLSearchParams): ReceiptReading {
  const messageId = oneValue(params, 'id');
  const status = oneValue(params, 'status');
  if (!isMessageId(messageId) || status === undefined) {
    return { outcome: 'malformed' };
  }
  const state = STATES.get(status);
  return { outcome: 'read', receipts: state === undefined ? [] : [{ messageId, state, ...detailOf(params) }] };
}

function detailOf(params: URLSearchParams): { readonly detail?: string } {
  const code = oneValue(params, 'statusErrorCode') ?? '';
  return /^\d{1,5}$/.test(code) ? { detail: `MessageBird ${code}` } : {};
}
