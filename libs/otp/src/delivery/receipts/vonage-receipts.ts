import { createHash } from 'node:crypto';
import type { OptionCheck } from '../https/check-options.js';
import { isMessageId } from '../read-send-result.js';
import { mediaTypeOf } from './media-type.js';
import { readJson } from './read-json.js';
import type { Receipt, ReceiptOptions, ReceiptReader, ReceiptReading, ReceiptRequest } from './receipt-reader.js';
import { hmacOf, isFresh, isSignedByOne } from './signature.js';

const METHODS = ['md5hash', 'md5', 'sha1', 'sha256', 'sha512'] as const;
/** `md5hash` is a plain digest; the others are HMACs. */
export type VonageSignatureMethod = (typeof METHODS)[number];

export interface VonageReceiptOptions extends ReceiptOptions {
  /**
   * Signature secrets of the account; all are accepted, so that they can be rotated. Vonage signs only for accounts where its
   * support has switched that on. @default none, and then `tokens` are required
   */
  readonly signatureSecrets?: readonly string[] | undefined;
  /** As it is set for the account. @default 'sha256' */
  readonly signatureMethod?: VonageSignatureMethod | undefined;
}

const STATES: ReadonlyMap<unknown, Receipt['state']> = new Map<unknown, Receipt['state']>([
  ['accepted', 'sent'],
  ['delivered', 'delivered'],
  ['expired', 'failed'],
  ['failed', 'failed'],
  ['rejected', 'failed'],
]);

/** Delivery receipts of the SMS API, as GET, form or JSON. */
export function vonageReceipts(options: VonageReceiptOptions, check: OptionCheck): ReceiptReader {
  check.object('receipts', options);
  const { signatureSecrets, signatureMethod = 'sha256', tokens, allowedIps } = options;
  if (signatureSecrets !== undefined) {
    check.secrets('receipts.signatureSecrets', signatureSecrets);
  }
  const isMethod = METHODS.some((method) => method === signatureMethod);
  check.demand('receipts.signatureMethod', isMethod, `must be one of ${METHODS.join(', ')}`);
  check.receipts(options, { required: signatureSecrets === undefined });
  return {
    methods: ['GET', 'POST'],
    contentTypes: ['application/x-www-form-urlencoded', 'application/json'],
    answer: { status: 204 },
    tokens,
    allowedIps,
    read: (request) => {
      const params = paramsOf(request);
      if (params === undefined) {
        return { outcome: 'malformed' };
      }
      const refusal = signatureSecrets && refusalOf(params, { signatureSecrets, signatureMethod, now: request.now });
      return refusal ?? readingOf(params);
    },
  };
}

type Params = ReadonlyMap<string, string>;

/** Names are signed without a mark where they end, so only plain ones are read; and of each one value. */
function paramsOf(request: ReceiptRequest): Params | undefined {
  const entries = [...entriesOf(request)];
  const params = new Map<string, string>();
  for (const [name, value] of entries) {
    if (/^[A-Za-z0-9_-]+$/.test(name) && (typeof value === 'string' || typeof value === 'number')) {
      params.set(name, String(value));
    }
  }
  return params.size === entries.length ? params : undefined;
}

function entriesOf(request: ReceiptRequest): Iterable<readonly [string, unknown]> {
  if (request.method === 'GET') {
    return new URL(request.url).searchParams;
  }
  if (mediaTypeOf(request) !== 'application/json') {
    return new URLSearchParams(request.body.toString('utf8'));
  }
  const json = readJson(request.body);
  return typeof json === 'object' && json !== null ? Object.entries(json) : [['', undefined]];
}

interface Signing {
  readonly signatureSecrets: readonly string[];
  readonly signatureMethod: VonageSignatureMethod;
  readonly now: number;
}

function refusalOf(params: Params, { signatureSecrets, signatureMethod, now }: Signing): ReceiptReading | undefined {
  const signed = spell(params);
  const signature = (params.get('sig') ?? '').toLowerCase();
  if (!isSignedByOne(signatureSecrets, signature, (secret) => sign(signed, secret, signatureMethod))) {
    return { outcome: 'forged' };
  }
  return isFresh(Number(params.get('timestamp')), now) ? undefined : { outcome: 'stale' };
}

function sign(signed: string, secret: string, method: VonageSignatureMethod): string {
  return method === 'md5hash'
    ? createHash('md5')
        .update(signed + secret)
        .digest('hex')
    : hmacOf(secret, signed, { algorithm: method, encoding: 'hex' });
}

function spell(params: Params): string {
  return [...params.keys()]
    .filter((name) => name !== 'sig')
    .toSorted()
    .map((name) => `&${name}=${(params.get(name) ?? '').replace(/[&=]/g, '_')}`)
    .join('');
}

function readingOf(params: Params): ReceiptReading {
  const messageId = params.get('messageId');
  const state = STATES.get(params.get('status'));
  if (!isMessageId(messageId) || state === undefined) {
    return { outcome: 'read', receipts: [] };
  }
  const code = params.get('err-code') ?? '';
  const detail = /^[1-9]\d{0,2}$/.test(code) ? { detail: `Vonage err-code ${code}` } : {};
  return { outcome: 'read', receipts: [{ messageId, state, ...detail }] };
}
